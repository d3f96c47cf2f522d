import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import {
  DescribeDBClusterSnapshotsCommand,
  DescribeDBInstancesCommand,
  ModifyDBClusterCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  AddTagsToResourceCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { parseArtefact } from '../../lib/artefacts/artefact';
import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import { swapSchema } from '../../lib/artefacts/swap';
import { valueOf } from '../../lib/errors';
import { createConnection, type Connection } from 'mysql2/promise';
import { formatInstant, microsFromMillis } from '../../lib/time';
import { startSandboxProcess, type SandboxProcess } from '../../scripts/drill/sandbox-process';
import { verification, verifiedCluster } from '../lib/cutover/facts';
import { incident } from '../lib/plan/facts';
import { DrillProject, terraformEnvironment, type Ended } from './drill-project';
import { clusterNamed, restoreAsPlanned } from './restore-as-planned';
import { takeSwapSteps } from './swap-in-process';

jest.setTimeout(20 * 60_000);

const project = new DrillProject();
const terraform = terraformEnvironment(project.folder);
const describeWithTerraform = terraform === undefined ? describe.skip : describe;
const stop = new AbortController();

const HOST = '/trading/db/host';
const URL = '/batch/db/url';
const READER = '/trading/db/reader-host';
const SECRET = 'trading/db';
const RECORD = 'db.trading.internal';
const TARGETS = [
  ...['--ssm-parameter', HOST, '/trading/db/secure-host', URL, READER],
  ...['--secret', `${SECRET}#host`],
  ...['--appconfig', 'trading/production/settings#/database/host'],
];
const APPLICATION = ['--user', 'trading_app', '--clock', 'trading.orders.placed_at', '--timeout', '2m'];
/** Lets nobody in. */
const ISOLATED = 'sg-0000000000000c105';
/** Where the guard has synthesized it. */
const STACK = `../../drills/${project.drill}/cdktf.out/stacks/repoint`;
/** Readers have no address of their own in the sandbox, so that no program can tell where they are. */
const readerOf = (host: string): string => `ro.${host.replaceAll('.', '-')}.example.com`;
const jdbc = (host: string): string => `jdbc:mysql://batch:s3cret@${host}:3306/trading?useSSL=true`;

let sandbox: SandboxProcess;
let rds: RDSClient;
let ssm: SSMClient;
let secrets: SecretsManagerClient;
let dns: Route53Client;
let configurations: AppConfigDataClient;
let source: string;
let restored: string;
/** The secret as it was before anything: everything but the host stays so. */
let secretBefore: string;
/** Its change takes the provider a while: it is among the targets of the second move alone. */
let withRecord = false;

beforeAll(async () => {
  sandbox = await startSandboxProcess(
    { ...process.env, ...terraform },
    path.join(project.folder, 'sandbox.log'),
    stop.signal,
    () => undefined,
  );
  project.env = { ...sandbox.env, ...terraform };
  const client = {
    endpoint: sandbox.endpointUrl,
    region: sandbox.env['AWS_REGION'] ?? '',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  rds = new RDSClient(client);
  ssm = new SSMClient(client);
  secrets = new SecretsManagerClient(client);
  dns = new Route53Client(client);
  configurations = new AppConfigDataClient(client);
  // the restore point is a whole second before now, and must lie after the source's first backup
  await sleep(4000);
  project.write('incident', incident(`${new Date(Date.now() - 1000).toISOString().slice(0, 19)}Z`));
  await ok('plan-restore', '--earnest', '--instances', '1');
  await restore();
  await markTargets();
});
afterAll(async () => {
  for (const client of [rds, ssm, secrets, dns, configurations]) client.destroy();
  await sandbox.stop();
  project.remove();
});

// each test goes on where the one before it ended, as a cut-over does
describeWithTerraform('the cut-over by config, with the real provider, and the application at work', () => {
  test('plans every target, and shows and keeps the host alone', async () => {
    const planned = await ok('plan-repoint', ...TARGETS);
    for (const name of [`SSM parameter ${URL}`, `secret ${SECRET}, host`]) {
      expect(planned.stdout).toContain(`${name} (the host alone; the rest of it stays as it is)`);
    }
    expect(planned.stdout).toContain(`from  ${source}`);
    expect(planned.stdout).toContain(`from  ${readerOf(source)}\n    to    ${readerOf(restored)}`);
    expect(project.read('repointPlan').targets.map(({ kind }) => kind)).toEqual([
      'ssm-parameter',
      'ssm-parameter-text',
      'ssm-parameter-text',
      'ssm-parameter',
      'secret',
      'appconfig',
    ]);
    await expectHosts(source);
  });

  test('fences the old cluster from the users named: it shows that first, and can be repeated', async () => {
    const asked = ['--by', 'revoke', '--user', 'trading_app'];
    expect((await ok('fence', ...asked)).stdout).toContain(`locked 'trading_app'@'%'`);
    await applicationWrites(source);

    await ok('fence', ...asked, '--execute');
    await ok('fence', '--execute');
    expect(project.read('fence')).toMatchObject({
      state: 'set',
      clusters: [{ by: 'revoke', accounts: [{ user: 'trading_app', host: '%' }] }],
    });
    expect((await application()).lastError).toMatch(/locked|closed|denied/i);
  });

  test('brings an application over that reads a SecureString', async () => {
    await configureApplication('ssm-secure-string');
    await guardAndApply();
    await expectHosts(restored);
    await expectArrival('restored', 'old');
    await expectNoChange();
  });

  test('leaves everything else of a target as it is', async () => {
    const { Parameters: parameters = [] } = await ssm.send(new DescribeParametersCommand({}));
    const ours = parameters.filter(({ Name }) => Name === HOST || Name === URL);
    expect(
      ours.map(({ Description, Type, KeyId, Version }) => ({ Description, Type, KeyId, Version })),
    ).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Type: 'String', Version: 2 }),
        { Description: 'of the batch', Type: 'SecureString', KeyId: 'alias/batch', Version: 2 },
      ]),
    );
    const { TagList: tags } = await ssm.send(
      new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: HOST }),
    );
    expect(tags).toEqual([{ Key: 'owner', Value: 'trading' }]);
    expect(await secretText('AWSPREVIOUS')).toBe(secretBefore);
  });

  test('is not taken back over what someone else has written since', async () => {
    const written = await secretText();
    await putSecret(written.replace(restored, 'x.example.com'));
    expect(await project.script('undo', '--execute')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(
        `refused: secret ${SECRET}, host: it holds none of the hosts expected`,
      ) as string,
    });
    await putSecret(written);
  });

  test('stops before anything is written where its journal is damaged, and goes back by the saved hosts without it', async () => {
    const journal = project.path('repoint-journal.json');
    const whole = readFileSync(journal, 'utf8');
    const plan = readFileSync(project.path('repoint-plan.json'), 'utf8');
    writeFileSync(journal, whole.slice(0, 100));
    expect(await project.script('undo', '--execute')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(
        /repoint-journal.json is not JSON\n.*git checkout.*move the file away/,
      ) as string,
    });
    expect(readFileSync(project.path('repoint-plan.json'), 'utf8')).toBe(plan);
    await expectHosts(restored);
    // the next test goes back without it
    rmSync(journal);
  });

  test('goes the way back with an application that reads AppConfig: the fence is lifted first, and what stays behind is told', async () => {
    await configureApplication('appconfig');
    await applicationWrites(restored);
    const shown = await ok('undo');
    expect(shown.stdout).toMatch(
      /WARNING: what was written on trading-d .* stays behind:[^]*trading[.]orders: \d+ rows/,
    );
    expect(shown.stdout).toContain("undone: DB cluster trading: locked 'trading_app'@'%'");
    await expectHosts(restored);

    await ok('undo', '--execute');
    await expectHosts(source);
    await expectArrival('old', 'restored');
    expect(project.read('fence').state).toBe('lifted');
    await expectNoChange();
  });

  test.each([
    ['appconfig', 'ssm-secure-string'],
    ['ssm-parameter', 'secret'],
  ])('moves an application that reads its host by %s over, and one by %s back', thereAndBack);

  test('refuses what was planned before someone wrote, and goes on from there with what was planned after, behind a security group', async () => {
    await configureApplication('secret');
    const added = await ok('plan-repoint', '--dns-record', `trading.internal/${RECORD}`);
    expect(added.stdout).toContain(`DNS record ${RECORD} (TTL 5 s)`);
    withRecord = true;
    await ok('guard-plan', '--stack', 'repoint');
    await expectNoSecretInPlan();
    secretBefore = secretBefore.replace('{', '{ "rotated": true,');
    await putSecret(secretBefore);
    expect(await project.script('apply', '--stack', 'repoint')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`secret ${SECRET} was changed since it was planned`) as string,
    });
    expect(await secretText()).toBe(secretBefore);
    expect(await project.script('arrival', ...APPLICATION)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('was begun and not finished') as string,
    });

    await applicationWrites(source);
    await ok('fence', '--by', 'security-group', '--isolated-group', ISOLATED, '--execute');
    expect(await groupsOf('trading')).toEqual([ISOLATED]);
    await ok('plan-repoint');
    await guardAndApply();
    await expectHosts(restored);
    expect((await ok('arrival', ...APPLICATION)).stdout).toContain(
      'sessions left on the old cluster: fenced: nobody gets in',
    );
    expect(await lastMove()).toMatchObject({ from: source, to: restored });
    await expectNoChange();
  });

  test('goes the way back with an application that resolves a DNS record, and gives the cluster its own groups back', async () => {
    await configureApplication('dns-record');
    await applicationWrites(restored);
    await ok('undo', '--execute');
    await expectHosts(source);
    await expectArrival('old', 'restored');
    expect(project.read('arrival').ttlSeconds).toBe(5);
    expect(await record()).toMatchObject({ TTL: 5 });
    expect(await groupsOf('trading')).toEqual(
      project.read('restorePlan').clusters[0].restored.securityGroupIds,
    );
    await expectNoChange();
  });

  test.each([['dns-record', 'ssm-parameter']])(
    'moves an application that reads its host by %s over, and one by %s back',
    thereAndBack,
  );

  test('never deletes what the application owns, whether its stack is destroyed or a target left out', async () => {
    expect(await project.terraform(STACK, 'destroy', '-auto-approve', '-input=false')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Instance cannot be destroyed') as string,
    });
    rmSync(project.path('repoint-plan.json'));
    await ok('plan-repoint', '--ssm-parameter', URL);
    expect(await project.script('guard-plan', '--stack', 'repoint')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`no longer has ${RECORD}, ${HOST}, ${READER}`) as string,
    });
    await expectHosts(source);
  });

  test('keeps no secret in state, plans, artefacts and logs', () => {
    const { password } = JSON.parse(secretBefore) as { password: string };
    expect(filesWith(project.path(), 's3cret')).toEqual([]);
    expect(filesWith(project.path(), password)).toEqual([]);
  });

  test('repoints without a passed verification for a reason alone, which it keeps', async () => {
    writeVerification('fail');
    expect(await project.script('plan-repoint')).toMatchObject({ exitCode: 3 });
    await ok(
      'plan-repoint',
      '--override-verification',
      'the failed check is wrong, see the incident channel',
    );
    expect(project.read('repointPlan')).toMatchObject({
      overriddenVerification: { reason: 'the failed check is wrong, see the incident channel' },
    });
  });

  test('brings the application over by name, and measures that as well', async () => {
    writeVerification('pass');
    await configureApplication('ssm-parameter');
    const swap = swapSchema
      .omit({ schemaVersion: true })
      .parse(JSON.parse((await ok('swap-names', '--json')).stdout));
    await takeSwapSteps(rds, swap, (body) => void project.write('swap', body));
    const { endedAt } = project.read('swap');
    await applicationCommits(endedAt ?? '');
    const { stdout } = await ok('arrival', ...APPLICATION);
    expect(stdout).toContain('The application has arrived on the restored cluster\n  swapped at');
    const { by, madeFrom, verdict, sessions, writes } = project.read('arrival');
    expect({ by, madeFrom, verdict, left: sessions.left }).toEqual({
      by: 'swap',
      madeFrom: { 'swap.json': project.sha256('swap.json') },
      verdict: 'arrived',
      left: 'none',
    });
    expect(writes.stranded).toBeGreaterThan(0);
    const longest = Math.max(...(await application()).downtimes.map(({ durationMs }) => durationMs));
    expect(writes.gapMs).toBeGreaterThan(0);
    expect(writes.gapMs).toBeLessThan(longest + 2000);

    expect((await ok('undo')).stdout).toMatch(
      /WARNING: what was written on trading since .* stays behind:[^]*trading[.]orders: \d+ rows/,
    );
    await ok('write-report');
    expect(readFileSync(project.path('report.md'), 'utf8')).toContain(
      'on the new cluster, by its name, seen',
    );
  });

  test('ends the old cluster in earnest when nothing speaks against it, and nothing else', async () => {
    const old = project.read('swap').steps.find(({ kind }) => kind === 'cluster')?.to ?? '';
    const end = ['--after', '0s', '--execute', '--yes-delete', old];
    const refusal = async (...args: string[]): Promise<string> => {
      const { exitCode, stderr } = await project.script('retire', ...args);
      expect(exitCode).toBe(3);
      return stderr;
    };
    const kept = await clusterNamed(rds, 'trading');
    expect(await refusal()).toContain('ago, expected at least 7 d');
    expect(await refusal(...end)).toContain('is protected from deletion');
    await rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: old, DeletionProtection: false }));
    const { Endpoint: host, Port: port } = await clusterNamed(rds, old);
    const straggler = await connectAsAdmin(host ?? '', port ?? 0);
    expect(await refusal(...end)).toContain(`DB cluster '${old}' has sessions: 1 of`);
    await straggler.end();
    expect(await refusal('--after', '0s', '--execute')).toContain('--yes-delete is missing');
    expect((await clusterNamed(rds, old)).DBClusterMembers).not.toEqual([]);

    await retireAndKill(old, end);
    await ok('retire', ...end);
    await expect(clusterNamed(rds, old)).rejects.toThrow('not found');
    const { DBClusterSnapshots: snapshots = [] } = await rds.send(
      new DescribeDBClusterSnapshotsCommand({ SnapshotType: 'manual' }),
    );
    expect(snapshots).toMatchObject([
      {
        DBClusterSnapshotIdentifier: expect.stringMatching(`^${old}-final-\\d{8}$`) as string,
        Status: 'available',
      },
    ]);
    const { DBInstances: instances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    expect(instances.map(({ DBClusterIdentifier: of }) => of)).toEqual(['trading']);
    const { LatestRestorableTime: _, ...left } = await clusterNamed(rds, 'trading');
    expect(left).toEqual({ ...kept, LatestRestorableTime: undefined });
    await applicationCommits(new Date().toISOString());
    await expectHosts(source);
  });
});

