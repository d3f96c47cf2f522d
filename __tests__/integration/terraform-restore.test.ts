import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDBClusterSnapshotCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
  RDSClient,
  type DBCluster,
} from '@aws-sdk/client-rds';
import { z } from 'zod';
import { restorePlanSchema } from '../../lib/artefacts/restore-plan';
import { fetchPlannedChanges, type PlannedChange } from '../../lib/terraform/terraform-cli';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { incident } from '../lib/plan/facts';
import { FakeEngine } from '../sandbox/services/rds/fake-engine';
import { DrillProject, terraformEnvironment } from './drill-project';

jest.setTimeout(20 * 60_000);

const project = new DrillProject();
const terraform = terraformEnvironment(project.folder);
const describeWithTerraform = terraform === undefined ? describe.skip : describe;
const engine = new FakeEngine();
let sandbox: Sandbox;
let rds: RDSClient;

beforeAll(async () => {
  // no row is read here, so no database is needed behind the endpoints
  sandbox = await startSandbox({
    say: () => undefined,
    // longer than a script takes to start on a busy machine, so that it meets a point which is too recent
    settings: { restorableLagMs: 15_000, logDelayMs: 0, logJitterMs: 0, logIngestionDelayMs: 0 },
    openEngine: () => Promise.resolve(engine),
  });
  await sandbox.createSourceCluster({
    identifier: 'trading',
    instances: ['trading-1'],
    settings: { backtrackWindowSeconds: 86_400 },
  });
  await sandbox.createSourceCluster({ identifier: 'ledger', instances: ['ledger-1'] });
  await sandbox.createSourceCluster({
    identifier: 'archive',
    instances: ['archive-1'],
    settings: { deletionProtection: false },
  });
  project.env = { ...sandbox.env, ...terraform };
  rds = new RDSClient({
    endpoint: sandbox.endpointUrl,
    region: sandbox.settings.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  engine.databases[0]?.writeAuditLine('1,trading-1,admin,localhost,1,1,QUERY,,SELECT 1,0');
  while ((await describeCluster('trading'))?.LatestRestorableTime === undefined) await sleep(200);
  await rds.send(
    new CreateDBClusterSnapshotCommand({
      DBClusterIdentifier: 'ledger',
      DBClusterSnapshotIdentifier: 'nightly',
    }),
  );
});
afterAll(async () => {
  rds.destroy();
  await sandbox.close();
  project.remove();
});

async function plan(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return project.script('plan-restore', ...args);
}

function aSecondAgo(): string {
  return `${new Date(Date.now() - 1000).toISOString().slice(0, 19)}Z`;
}

const resources = z.record(z.string(), z.looseObject({}));
const synthesized = z.looseObject({
  output: z.record(z.string(), z.unknown()),
  resource: z.looseObject({
    aws_rds_cluster: z.looseObject({ 'cluster-trading': z.looseObject({}) }).and(resources),
    aws_rds_cluster_instance: resources,
  }),
});

/** Changes the synthesized configuration as a later edit of the plan or the stack would. */
function edit(change: (cluster: Record<string, unknown>, all: z.infer<typeof synthesized>) => void): void {
  const file = path.join(project.stackDirectory('restore'), 'cdk.tf.json');
  const configuration = synthesized.parse(JSON.parse(readFileSync(file, 'utf8')));
  change(configuration.resource.aws_rds_cluster['cluster-trading'], configuration);
  writeFileSync(file, JSON.stringify(configuration));
}

const CHOICES = [
  ...['--instances', '1', '--instance-class', 'db.r6g.large'],
  ...['--parameter-group', 'trading-cluster-parameters', '--instance-parameter-group', 'trading-parameters'],
  ...['--subnet-group', 'trading-subnets', '--security-group', 'sg-00074726164696e67'],
];

/** Deletes the cluster `archive`, and keeps its backups. */
async function deleteArchive(): Promise<void> {
  await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'archive-1' }));
  await rds.send(
    new DeleteDBClusterCommand({
      DBClusterIdentifier: 'archive',
      SkipFinalSnapshot: true,
      DeleteAutomatedBackups: false,
    }),
  );
  while (sandbox.clusters().some(({ id }) => id === 'archive')) await sleep(200);
}

async function plannedChanges(): Promise<PlannedChange[]> {
  return fetchPlannedChanges({
    setup: { binary: { command: 'terraform', version: '', platform: '' }, environment: project.env },
    env: process.env,
    stackDirectory: project.stackDirectory('restore'),
    signal: AbortSignal.timeout(60_000),
  });
}

