import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppConfigClient } from '@aws-sdk/client-appconfig';
import {
  AddTagsToResourceCommand,
  BacktrackDBClusterCommand,
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClusterSnapshotsCommand,
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  RestoreDBClusterFromSnapshotCommand,
  RestoreDBClusterToPointInTimeCommand,
  waitUntilDBClusterAvailable,
  waitUntilDBClusterDeleted,
  waitUntilDBInstanceAvailable,
} from '@aws-sdk/client-rds';
import { ChangeResourceRecordSetsCommand, GetChangeCommand, Route53Client } from '@aws-sdk/client-route-53';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { AT_ONCE, Configurations } from '../../lib/cutover/appconfig';
import { ClusterNetworks } from '../../lib/cutover/cluster-network';
import { RdsDeletion } from '../../lib/cutover/rds-deletion';
import { RdsNames } from '../../lib/cutover/rds-names';
import { HostedZones } from '../../lib/cutover/route53';
import { Secrets } from '../../lib/cutover/secrets-manager';
import { ParameterStore } from '../../lib/cutover/ssm';
import { valueOf } from '../../lib/errors';
import { namedPlace } from '../../lib/plan/named-place';
import { policyFor, ROLES, type Role } from '../../lib/plan/policies';
import type { ClusterSnapshot } from '../../lib/plan/backups';
import { BackupReader } from '../../lib/plan/rds-backups';
import { fetchSecretCredentials } from '../../lib/verify/credential-store';
import type { RoleEnvironment } from '../../sandbox/roles';
import { NAMES, writeConfiguration } from '../../sandbox/scenario/configuration';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { incident } from '../lib/plan/facts';
import { FakeEngine } from '../sandbox/services/rds/fake-engine';
import { DrillProject, terraformEnvironment } from './drill-project';
import { takeSwapSteps } from './swap-in-process';

jest.setTimeout(20 * 60_000);

const CALLER = { accessKeyId: 'AWS_ACCESS_KEY_ID', secretAccessKey: 'AWS_SECRET_ACCESS_KEY' } as const;
const BUCKET = 'states';
const LOGIN = 'trading/verifier';

const project = new DrillProject();
const terraform = terraformEnvironment(project.folder);
const describeWithTerraform = terraform === undefined ? describe.skip : describe;
const said: string[] = [];
let sandbox: Sandbox;
let admin: Clients;
const as = {} as Record<Role, Clients>;
const envOf = {} as Record<Role, RoleEnvironment>;

interface Clients {
  readonly rds: RDSClient;
  readonly ssm: SSMClient;
  readonly secrets: SecretsManagerClient;
  readonly route53: Route53Client;
  readonly appConfig: AppConfigClient;
  readonly s3: S3Client;
}

function clientsOf(env: RoleEnvironment): Clients {
  const token = env['AWS_SESSION_TOKEN'];
  const client = {
    endpoint: sandbox.endpointUrl,
    region: sandbox.settings.region,
    credentials: {
      accessKeyId: env[CALLER.accessKeyId] ?? '',
      secretAccessKey: env[CALLER.secretAccessKey] ?? '',
      ...(token === undefined ? {} : { sessionToken: token }),
    },
  };
  return {
    rds: new RDSClient(client),
    ssm: new SSMClient(client),
    secrets: new SecretsManagerClient(client),
    route53: new Route53Client(client),
    appConfig: new AppConfigClient(client),
    s3: new S3Client({ ...client, forcePathStyle: true }),
  };
}