async function ok(script: string, ...args: string[]): Promise<Ended> {
  const ended = await project.script(script, ...args);
  if (ended.exitCode !== 0) throw new Error(`${script} ${args.join(' ')}: ${ended.stderr}\n${ended.stdout}`);
  return ended;
}

async function guardAndApply(): Promise<void> {
  await ok('guard-plan', '--stack', 'repoint');
  await ok('apply', '--stack', 'repoint');
}

/** With the application at work, and what the move cost measured each time. */
async function thereAndBack(over: string, back: string): Promise<void> {
  await configureApplication(over);
  await applicationWrites(source);
  await ok('plan-repoint');
  await guardAndApply();
  await expectHosts(restored);
  await expectArrival('restored', 'old');
  await expectNoChange();

  await configureApplication(back);
  await applicationWrites(restored);
  await ok('undo', '--execute');
  await expectHosts(source);
  await expectArrival('old', 'restored');
  await expectNoChange();
}

/** A plan is packed in its file: Terraform tells what is in it. */
async function expectNoSecretInPlan(): Promise<void> {
  const file = project.path('.terraform', 'guarded', 'repoint.tfplan');
  const { exitCode, stdout } = await project.terraform(STACK, 'show', '-json', file);
  const { password } = JSON.parse(secretBefore) as { password: string };
  expect(exitCode).toBe(0);
  expect(stdout).toContain(RECORD);
  for (const secret of ['s3cret', password]) expect(stdout.includes(secret)).toBe(false);
}

