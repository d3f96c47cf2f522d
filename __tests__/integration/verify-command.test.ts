import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  CreateDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  type DBCluster,
  RestoreDBClusterToPointInTimeCommand,
  waitUntilDBClusterAvailable,
  waitUntilDBInstanceAvailable,
} from '@aws-sdk/client-rds';
import { ARTEFACTS, parseArtefact, renderArtefact, sha256Of } from '../../lib/artefacts/artefact';
import type { Incident } from '../../lib/artefacts/incident';
import type { PlannedCluster, RestorePlan } from '../../lib/artefacts/restore-plan';
import type { Verification } from '../../lib/artefacts/verification';
import { valueOf } from '../../lib/errors';
import { planRestore } from '../../lib/plan/plan-restore';
import { RdsReader } from '../../lib/plan/rds';
import { epochMicros, formatWholeSecond } from '../../lib/time';
import { startSandboxProcess, type SandboxProcess } from '../../scripts/drill/sandbox-process';
import { incidentOf } from './incident-of';

jest.setTimeout(20 * 60_000);

const SECOND = 1_000_000;
const script = path.resolve('scripts/verify-restore.ts');
const tsx = pathToFileURL(require.resolve('tsx')).href;
const directory = mkdtempSync(path.join(tmpdir(), 'verify-command-'));
const stop = new AbortController();
let sandbox: SandboxProcess;
let rds: RDSClient;
let restoreTo: string;