beforeAll(async () => {
  // no row is read here, so no database is needed behind the endpoints
  sandbox = await startSandbox({
    say: (line) => void said.push(line),
    settings: {
      ...{ restorableLagMs: 0, createDelayMs: 100, modifyDelayMs: 100, deleteDelayMs: 100 },
      ...{ dnsPropagationMs: 100, deploymentMinuteMs: 10 },
    },
    openEngine: () => Promise.resolve(new FakeEngine()),
  });
  const trading = await sandbox.createSourceCluster({ identifier: 'trading', instances: ['trading-1'] });
  const payments = await sandbox.createSourceCluster({ identifier: 'payments', instances: ['payments-1'] });
  for (const cluster of [trading, payments]) await cluster.takeBaseBackup();
  await writeConfiguration(sandbox, {
    ...{ identifier: 'trading', engine: 'aurora-mysql', host: trading.host, port: trading.port },
    ...{ user: 'trading_app', password: 'secret' },
  });
  await sandbox.call('secretsmanager', 'CreateSecret', {
    Name: LOGIN,
    SecretString: JSON.stringify({ username: 'verifier', password: 'secret' }),
  });
  admin = clientsOf(sandbox.env);
  await admin.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const { accountId: account, region } = sandbox.settings;
  const place = namedPlace({
    ...{ partition: 'aws', account, region, sourceClusters: ['trading'], otherClusters: [] },
    ...{ retainedBackups: [], keys: [], roles: [], applicationKeys: [], databaseUsers: [] },
    ...{ parameters: ['/trading/*'], secrets: [NAMES.secret], loginSecrets: [LOGIN], hostedZones: ['*'] },
    ...{ dnsRecords: [NAMES.dnsRecord], configurations: ['*'] },
  });
  const state = { bucket: BUCKET, region, prefix: 'restore-drills' };
  for (const role of ROLES) {
    const { env } = sandbox.putRole(role, policyFor(role, place, state));
    envOf[role] = env;
    as[role] = clientsOf(env);
  }
});
afterAll(async () => {
  for (const clients of [admin, ...Object.values(as)]) {
    for (const client of Object.values(clients) as { destroy(): void }[]) client.destroy();
  }
  await sandbox.close();
  project.remove();
});

const TAGS = [{ Key: 'restore-drill', Value: 'd' }];
const quickly = (): { client: RDSClient; minDelay: number; maxDelay: number; maxWaitTime: number } => ({
  ...{ client: admin.rds, minDelay: 0.1, maxDelay: 0.1, maxWaitTime: 60 },
});
const available = async (cluster: string, ...instances: string[]): Promise<void> => {
  await waitUntilDBClusterAvailable(quickly(), { DBClusterIdentifier: cluster });
  for (const name of instances) await waitUntilDBInstanceAvailable(quickly(), { DBInstanceIdentifier: name });
};
/** What each call ends with: `done`, or the error's name. */
const endsOf = (...calls: readonly Promise<unknown>[]): Promise<string[]> =>
  Promise.all(
    calls.map((call) =>
      call.then(
        () => 'done',
        (error: unknown) => (error instanceof Error ? error.name.replace(/Exception$/, '') : String(error)),
      ),
    ),
  );
const DENIED = 'AccessDenied';

/** Whoever decides that a cluster may end takes its protection off; no role of the pipeline may. */
async function unprotect(DBClusterIdentifier: string): Promise<void> {
  await admin.rds.send(
    new ModifyDBClusterCommand({ DBClusterIdentifier, DeletionProtection: false, ApplyImmediately: true }),
  );
  await available(DBClusterIdentifier);
}

/** The newest one may still be being made. */
async function automatedSnapshot(rds: RDSClient): Promise<ClusterSnapshot> {
  for (;;) {
    const snapshots = await new BackupReader(rds).fetchSnapshots('trading');
    const made = snapshots.find(({ type, status }) => type === 'automated' && status === 'available');
    if (made !== undefined) return made;
    await sleep(200);
  }
}

/** A restored cluster with an instance, out of the newest automated snapshot, as the provider makes them. */
async function restoreSnapshot(cluster: string): Promise<void> {
  const { rds } = as.restorer;
  const automated = await automatedSnapshot(rds);
  const name = { DBClusterIdentifier: cluster };
  await rds.send(
    new RestoreDBClusterFromSnapshotCommand({
      ...name,
      SnapshotIdentifier: automated.arn,
      Engine: 'aurora-mysql',
      CopyTagsToSnapshot: true,
      Tags: TAGS,
    }),
  );
  await available(cluster);
  await rds.send(new ModifyDBClusterCommand({ ...name, BackupRetentionPeriod: 7, ApplyImmediately: true }));
  await available(cluster);
  await rds.send(
    new CreateDBInstanceCommand({
      ...name,
      DBInstanceIdentifier: `${cluster}-1`,
      DBInstanceClass: 'db.r6g.large',
      Engine: 'aurora-mysql',
      Tags: TAGS,
    }),
  );
  await available(cluster, `${cluster}-1`);
}