/** Exit code 0 says that nothing would change. */
async function expectNoChange(): Promise<void> {
  const plan = await project.terraform(STACK, 'plan', '-detailed-exitcode', '-input=false');
  expect(plan).toMatchObject({ exitCode: 0 });
}

/** The move as the step measures it by the data, held against what the application itself has counted. */
async function expectArrival(on: 'restored' | 'old', left: 'restored' | 'old'): Promise<void> {
  const { stdout } = await ok('arrival', ...APPLICATION);
  expect(stdout).toContain(`The application has arrived on the ${on} cluster`);
  const host = on === 'restored' ? restored : source;
  await applicationWrites(host);
  const { verdict, writes } = project.read('arrival');
  const move = await lastMove();
  expect(verdict).toBe('arrived');
  expect(move).toMatchObject({ from: left === 'restored' ? restored : source, to: host });
  // the database stamps a row before the application hears of it
  expect(Math.abs((writes.gapMs ?? NaN) - move.downtimeMs)).toBeLessThan(2000);
  // a write whose answer was cut off may be there all the same
  expect(writes.stranded).toBeGreaterThanOrEqual(move.lostWrites.count);
}

async function markTargets(): Promise<void> {
  await ssm.send(
    new AddTagsToResourceCommand({
      ResourceType: 'Parameter',
      ResourceId: HOST,
      Tags: [{ Key: 'owner', Value: 'trading' }],
    }),
  );
  await ssm.send(
    new PutParameterCommand({
      Name: URL,
      Type: 'SecureString',
      KeyId: 'alias/batch',
      Value: jdbc(source),
      Description: 'of the batch',
    }),
  );
  await ssm.send(new PutParameterCommand({ Name: READER, Type: 'String', Value: readerOf(source) }));
  secretBefore = await secretText();
}