async function describeCluster(identifier: string): Promise<DBCluster | undefined> {
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: identifier }));
  return DBClusters?.[0];
}

// each test goes on where the one before it ended: a restore takes the provider a minute
describeWithTerraform('a restore, with real Terraform and the real provider', () => {
  test('finds the machine and the cluster ready', async () => {
    const { exitCode, stdout } = await project.script('preflight', '--cluster', 'trading');
    expect({ exitCode, failed: stdout.match(/^FAIL.*$/gm) }).toEqual({ exitCode: 0, failed: null });
    expect(stdout.match(/^pass {2}[^:]+/gm)).toEqual(
      expect.arrayContaining([
        'pass  terraform',
        'pass  provider hashicorp/aws',
        'pass  credentials',
        'pass  engine',
        'pass  audit log',
        'pass  auditing',
        'pass  restorable window',
        'pass  backtrack',
        'pass  deletion protection',
      ]),
    );
  });

  test('refuses to plan a point before the restorable window', async () => {
    project.write('incident', incident('2020-01-01T00:00:00Z'));
    expect(await plan('--method', 'point-in-time')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(
        /^refused: restore point 2020-01-01T00:00:00.000000Z is before/,
      ) as string,
    });
    expect(await plan()).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('and of its 0 snapshots none is available') as string,
    });
  });

  test('waits no longer than told for a point that is not restorable yet', async () => {
    project.write('incident', incident(aSecondAgo()));
    expect(await plan('--wait', '0s')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('is not restorable yet') as string,
    });
  });

  test('waits, and then refuses a name that a cluster of the account has, or another one of the plan', async () => {
    project.write('incident', incident(aSecondAgo()));
    const taken = await plan('--wait', '30s', '--cluster-identifier', 'trading');
    expect(taken.stderr).toContain('waiting until the restore point is restorable');
    expect(taken.stderr).toContain("refused: DB cluster 'trading' exists already");
    expect(taken.exitCode).toBe(3);
    expect(await plan('--with-cluster', 'ledger', '--cluster-identifier', 'ledger-d')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("DB cluster 'ledger-d' exists already") as string,
    });
  });

  test('plans a point in time, a snapshot, and the backups of a deleted cluster together', async () => {
    project.write('incident', incident(aSecondAgo()));
    await engine.databases[1]?.takeBaseBackup(); // from now on only this can be restored in time
    await deleteArchive();
    const withoutChoices = await plan('--with-cluster', 'archive', '--wait', '0s');
    expect(withoutChoices).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("'archive' is deleted, and its backups do not tell") as string,
    });

    const made = await plan(
      ...['--with-cluster', 'ledger', '--with-cluster', 'archive'],
      ...CHOICES,
      '--json',
    );
    expect(made.exitCode).toBe(0);
    const { clusters, restoreTo } = restorePlanSchema.parse(JSON.parse(made.stdout));
    expect(
      clusters.map(({ source, method, restored }) => [
        restored.clusterIdentifier,
        source.deleted,
        method.kind === 'snapshot' ? method.snapshot.identifier : method.kind,
      ]),
    ).toEqual([
      ['trading-d', false, 'point-in-time'],
      ['ledger-d', false, 'nightly'],
      ['archive-d', true, 'point-in-time'],
    ]);
    const [{ window, backtrack }] = clusters;
    expect(Date.parse(window?.latestAt ?? '')).toBeGreaterThan(Date.parse(restoreTo));
    expect(backtrack?.command).toBe(
      'npm run backtrack -- --drill d --cluster trading --execute --yes-rewind trading',
    );
  });

  test('restores them side by side, guarded, and then has nothing left to change', async () => {
    const guarded = await project.script('guard-plan', '--check-window', '--output', 'cdktf.out');
    expect({ exitCode: guarded.exitCode, failed: guarded.stdout.match(/^FAIL.*$/gm) }).toEqual({
      exitCode: 0,
      failed: null,
    });
    expect(await project.script('apply')).toMatchObject({ exitCode: 0 });
    const output = await project.terraform('restore', 'output', '-json', 'restored');
    expect(JSON.parse(output.stdout)).toMatchObject({
      trading: { cluster_identifier: 'trading-d', endpoint: (await describeCluster('trading-d'))?.Endpoint },
      ledger: { cluster_identifier: 'ledger-d', endpoint: (await describeCluster('ledger-d'))?.Endpoint },
      archive: { cluster_identifier: 'archive-d', endpoint: (await describeCluster('archive-d'))?.Endpoint },
    });
    expect(await plannedChanges()).toEqual([]);
  });

  test('keeps no password of the master user in its state', () => {
    const state = readFileSync(project.path('restore.tfstate'), 'utf8');
    const held = [...state.matchAll(/"master_password(?:_wo)?": (.*?),?$/gm)].map(([, value]) => value);
    expect(new Set(held)).toEqual(new Set(['null']));
  });

  test('leaves the other cluster alone where one is added to the plan or taken out of it', async () => {
    const whole = readFileSync(path.join(project.stackDirectory('restore'), 'cdk.tf.json'), 'utf8');
    edit((_, { resource, output }) => {
      delete resource.aws_rds_cluster['cluster-ledger'];
      delete resource.aws_rds_cluster_instance['instance-ledger-1'];
      output['restored'] = { value: 'trading' };
    });
    expect(
      (await plannedChanges()).map(({ address, actions }) => `${actions.join()} ${address}`).sort(),
    ).toEqual([
      'delete aws_rds_cluster.cluster-ledger',
      'delete aws_rds_cluster_instance.instance-ledger-1',
      'update output.restored',
    ]);
    writeFileSync(path.join(project.stackDirectory('restore'), 'cdk.tf.json'), whole);
  });

  test('refuses to plan over what it restored', async () => {
    expect(await plan()).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(
        "drill 'd' has restored 'archive-d', 'ledger-d', 'trading-d' already",
      ) as string,
    });
  });

  test.each<[string, Parameters<typeof edit>[0]]>([
    [
      'its time is changed',
      (cluster) => {
        cluster['restore_to_point_in_time'] = {
          source_cluster_identifier: 'trading',
          restore_to_time: '2026-01-01T00:00:00Z',
        };
      },
    ],
    [
      'what they were restored from is removed',
      (_, { resource }) => {
        for (const cluster of Object.values(resource.aws_rds_cluster as Record<string, object>)) {
          for (const origin of ['restore_to_point_in_time', 'snapshot_identifier', 'engine_version']) {
            Reflect.deleteProperty(cluster, origin);
          }
        }
      },
    ],
  ])('does not replace a restored cluster when %s', async (_, change) => {
    edit(change);
    expect(await plannedChanges()).toEqual([]);
  });

  test('sees what was changed behind its back', async () => {
    await rds.send(
      new ModifyDBClusterCommand({
        DBClusterIdentifier: 'trading-d',
        DeletionProtection: true,
        ApplyImmediately: true,
      }),
    );
    while ((await describeCluster('trading-d'))?.DeletionProtection !== true) await sleep(200);
    expect(await plannedChanges()).toEqual([
      { address: 'aws_rds_cluster.cluster-trading', actions: ['update'] },
    ]);
  });

  test('would be replaced by such an edit if the stack did not ignore it', async () => {
    edit((cluster) => {
      cluster['restore_to_point_in_time'] = {
        source_cluster_identifier: 'trading',
        restore_to_time: '2026-01-01T00:00:00Z',
      };
      delete cluster['lifecycle'];
    });
    expect(await plannedChanges()).toContainEqual({
      address: 'aws_rds_cluster.cluster-trading',
      actions: ['delete', 'create'],
    });
  });

  test('shows what a rewind of the source would take back, and does it only once that is confirmed', async () => {
    const shown = await project.script('backtrack', '--drill', 'd');
    expect(shown).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Rewinds DB cluster trading itself, in place, to /) as string,
    });
    const refused = (named: string): object => ({
      exitCode: 3,
      stderr: expect.stringContaining(`--yes-rewind is ${named}, expected the name`) as string,
    });
    expect(await project.script('backtrack', '--execute')).toMatchObject(refused('missing'));
    expect(await project.script('backtrack', '--execute', '--yes-rewind', 'ledger')).toMatchObject(
      refused("'ledger'"),
    );
    expect(engine.databases[0]?.calls).not.toContain('stop');

    const done = await project.script('backtrack', '--execute', '--yes-rewind', 'trading');
    expect(done).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^DB cluster trading is rewound to /) as string,
    });
    expect(engine.databases[0]?.calls).toContain('stop');
    expect((await describeCluster('trading'))?.Status).toBe('available');
  });
});