// each test goes on where the one before it ended
describe('each role does its part, as the code does it', () => {
  test('the restorer restores a snapshot, and no other cluster’s', async () => {
    await restoreSnapshot('trading-d');
    const { rds } = as.restorer;
    const { DBClusterSnapshots: others = [] } = await rds.send(
      new DescribeDBClusterSnapshotsCommand({ DBClusterIdentifier: 'payments' }),
    );
    const copy = { DBClusterIdentifier: 'trading-x', Tags: TAGS };
    const ofSnapshot = new RestoreDBClusterFromSnapshotCommand({
      ...copy,
      SnapshotIdentifier: others[0]?.DBClusterSnapshotArn,
      Engine: 'aurora-mysql',
    });
    const ofInstant = new RestoreDBClusterToPointInTimeCommand({
      ...copy,
      SourceDBClusterIdentifier: 'payments',
      UseLatestRestorableTime: true,
    });
    expect(await endsOf(rds.send(ofSnapshot), rds.send(ofInstant))).toEqual([DENIED, DENIED]);
  });

  test('the restorer cannot make another cluster, or the source’s instance, its own by the drill’s tag', async () => {
    const { accountId, region } = sandbox.settings;
    const { rds } = as.restorer;
    const others = ['cluster:payments', 'db:payments-1', 'cluster:trading', 'db:trading-1'];
    const ends = await endsOf(
      ...others.map((name) => {
        const ResourceName = `arn:aws:rds:${region}:${accountId}:${name}`;
        return rds.send(new AddTagsToResourceCommand({ ResourceName, Tags: TAGS }));
      }),
      rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: 'payments', SkipFinalSnapshot: true })),
    );
    expect(ends).toEqual([DENIED, DENIED, DENIED, DENIED, DENIED]);
  });

  test('the cut-over role repoints parameter, secret, DNS record and AppConfig', async () => {
    const { ssm, secrets, route53, appConfig } = as['cut-over'];
    const parameters = new ParameterStore(ssm);
    const { value } = valueOf(await parameters.fetch(NAMES.parameter));
    await parameters.put(NAMES.parameter, value);
    const secret = valueOf(await new Secrets(secrets).fetch(NAMES.secret));
    await new Secrets(secrets).put(NAMES.secret, secret.text, 'a'.repeat(32));
    const { zoneId, name, target } = valueOf(
      await new HostedZones(route53).fetchCname('trading.internal', NAMES.dnsRecord),
    );
    const change = (Name: string): ChangeResourceRecordSetsCommand =>
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        ChangeBatch: {
          Changes: [
            {
              Action: 'UPSERT',
              ResourceRecordSet: { Name, Type: 'CNAME', TTL: 5, ResourceRecords: [{ Value: target }] },
            },
          ],
        },
      });
    const { ChangeInfo } = await route53.send(change(name));
    await route53.send(new GetChangeCommand({ Id: ChangeInfo?.Id }));
    const configurations = new Configurations(appConfig);
    const { application, environment, profile } = NAMES.appConfig;
    const place = valueOf(await configurations.findPlace(application, environment, profile));
    const deployed = valueOf(await configurations.fetchDeployed(place));
    valueOf(await configurations.deploy(place, deployed, AT_ONCE, new AbortController().signal));
    const ends = await endsOf(
      route53.send(change('www.trading.internal')),
      new ParameterStore(ssm).fetch('/payments/db/host'),
      new Secrets(secrets).fetch('payments/db'),
    );
    expect(ends).toEqual([DENIED, DENIED, DENIED]);
  });

  test('the cut-over role fences and rewinds the source, and no other cluster', async () => {
    const { rds } = as['cut-over'];
    const networks = new ClusterNetworks(rds, 50);
    const { securityGroupIds } = valueOf(await networks.fetch('trading'));
    const never = new AbortController().signal;
    await networks.set('trading', ['sg-0000000000000c105'], never);
    await networks.set('trading', securityGroupIds, never);
    const rewind = (DBClusterIdentifier: string): Promise<unknown> =>
      rds.send(new BacktrackDBClusterCommand({ DBClusterIdentifier, BacktrackTo: new Date() }));
    // it is allowed to ask, and backtrack is off
    expect(await endsOf(rewind('trading'))).not.toEqual([DENIED]);
    const ends = await endsOf(
      networks.set('payments', securityGroupIds, never),
      rewind('payments'),
      rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: 'payments', MasterUserPassword: 'x' })),
      rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'payments-1', PubliclyAccessible: true })),
    );
    expect(ends).toEqual([DENIED, DENIED, DENIED, DENIED]);
  });

  test('the cut-over role exchanges the names, back, and again', async () => {
    const { rds } = as['cut-over'];
    const names = new RdsNames(rds);
    const { clusters, instances } = await names.fetch();
    const step = (kind: 'cluster' | 'instance', from: string, to: string) => ({
      ...{ kind, from, to, fromEndpoint: null, toEndpoint: null, endedAt: null },
      resourceId: [...clusters, ...instances].find(({ identifier }) => identifier === from)?.resourceId ?? '',
    });
    const steps = [
      step('instance', 'trading-1', 'trading-1-retired-20260102'),
      step('instance', 'trading-d-1', 'trading-1'),
      step('cluster', 'trading', 'trading-retired-20260102'),
      step('cluster', 'trading-d', 'trading'),
    ];
    const { accountId: account, region } = sandbox.settings;
    const swap = {
      ...{ drill: 'd', madeAt: '2026-01-02T00:00:00Z', account, region, steps },
      madeFrom: { 'restore-plan.json': '' },
      ...{ direction: 'forward' as const, startedAt: null, endedAt: null, adoptedAt: null },
    };
    const keep = (): void => undefined;
    const forward = await takeSwapSteps(rds, swap, keep);
    const blank = forward.steps.map((one) => ({ ...one, endedAt: null }));
    const back = { ...forward, steps: blank, direction: 'back' as const, endedAt: null };
    await takeSwapSteps(rds, back, keep);
    await takeSwapSteps(rds, swap, keep);
    const after = (await names.fetch()).clusters.map(({ identifier }) => identifier);
    expect(after.sort()).toEqual(['payments', 'trading', 'trading-retired-20260102']);
  });

  test('the retirer logs in, and ends the old cluster with a final snapshot, and no other or live one', async () => {
    const { rds, secrets } = as.retirer;
    expect(await fetchSecretCredentials(LOGIN, secrets)).toMatchObject({ ok: true });
    const remove = (DBClusterIdentifier: string): Promise<unknown> =>
      rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier, SkipFinalSnapshot: true }));
    const removeInstance = (DBInstanceIdentifier: string): Promise<unknown> =>
      rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier }));
    const ends = await endsOf(
      fetchSecretCredentials(NAMES.secret, secrets),
      ...['trading', 'payments'].map(remove),
      ...['trading-1', 'payments-1'].map(removeInstance),
    );
    expect(ends).toEqual([DENIED, DENIED, DENIED, DENIED, DENIED]);
    await unprotect('trading-retired-20260102');
    const deletion = new RdsDeletion(rds);
    const old = await deletion.fetch('trading-retired-20260102');
    if (old === undefined) throw new Error('the old cluster is not there');
    const snapshot = `${old.identifier}-final-20260110`;
    await deletion.begin({ ...old, sessions: null }, snapshot);
    await waitUntilDBClusterDeleted(quickly(), { DBClusterIdentifier: old.identifier });
    expect(await deletion.fetchSnapshotStatus(snapshot)).toBe('available');
  });
});