beforeAll(async () => {
  sandbox = await startSandboxProcess(
    process.env,
    path.join(directory, 'sandbox.log'),
    stop.signal,
    () => undefined,
  );
  rds = new RDSClient({
    endpoint: sandbox.endpointUrl,
    region: sandbox.env['AWS_REGION'] ?? '',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await sleep(3000);
  const { statements } = (await sandbox.control('POST', 'incidents/delete-in-transaction')) as {
    statements: { sentAtMicros: number }[];
  };
  const commitAt = statements.at(-1)?.sentAtMicros ?? NaN;
  restoreTo = formatWholeSecond(epochMicros((Math.ceil(commitAt / SECOND) - 1) * SECOND));
  await restore('trading-case', restoreTo);
});

afterAll(async () => {
  rds.destroy();
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

test('passes a right restore, writes the artefact, and names every check in a table', async () => {
  await writeDrill('right', { restoreTo });

  const { exitCode, stdout, stderr } = await verify('right');

  expect(stderr).toContain('next: npm run plan-repoint -- --drill right');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^pass {2}damage-absent +what the incident hit is back/m);
  expect(stdout).toMatch(/^PASSED in .*: 10 passed, 0 failed, 0 not applicable$/m);
  expect(stdout).toContain('Not proven:');
  const written = readVerification('right');
  expect(written).toMatchObject({
    verdict: 'pass',
    clusters: [
      { restored: { clusterIdentifier: 'trading-case', endpoint: await endpointOf('trading-case') } },
    ],
  });
  expect(written.clusters[0].checks.map(({ verdict }) => verdict)).toEqual(Array(10).fill('pass'));
});

test('refuses a restore to a second later than planned, and keeps the evidence', async () => {
  await writeDrill('late', { restoreTo: secondsLater(restoreTo, -1) });

  const { exitCode, stdout, stderr } = await verify('late', '--json');

  expect(exitCode).toBe(3);
  expect(stderr).toContain("refused: the restored data of drill 'late' failed: restore-point");
  expect(JSON.parse(stdout)).toEqual(readVerification('late'));
  expect(readVerification('late').verdict).toBe('fail');
});

test('verifies several clusters together; what the incident did not hit needs no damage to be absent', async () => {
  await writeDrill('both', { restoreTo, beside: restoreTo });

  const { exitCode, stdout } = await verify('both');

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^PASSED in .*; all 2 clusters passed$/m);
  const [damaged, beside] = readVerification('both').clusters;
  expect(damaged.checks[0]).toMatchObject({ name: 'damage-absent', verdict: 'pass' });
  expect(beside).toMatchObject({ source: 'ledger', verdict: 'pass' });
  expect(beside?.checks[0]).toMatchObject({
    verdict: 'not-applicable',
    evidence: ['the incident hit another cluster'],
  });
});

test('one cluster that fails is enough', async () => {
  await writeDrill('one-late', { restoreTo, beside: secondsLater(restoreTo, -1) });

  const { exitCode, stderr } = await verify('one-late');

  expect(exitCode).toBe(3);
  expect(stderr).toContain("the restored data of drill 'one-late' failed: ledger: restore-point");
  const { verdict, clusters } = readVerification('one-late');
  expect([verdict, ...clusters.map((one) => one.verdict)]).toEqual(['fail', 'pass', 'fail']);
});

test('a restored cluster can be verified without its source', async () => {
  await writeDrill('alone', { restoreTo, sourceEndpoint: '127.255.255.254' });

  const withSource = await verify('alone');
  const alone = await verify('alone', '--no-source');

  expect(withSource.exitCode).toBe(3);
  expect(withSource.stderr).toMatch(
    /cannot connect to the source database .* \(ECONNREFUSED\)[^]*--no-source/,
  );
  expect(alone.exitCode).toBe(0);
  expect(readVerification('alone').clusters[0].notProven).toContain(
    'anything that only a comparison with the source shows: it was not read',
  );
});

test("a team's own checks run beside the built-in ones, and one that fails is enough", async () => {
  await writeDrill('own', { restoreTo });
  const file = path.join(directory, 'own.yaml');
  const checks = `checks:
  - { name: enough-accounts, sql: SELECT COUNT(*) FROM trading.accounts, expect: { equals: 2000 } }
  - { name: same-instruments, sql: SELECT * FROM trading.instruments, expect: same as source }
  - name: no-empty-order
    title: no order is for nothing
    sql: SELECT id FROM trading.orders WHERE {range} AND quantity <= 0
    expect: no rows
    chunks: { by: trading.orders.id, size: 500 }
`;
  writeFileSync(file, checks);

  const good = await verify('own', '--checks', file);
  expect(good.exitCode).toBe(0);
  expect(good.stdout).toMatch(/^pass {2}no-empty-order +no order is for nothing/m);
  expect(readVerification('own').ownChecks).toEqual({ file: 'own.yaml', sha256: sha256Of(checks) });

  writeFileSync(
    file,
    `${checks}
  - { name: slow, sql: SELECT SLEEP(9), expect: { equals: 0 }, timeout: 300ms }
  - { name: writes, sql: SELECT NEXTVAL(trading.nothing), expect: no rows }
  - { name: too-few, sql: SELECT COUNT(*) FROM trading.orders, expect: { at least: 1000000 } }
`,
  );
  const bad = await verify('own', '--checks', file);
  expect(bad.exitCode).toBe(3);
  expect(bad.stderr).toContain("refused: the restored data of drill 'own' failed: slow, writes, too-few");
  expect(bad.stdout).toContain('ER_STATEMENT_TIMEOUT');
});

test.each([
  {
    what: 'credentials that are missing',
    drill: {},
    env: { DRILL_DB_PASSWORD: '' },
    refused: /DRILL_DB_PASSWORD is not set/,
  },
  {
    what: 'a password that is wrong',
    drill: {},
    env: { DRILL_DB_PASSWORD: 'wrong' },
    refused: /does not let user '\w+' in \(ER_ACCESS_DENIED_ERROR\)/,
  },
  {
    what: 'a server whose certificate cannot be verified',
    drill: {},
    env: { DRILL_DB_CA: path.resolve('package.json') },
    refused: /cannot verify the certificate of the restored database .*[^]*DRILL_DB_CA/,
  },
  {
    what: 'a file of certificates that is not there',
    drill: {},
    env: { DRILL_DB_CA: '/nowhere/ca.pem' },
    refused: /cannot read '\/nowhere\/ca[.]pem'/,
  },
  {
    what: 'a cluster that does not exist',
    drill: { clusterIdentifier: 'trading-other' },
    env: {},
    refused: /there is no DB cluster 'trading-other'/,
  },
  {
    what: 'a cluster with other tags than planned',
    drill: { tags: { 'restore-drill': 'another' } },
    env: {},
    refused: /its tag 'restore-drill' is 'case', expected 'another'/,
  },
  {
    what: 'the damaged cluster itself',
    drill: { clusterIdentifier: 'trading' },
    env: {},
    refused: /it is the damaged cluster itself/,
  },
])('refuses $what, with a next step and without an artefact', async ({ drill, env, refused }) => {
  await writeDrill('refused', { restoreTo, ...drill });

  const { exitCode, stdout, stderr } = await verify('refused', { env });

  expect(stderr).toMatch(refused);
  expect(stderr).toMatch(/^ {2}next: /m);
  expect(exitCode).toBe(3);
  expect(stdout).toBe('');
  expect(() => readVerification('refused')).toThrow('ENOENT');
});

test('Ctrl-C ends a statement that runs, and leaves no artefact', async () => {
  await writeDrill('interrupted', { restoreTo });
  const file = path.join(directory, 'interrupted.yaml');
  writeFileSync(
    file,
    'checks: [{ name: slow, sql: SELECT SLEEP(40), expect: { equals: 0 }, timeout: 1m }]\n',
  );
  const child = spawn(
    process.execPath,
    ['--import', tsx, script, '--drill', 'interrupted', '--checks', file],
    { cwd: directory, env: { ...process.env, ...sandbox.env } },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'exit');
  while (!stderr.includes('slow')) await sleep(100);

  const interruptedAt = performance.now();
  child.kill('SIGINT');

  expect(await ended).toEqual([1, null]);
  expect(performance.now() - interruptedAt).toBeLessThan(10_000);
  expect(stderr).toContain('interrupted by SIGINT');
  expect(() => readVerification('interrupted')).toThrow('ENOENT');
});

test('no password is in what it writes or prints', async () => {
  await writeDrill('secret', { restoreTo });

  const { stdout, stderr } = await verify('secret');

  const written = readFileSync(path.join(directory, 'drills', 'secret', 'verification.json'), 'utf8');
  expect(stdout + stderr + written).not.toContain(sandbox.env['DRILL_DB_PASSWORD']);
});

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function verify(drill: string, ...rest: (string | { env: Record<string, string> })[]): Promise<Run> {
  const args = rest.filter((each) => typeof each === 'string');
  const [extra] = rest.filter((each) => typeof each !== 'string');
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', tsx, script, '--drill', drill, ...args],
      { cwd: directory, env: { ...process.env, ...sandbox.env, ...extra?.env } },
      (_error, stdout, stderr) => {
        resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
      },
    );
  });
}