async function expectHosts(host: string): Promise<void> {
  expect(await parameter(HOST)).toBe(host);
  expect(await parameter('/trading/db/secure-host')).toBe(host);
  expect(await parameter(URL)).toBe(jdbc(host));
  expect(await parameter(READER)).toBe(readerOf(host));
  expect(await secretText()).toBe(secretBefore.replace(source, host));
  expect((await record()).ResourceRecords).toEqual([{ Value: withRecord ? host : source }]);
  expect(await configuration()).toMatchObject({ database: { host, name: 'trading' }, maintenance: false });
}

async function parameter(name: string): Promise<string | undefined> {
  const { Parameter: found } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
  return found?.Value;
}

async function secretText(stage = 'AWSCURRENT'): Promise<string> {
  const { SecretString: text } = await secrets.send(
    new GetSecretValueCommand({ SecretId: SECRET, VersionStage: stage }),
  );
  return text ?? '';
}

async function putSecret(text: string): Promise<void> {
  await secrets.send(new PutSecretValueCommand({ SecretId: SECRET, SecretString: text }));
}

async function record(): Promise<ResourceRecordSet> {
  const { HostedZones: zones = [] } = await dns.send(new ListHostedZonesCommand({}));
  const zone = zones.find(({ Name }) => Name === 'trading.internal.');
  const { ResourceRecordSets: records = [] } = await dns.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zone?.Id }),
  );
  return records.find(({ Name }) => Name === `${RECORD}.`) ?? { Name: 'none', Type: 'CNAME' };
}