describeWithTerraform('with the real provider, and the state in S3', () => {
  const run = async (role: Role, script: string, ...args: string[]): Promise<void> => {
    project.env = { ...sandbox.env, ...terraform, ...envOf[role] };
    const { exitCode, stderr } = await project.script(script, '--drill', project.drill, ...args);
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  };

  test('the planner plans and guards, the restorer restores in earnest, the retirer ends it with a snapshot', async () => {
    const { region } = sandbox.settings;
    writeFileSync(
      path.join(project.folder, 'restore-drill.yaml'),
      `state: { s3: { bucket: ${BUCKET}, region: ${region}, usePathStyle: true } }\n`,
    );
    await sleep(2000);
    project.write('incident', incident(`${new Date(Date.now() - 1000).toISOString().slice(0, 19)}Z`));
    const from = said.length;
    await run('planner', 'plan-restore', '--earnest', '--instances', '1');
    await run('planner', 'guard-plan', '--stack', 'restore');
    await run('restorer', 'guard-plan', '--stack', 'restore');
    await run('restorer', 'apply', '--stack', 'restore');
    await unprotect('trading-d');
    await run('retirer', 'guard-plan', '--stack', 'restore', '--destroy');
    await run('retirer', 'apply', '--stack', 'restore', '--destroy');
    const { DBClusterSnapshots = [] } = await admin.rds.send(
      new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: 'trading-d-final' }),
    );
    expect(DBClusterSnapshots).toHaveLength(1);
    expect(said.slice(from).filter((line) => line.includes('AccessDenied'))).toEqual([]);
  });
});
