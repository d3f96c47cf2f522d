import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  ModifyDBClusterCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { parseArtefact } from '../../lib/artefacts/artefact';
import type { Swap } from '../../lib/artefacts/swap';
import { valueOf } from '../../lib/errors';
import { readManagedResources } from '../../lib/terraform/terraform-state';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { verification, verifiedCluster } from '../lib/cutover/facts';
import { incident } from '../lib/plan/facts';
import { FakeEngine } from '../sandbox/services/rds/fake-engine';
import { DrillProject, terraformEnvironment } from './drill-project';
import { restoreAsPlanned } from './restore-as-planned';
import { killAtEveryPoint } from './swap-in-process';

jest.setTimeout(20 * 60_000);

const project = new DrillProject();
const terraform = terraformEnvironment(project.folder);
const describeWithTerraform = terraform === undefined ? describe.skip : describe;
const STACK = `../../drills/${project.drill}/cdktf.out/stacks/restore`;
let sandbox: Sandbox;
let rds: RDSClient;

beforeAll(async () => {
  // no row is read here, so no database is needed behind the endpoints
  sandbox = await startSandbox({
    say: () => undefined,
    settings: { restorableLagMs: 0, createDelayMs: 100, modifyDelayMs: 300, deleteDelayMs: 100 },
    openEngine: () => Promise.resolve(new FakeEngine()),
  });
  await sandbox.createSourceCluster({ identifier: 'trading', instances: ['trading-1', 'trading-2'] });
  project.env = { ...sandbox.env, ...terraform };
  rds = new RDSClient({
    endpoint: sandbox.endpointUrl,
    region: sandbox.settings.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(async () => {
  rds.destroy();
  await sandbox.close();
  project.remove();
});

/** Every cluster and instance by its resource id: its name and, of a cluster, its endpoint. */
async function names(): Promise<Record<string, string>> {
  const [{ DBClusters: clusters = [] }, { DBInstances: instances = [] }] = await Promise.all([
    rds.send(new DescribeDBClustersCommand({})),
    rds.send(new DescribeDBInstancesCommand({})),
  ]);
  return Object.fromEntries([
    ...clusters.map((one): [string, string] => [
      one.DbClusterResourceId ?? '',
      `${one.DBClusterIdentifier ?? ''} ${one.Endpoint ?? ''}`,
    ]),
    ...instances.map((one): [string, string] => [one.DbiResourceId ?? '', one.DBInstanceIdentifier ?? '']),
  ]);
}

async function run(script: string, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await project.script(script, '--drill', project.drill, ...args);
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

const journal = (): Swap | undefined =>
  existsSync(project.path('swap.json'))
    ? (JSON.parse(readFileSync(project.path('swap.json'), 'utf8')) as Swap)
    : undefined;
const taken = (direction: Swap['direction']): number => {
  const swap = journal();
  return swap?.direction === direction ? swap.steps.filter(({ endedAt }) => endedAt !== null).length : 0;
};

/** Whether names are kept that are to change, while Terraform's state holds nothing any more. */
const forgotten = (direction: Swap['direction']): boolean => {
  const swap = journal();
  if (swap?.direction !== direction || swap.startedAt !== null) return false;
  const file = project.path('restore.tfstate');
  if (!existsSync(file)) return true;
  try {
    return readManagedResources(file).length === 0;
  } catch {
    // Terraform is writing it
    return false;
  }
};

/** Runs a script and kills it, with all that it started, as soon as it has come so far. */
async function runAndKill(soFar: () => boolean, script: string, ...args: string[]): Promise<void> {
  const file = path.join(__dirname, '../../scripts', `${script}.ts`);
  const child = spawn(process.execPath, ['--import', require.resolve('tsx'), file, '--drill', 'd', ...args], {
    cwd: project.folder,
    env: { ...process.env, ...project.env },
    stdio: 'ignore',
    detached: true,
  });
  const ended = once(child, 'exit');
  while (!soFar() && child.exitCode === null) await sleep(5);
  expect(child.exitCode).toBeNull();
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await ended;
}

/** What the process that was killed left to do, killed and begun again at every point. */
async function killTheRest(): Promise<string[]> {
  return killAtEveryPoint(
    rds,
    () => {
      const text = readFileSync(project.path('swap.json'), 'utf8');
      const { schemaVersion: _, ...swap } = valueOf(parseArtefact('swap', text));
      return swap;
    },
    (body) => project.write('swap', body),
  );
}

async function expectNoChange(): Promise<void> {
  await run('guard-plan', '--stack', 'restore');
  const plan = await project.terraform(STACK, 'plan', '-input=false', '-detailed-exitcode');
  expect({ exitCode: plan.exitCode, changes: plan.exitCode === 0 ? '' : plan.stdout }).toEqual({
    exitCode: 0,
    changes: '',
  });
}

/** While a swap is under way nothing may be declared, and nothing may end: Terraform's state is empty, the clusters live. */
async function expectUnfinished(message: string): Promise<void> {
  for (const [script, ...args] of [
    ['guard-plan', '--destroy'],
    ['retire', '--execute', '--yes-delete', 'trading-d'],
  ] as const) {
    expect(await project.script(script, '--drill', 'd', ...args)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(message) as string,
    });
  }
}

// each test goes on where the one before it ended
describeWithTerraform('names that are exchanged, with real Terraform and the real provider', () => {
  let before: Record<string, string>;
  let endpoints: { old: string; restored: string };

  test('are shown before anything is changed', async () => {
    // the restore point is a whole second before now, and must lie after the source's first backup
    await sleep(4000);
    project.write('incident', incident(`${new Date(Date.now() - 1000).toISOString().slice(0, 19)}Z`));
    await run('plan-restore', '--instances', '1');
    await restoreAsPlanned(rds, project.read('restorePlan'));
    before = await names();
    const endpointOf = (name: string): string =>
      Object.values(before)
        .find((text) => text.startsWith(`${name} `))
        ?.split(' ')[1] ?? '';
    endpoints = { old: endpointOf('trading'), restored: endpointOf('trading-d') };
    project.write('verification', {
      ...verification({
        madeFrom: {
          'incident.json': project.sha256('incident.json'),
          'restore-plan.json': project.sha256('restore-plan.json'),
        },
      }),
      clusters: [verifiedCluster()],
    });
    const shown = await run('swap-names');
    expect(shown.trim().split('\n')).toEqual([
      expect.stringMatching(/^1[.] DB instance trading-1 → trading-1-retired-\d{8} /),
      expect.stringMatching(/^2[.] DB instance trading-2 → trading-2-retired-\d{8} /),
      expect.stringMatching(/^3[.] DB instance trading-d-1 → trading-1 /),
      expect.stringMatching(/^4[.] DB cluster trading → trading-retired-\d{8} /),
      expect.stringMatching(/^5[.] DB cluster trading-d → trading /),
    ]);
    expect(await names()).toEqual(before);
    expect(journal()).toBeUndefined();
  });

  test('killed at every point and resumed, end where they should, and Terraform agrees', async () => {
    await runAndKill(() => forgotten('forward'), 'swap-names', '--execute');
    await expectUnfinished('are being exchanged');
    await runAndKill(() => taken('forward') > 0, 'swap-names', '--execute');
    await expectUnfinished('are being exchanged');
    expect(await killTheRest()).toEqual(
      expect.arrayContaining(['renaming trading', '4 taken', '5 taken, over']),
    );
    const { endedAt } = project.read('swap');
    await run('swap-names', '--execute');
    expect(project.read('swap')).toMatchObject({ endedAt, adoptedAt: expect.any(String) as string });
    const after = Object.values(await names());
    expect(after).toContain(`trading ${endpoints.old}`);
    expect(after).toContain('trading-1');
    expect(after.filter((name) => name.includes('-retired-'))).toHaveLength(3);
    await expectNoChange();
    expect(await project.script('verify-restore', '--drill', 'd')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('the name trading') as string,
    });
    expect(await project.script('guard-plan', '--drill', 'd', '--destroy')).toMatchObject({
      stderr: expect.stringMatching(/prevent_destroy|cannot be destroyed/i) as string,
    });
  });

  test('taken back, killed at every point and resumed, are as they were, and Terraform agrees', async () => {
    await runAndKill(() => forgotten('back'), 'undo', '--execute');
    await expectUnfinished('are being taken back');
    await runAndKill(() => taken('back') > 0, 'undo', '--execute');
    expect(await killTheRest()).toEqual(
      expect.arrayContaining(['renaming trading-1', '4 taken', '5 taken, over']),
    );
    await run('undo', '--execute');
    expect(await names()).toEqual(before);
    await expectNoChange();
  });

  test('leave a restored cluster whole that is protected from deletion', async () => {
    const protect = (DeletionProtection: boolean): Promise<unknown> =>
      rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: 'trading-d', DeletionProtection }));
    await protect(true);
    expect(await project.script('guard-plan', '--drill', 'd', '--destroy')).toMatchObject({
      exitCode: 3,
      stdout: expect.stringMatching(
        /FAIL {2}not-protected.*\n.*--db-cluster-identifier trading-d /,
      ) as string,
    });
    expect(await names()).toEqual(before);
    await protect(false);
  });

  test('leave the old cluster alone when the drill is destroyed', async () => {
    await run('guard-plan', '--stack', 'restore', '--destroy');
    await run('apply', '--stack', 'restore', '--destroy');
    const left = Object.values(await names());
    expect(left).toEqual([`trading ${endpoints.old}`, 'trading-1', 'trading-2']);
  });
});