/** What a client of AppConfig gets that begins now. */
async function configuration(): Promise<unknown> {
  const { InitialConfigurationToken: ConfigurationToken } = await configurations.send(
    new StartConfigurationSessionCommand({
      ApplicationIdentifier: 'trading',
      EnvironmentIdentifier: 'production',
      ConfigurationProfileIdentifier: 'settings',
    }),
  );
  const { Configuration: bytes } = await configurations.send(
    new GetLatestConfigurationCommand({ ConfigurationToken }),
  );
  return JSON.parse(Buffer.from(bytes ?? []).toString());
}

function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text));
}

async function groupsOf(name: string): Promise<string[]> {
  return ((await clusterNamed(rds, name)).VpcSecurityGroups ?? []).flatMap(
    ({ VpcSecurityGroupId: id }) => id ?? [],
  );
}

interface Move {
  readonly from: string;
  readonly to: string;
  readonly downtimeMs: number;
  readonly lostWrites: { readonly count: number };
}

interface Application {
  readonly lastCommittedAt: string | null;
  readonly downtimes: readonly {
    readonly from: string;
    readonly to: string | null;
    readonly durationMs: number;
  }[];
  readonly databaseHost: string | null;
  readonly writes: number;
  readonly lastError: string | null;
  readonly moves: readonly { [K in keyof Move]: Move[K] | null }[];
}