function readVerification(drill: string): Verification {
  const text = readFileSync(path.join(directory, 'drills', drill, 'verification.json'), 'utf8');
  return valueOf(parseArtefact('verification', text));
}

async function restore(name: string, to: string): Promise<void> {
  const source = 'trading';
  while (((await clusterNamed(source)).LatestRestorableTime ?? new Date(0)) < new Date(to)) await sleep(300);
  // as the plan has it: with what the source has, and none of RDS's defaults
  const like = await clusterNamed(source);
  const { DBInstances: [instanceLike] = [] } = await rds.send(
    new DescribeDBInstancesCommand({ DBInstanceIdentifier: `${source}-1` }),
  );
  await rds.send(
    new RestoreDBClusterToPointInTimeCommand({
      DBClusterIdentifier: name,
      SourceDBClusterIdentifier: source,
      RestoreToTime: new Date(to),
      DBClusterParameterGroupName: like.DBClusterParameterGroup,
      DBSubnetGroupName: like.DBSubnetGroup,
      VpcSecurityGroupIds: like.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId: id }) => id ?? []),
      EnableCloudwatchLogsExports: like.EnabledCloudwatchLogsExports,
      CopyTagsToSnapshot: like.CopyTagsToSnapshot,
      BacktrackWindow: like.BacktrackWindow,
      Tags: [{ Key: 'restore-drill', Value: 'case' }],
    }),
  );
  const waiter = { client: rds, minDelay: 1, maxDelay: 1, maxWaitTime: 60 };
  await waitUntilDBClusterAvailable(waiter, { DBClusterIdentifier: name });
  const instance = `${name}-1`;
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: instance,
      DBClusterIdentifier: name,
      DBInstanceClass: instanceLike?.DBInstanceClass,
      DBParameterGroupName: instanceLike?.DBParameterGroups?.[0]?.DBParameterGroupName,
      PromotionTier: instanceLike?.PromotionTier,
      CopyTagsToSnapshot: instanceLike?.CopyTagsToSnapshot,
      Tags: [{ Key: 'Name', Value: instance }],
      Engine: 'aurora-mysql',
    }),
  );
  await waitUntilDBInstanceAvailable(waiter, { DBInstanceIdentifier: instance });
}

