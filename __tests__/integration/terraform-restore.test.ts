import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
  RDSClient,
  type DBCluster,
} from '@aws-sdk/client-rds';
import { z } from 'zod';
import { restorePlanSchema } from '../../lib/artefacts';
import { fetchPlannedChanges, type PlannedChange } from '../../lib/terraform/terraform-cli';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { incident } from '../lib/plan/facts';
import { FakeEngine } from '../sandbox/services/rds/fake-engine';
import { DrillProject, terraformEnvironment } from './drill-project';

jest.setTimeout(5 * 60_000);

const project = new DrillProject();
const terraform = terraformEnvironment(project.folder);
const describeWithTerraform = terraform === undefined ? describe.skip : describe;
let sandbox: Sandbox;
let rds: RDSClient;

beforeAll(async () => {
  // no row is read here, so no database is needed behind the endpoints
  sandbox = await startSandbox({
    say: () => undefined,
    // longer than a script takes to start on a busy machine, so that it meets a point which is too recent
    settings: { restorableLagMs: 12_000 },
    openEngine: () => Promise.resolve(new FakeEngine()),
  });
  await sandbox.createSourceCluster({ identifier: 'trading', instances: ['trading-1', 'trading-2'] });
  project.env = { ...sandbox.env, ...terraform };
  rds = new RDSClient({
    endpoint: sandbox.endpointUrl,
    region: sandbox.settings.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  while ((await describeCluster('trading'))?.LatestRestorableTime === undefined) await sleep(200);
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

/** Changes the synthesized configuration as a later edit of the plan or the stack would. */
function edit(change: (cluster: Record<string, unknown>) => void): void {
  const file = path.join(project.stackDirectory('restore'), 'cdk.tf.json');
  const configuration = z
    .looseObject({ resource: z.looseObject({ aws_rds_cluster: z.object({ cluster: z.looseObject({}) }) }) })
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  change(configuration.resource.aws_rds_cluster.cluster);
  writeFileSync(file, JSON.stringify(configuration));
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
    expect(stdout.match(/^pass {2}[^:]+/gm)).toEqual([
      'pass  terraform',
      'pass  provider hashicorp/aws',
      'pass  credentials',
      'pass  engine',
      'pass  audit log',
      'pass  auditing',
      'pass  audit events',
      'pass  audited users',
      'pass  restorable window',
      'pass  deletion protection',
    ]);
  });

  test('refuses to plan a point before the restorable window', async () => {
    project.write('incident', incident('2020-01-01T00:00:00Z'));
    expect(await plan()).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(
        /^refused: restore point 2020-01-01T00:00:00.000000Z is before/,
      ) as string,
    });
  });

  test('waits no longer than told for a point that is not restorable yet', async () => {
    project.write('incident', incident(aSecondAgo()));
    expect(await plan('--wait', '0s')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('is not restorable yet') as string,
    });
  });

  test('plans once the point has become restorable', async () => {
    project.write('incident', incident(aSecondAgo()));
    const made = await plan('--instances', '1', '--json');
    expect(made.stderr).toContain('waiting until the restore point is restorable');
    expect(made.exitCode).toBe(0);
    const { restored, window, restoreTo } = restorePlanSchema.parse(JSON.parse(made.stdout));
    expect(restored.clusterIdentifier).toBe('trading-d');
    expect(Date.parse(window.latestAt)).toBeGreaterThan(Date.parse(restoreTo));
  });

  test('restores what was planned, and then has nothing left to change', async () => {
    expect(await project.synthesize()).toMatchObject({ exitCode: 0 });
    expect(await project.terraform('restore', 'init', '-input=false')).toMatchObject({ exitCode: 0 });
    const applied = await project.terraform('restore', 'apply', '-auto-approve', '-input=false');
    expect(applied.stderr).toBe('');
    expect(applied.stdout).toContain('Apply complete! Resources: 2 added');
    expect(await plannedChanges()).toEqual([]);
  });

  test('refuses to plan over what it restored', async () => {
    expect(await plan()).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("drill 'd' has restored 'trading-d' already") as string,
    });
  });

  test.each<[string, (cluster: Record<string, unknown>) => void]>([
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
      'the restore block is removed',
      (cluster) => {
        delete cluster['restore_to_point_in_time'];
      },
    ],
  ])('does not replace the restored cluster when %s', async (_, change) => {
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
    expect(await plannedChanges()).toEqual([{ address: 'aws_rds_cluster.cluster', actions: ['update'] }]);
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
      address: 'aws_rds_cluster.cluster',
      actions: ['delete', 'create'],
    });
  });
});