async function application(): Promise<Application> {
  return (await sandbox.control('GET', 'application')) as Application;
}

async function configureApplication(configuredBy: string): Promise<void> {
  const response = await fetch(`${sandbox.endpointUrl}/_sandbox/application`, {
    method: 'POST',
    body: JSON.stringify({ configuredBy }),
  });
  expect(response.status).toBe(200);
}

async function applicationWrites(host: string): Promise<void> {
  for (;;) {
    const { databaseHost, writes } = await application();
    if (databaseHost === host && writes > 2) return;
    await sleep(100);
  }
}

async function applicationCommits(after: string): Promise<void> {
  while (((await application()).lastCommittedAt ?? '') <= after) await sleep(100);
}

function connectAsAdmin(host: string, port: number): Promise<Connection> {
  const { DRILL_DB_USER: user = '', DRILL_DB_PASSWORD: password = '' } = sandbox.env;
  return createConnection({ host, port, user, password });
}

/** Kills the step, as a power cut would, as soon as RDS has begun to end the instances. */
async function retireAndKill(cluster: string, args: string[]): Promise<void> {
  const file = path.join(__dirname, '../../scripts/retire.ts');
  const child = spawn(process.execPath, ['--import', require.resolve('tsx'), file, ...args], {
    cwd: project.folder,
    env: { ...process.env, ...project.env },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const begun = async (): Promise<boolean> => {
    const { DBInstances: instances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    return !instances.some(
      ({ DBClusterIdentifier: of, DBInstanceStatus: status }) => of === cluster && status !== 'deleting',
    );
  };
  while (child.exitCode === null && !(await begun())) await sleep(20);
  expect(child.exitCode).toBeNull();
  child.kill('SIGKILL');
  await ended;
}

/** The newest move, once the application has counted what it lost. */
async function lastMove(): Promise<Move> {
  for (;;) {
    const { from, to, downtimeMs, lostWrites } = (await application()).moves.at(-1) ?? {};
    if (from && to && downtimeMs && lostWrites) return { from, to, downtimeMs, lostWrites };
    await sleep(100);
  }
}

async function restore(): Promise<void> {
  const plan = project.read('restorePlan');
  const made = await restoreAsPlanned(rds, plan);
  const [{ source: old, ...cluster }] = plan.clusters;
  source = old.endpoint ?? '';
  restored = made.Endpoint ?? '';
  const clusters: RestorePlan['clusters'] = [
    { ...cluster, source: { ...old, readerEndpoint: readerOf(source) } },
  ];
  const text = readFileSync(project.path('restore-plan.json'), 'utf8');
  project.write('restorePlan', { ...valueOf(parseArtefact('restorePlan', text)), clusters });
  writeVerification('pass');
}

function writeVerification(verdict: 'pass' | 'fail'): void {
  const { clusterIdentifier, port } = project.read('restorePlan').clusters[0].restored;
  project.write('verification', {
    ...verification({ verdict }),
    madeAt: formatInstant(microsFromMillis(Date.now())),
    madeFrom: {
      'incident.json': project.sha256('incident.json'),
      'restore-plan.json': project.sha256('restore-plan.json'),
    },
    clusters: [
      verifiedCluster({
        verdict,
        restored: { clusterIdentifier, endpoint: restored, readerEndpoint: readerOf(restored), port },
      }),
    ],
  });
}