async function clusterNamed(name: string): Promise<DBCluster> {
  const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }));
  const [cluster] = DBClusters;
  if (cluster === undefined) throw new Error(`no cluster ${name}`);
  return cluster;
}

async function endpointOf(name: string): Promise<string> {
  return (await clusterNamed(name)).Endpoint ?? '';
}

function secondsLater(at: string, seconds: number): string {
  return formatWholeSecond(epochMicros((Date.parse(at) + seconds * 1000) * 1000));
}

interface Case {
  readonly restoreTo: string;
  readonly clusterIdentifier?: string;
  readonly tags?: Record<string, string>;
  readonly sourceEndpoint?: string;
  /** Restores a second cluster, called `ledger`, to this time. */
  readonly beside?: string;
}

/** The two artefacts that a verification is made from, as the steps before it would have left them. */
async function writeDrill(drill: string, options: Case): Promise<void> {
  const folder = path.join(directory, 'drills', drill);
  const at = epochMicros(Date.parse(options.restoreTo) * 1000 + SECOND);
  const incident: Incident = { ...incidentOf('aurora-mysql', at), restoreTo: options.restoreTo };
  const { source } = valueOf(await new RdsReader(rds).fetchFacts('trading'));
  const planned = valueOf(
    planRestore(
      {
        drill,
        incident,
        incidentSha256: sha256Of(renderArtefact(incident)),
        account: source.arn.split(':')[4] ?? '',
        region: sandbox.env['AWS_REGION'] ?? '',
        source,
        taken: { clusters: new Set(), instances: new Set() },
        now: epochMicros(Date.now() * 1000),
      },
      {
        instances: { count: 1, instanceClass: undefined },
        clusterIdentifier: options.clusterIdentifier ?? 'trading-case',
        validForMs: 3_600_000,
      },
    ),
  );
  const [cluster] = planned.clusters;
  const damaged: PlannedCluster = {
    ...cluster,
    source: { ...cluster.source, endpoint: options.sourceEndpoint ?? cluster.source.endpoint },
    restored: { ...cluster.restored, tags: options.tags ?? { 'restore-drill': 'case' }, drillTags: {} },
  };
  // the same databases under another name: what is looked at here is how two clusters are judged
  const ledger = { ...damaged.source, clusterIdentifier: 'ledger' };
  const beside = options.beside === undefined ? [] : [{ ...damaged, source: ledger, dataAt: options.beside }];
  const plan: RestorePlan = {
    schemaVersion: ARTEFACTS.restorePlan.version,
    ...planned,
    clusters: [damaged, ...beside],
  };
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'incident.json'), renderArtefact(incident));
  writeFileSync(path.join(folder, 'restore-plan.json'), renderArtefact(plan));
}
