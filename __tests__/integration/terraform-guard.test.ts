import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeDBClustersCommand, RDSClient } from '@aws-sdk/client-rds';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import { valueOf } from '../../lib/errors';
import { runGuard } from '../../lib/plan/guard/run-guard';
import { parseTerraformPlan } from '../../lib/plan/guard/terraform-plan';
import { microsFromMillis, parseInstant } from '../../lib/time';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { AppConfigStack } from '../../stacks/app-config-stack';
import { RestoredClusterStack } from '../../stacks/restored-cluster-stack';
import { repointPlan, target } from '../lib/cutover/facts';
import { incident } from '../lib/plan/facts';
import { answers } from '../lib/plan/guard/judging';
import { approvedPlan, SHAPES } from '../lib/plan/guard/shapes';
import { FakeEngine } from '../sandbox/services/rds/fake-engine';
import { localState } from '../../lib/terraform/state-location';
import { computing } from '../lib/plan/guard/computed';
import { smuggleInto } from '../lib/plan/guard/smuggled';
import { DrillProject, terraformEnvironment } from './drill-project';
import { synthesize } from '../stacks/synthesize';

jest.setTimeout(20 * 60_000);

const project = new DrillProject();
const terraform = terraformEnvironment(project.folder);
const describeWithTerraform = terraform === undefined ? describe.skip : describe;
let sandbox: Sandbox;
let rds: RDSClient;
let ssm: SSMClient;

beforeAll(async () => {
  sandbox = await startSandbox({
    say: () => undefined,
    settings: { accountId: '123456789012', region: 'eu-central-1', restorableLagMs: 500 },
    openEngine: () => Promise.resolve(new FakeEngine()),
  });
  await sandbox.createSourceCluster({ identifier: 'trading', instances: ['trading-1', 'trading-2'] });
  project.env = { ...sandbox.env, ...terraform };
  const client = {
    endpoint: sandbox.endpointUrl,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  rds = new RDSClient(client);
  ssm = new SSMClient(client);
});
afterAll(async () => {
  rds.destroy();
  ssm.destroy();
  await sandbox.close();
  project.remove();
});

/** What `terraform show -json` says of a plan; with CAPTURE_PLANS set it becomes the unit tests' input. */
async function shown(stack: string, name: string, ...options: string[]): Promise<string> {
  expect(await project.terraform(stack, 'init', '-input=false')).toMatchObject({ exitCode: 0 });
  expect(await project.terraform(stack, 'plan', '-input=false', '-out=p', ...options)).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
  const { stdout } = await project.terraform(stack, 'show', '-json', 'p');
  capture(name, stdout);
  return stdout;
}

function capture(name: string, text: string): void {
  if (process.env['CAPTURE_PLANS'] === undefined) return;
  writeFileSync(path.join(__dirname, '../lib/plan/guard/plans', `${name}.json`), text);
}

async function restorable(): Promise<void> {
  for (;;) {
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'trading' }));
    const { EarliestRestorableTime: from, LatestRestorableTime: to } = DBClusters?.[0] ?? {};
    // a point one second ago must lie inside
    if (from !== undefined && to !== undefined && to.getTime() - from.getTime() > 2000) return;
    await sleep(200);
  }
}

function edit(change: (cluster: Record<string, unknown>) => void): void {
  const file = path.join(project.stackDirectory('restore'), 'cdk.tf.json');
  const configuration = JSON.parse(readFileSync(file, 'utf8')) as {
    resource: { aws_rds_cluster: { 'cluster-trading': Record<string, unknown> } };
  };
  change(configuration.resource.aws_rds_cluster['cluster-trading']);
  writeFileSync(file, JSON.stringify(configuration));
}

/** What the guard says of a plan in a file, by the command. */
async function guard(
  stack: string,
  planJson: string,
  ...options: string[]
): Promise<{ exitCode: number; failed: string[] }> {
  const file = path.join(project.folder, 'plan.json');
  writeFileSync(file, planJson);
  const { exitCode, stdout } = await project.script(
    'guard-plan',
    ...['--stack', stack, '--plan-json', file, ...options],
  );
  return { exitCode, failed: stdout.match(/^FAIL {2}[a-z-]+/gm) ?? [] };
}

const passes = { exitCode: 0, failed: [] };
const valid = { exitCode: 0, stdout: expect.stringContaining('The configuration is valid') as string };

function writeRestore(plan: RestorePlan): void {
  const configuration = synthesize((app) => new RestoredClusterStack(app, plan, localState(project.path())));
  project.writeStack('restore', configuration);
}

describeWithTerraform('the guard, on plans of real Terraform and the real provider', () => {
  test.each(SHAPES)('lets the approved restore pass, which is valid: %s', async (shape) => {
    const plan = approvedPlan(shape);
    writeRestore(plan);
    const terraform = valueOf(parseTerraformPlan(await shown('restore', `restore-${shape}`)));
    expect(await project.terraform('restore', 'validate')).toMatchObject(valid);
    const now = valueOf(parseInstant(plan.madeAt));
    const { verdict } = runGuard({ approved: { kind: 'restore', restore: plan }, terraform, now });
    expect(verdict).toBe('pass');
  });

  test('cannot be planned with credentials of another account than the approved one', async () => {
    writeRestore({ ...approvedPlan('every-setting'), account: '210987654321' });
    expect(await project.terraform('restore', 'init', '-input=false')).toMatchObject({ exitCode: 0 });
    expect(await project.terraform('restore', 'plan', '-input=false')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('AWS account ID not allowed: 123456789012') as string,
    });
  });

  test('finds what is smuggled into an approved restore', async () => {
    const plan = approvedPlan('every-setting');
    writeRestore(plan);
    const file = path.join(project.stackDirectory('restore'), 'cdk.tf.json');
    const { configuration, module } = smuggleInto(readFileSync(file, 'utf8'));
    writeFileSync(file, configuration);
    mkdirSync(path.join(project.stackDirectory('restore'), 'smuggled'), { recursive: true });
    writeFileSync(path.join(project.stackDirectory('restore'), 'smuggled/main.tf.json'), module);
    const terraform = valueOf(parseTerraformPlan(await shown('restore', 'smuggled')));
    const now = valueOf(parseInstant(plan.madeAt));
    const { rules } = runGuard({ approved: { kind: 'restore', restore: plan }, terraform, now });
    const failed = rules.filter(({ answer }) => answer.verdict === 'fail').map(({ name }) => name);
    expect(failed).toEqual([
      'nothing-else-runs',
      'account-and-region',
      'approved-resources',
      'settings',
      'known-values',
    ]);
  });

  test.each([
    ['instance', ['known-values']],
    ['snapshot', ['restore-point', 'known-values']],
  ] as const)('finds what a function computes at the time of the apply: %s', async (name, rules) => {
    const plan = approvedPlan('every-setting');
    writeRestore(plan);
    const file = path.join(project.stackDirectory('restore'), 'cdk.tf.json');
    writeFileSync(file, computing(name, readFileSync(file, 'utf8')));
    const terraform = valueOf(parseTerraformPlan(await shown('restore', `computed-${name}`)));
    const now = valueOf(parseInstant(plan.madeAt));
    const report = runGuard({ approved: { kind: 'restore', restore: plan }, terraform, now });
    expect(answers(report, 'fail')).toEqual(rules);
  });

  test('lets the approved repoint pass', async () => {
    const repoint = repointPlan({ targets: [target('/trading/db/host'), target('/batch/db/host')] });
    for (const { name, oldValue } of repoint.targets) {
      await ssm.send(
        new PutParameterCommand({
          Name: name,
          Value: oldValue,
          Type: 'String',
          Description: 'of the application',
        }),
      );
    }
    project.writeStack(
      'repoint',
      synthesize((app) => new AppConfigStack(app, repoint, localState(project.path()))),
    );
    const terraform = valueOf(parseTerraformPlan(await shown('repoint', 'repoint')));
    const approved = { kind: 'repoint', repoint, restore: approvedPlan('every-setting') } as const;
    const now = microsFromMillis(Date.now());
    expect(runGuard({ approved, terraform, now }).verdict).toBe('pass');

    const file = path.join(project.stackDirectory('repoint'), 'cdk.tf.json');
    writeFileSync(file, computing('repoint', readFileSync(file, 'utf8')));
    const computed = valueOf(parseTerraformPlan(await shown('repoint', 'computed-repoint')));
    expect(answers(runGuard({ approved, terraform: computed, now }), 'fail')).toEqual([
      'known-values',
      'repoint-values',
    ]);
  });

  test('goes with one restore from its plan to its end, by the command', async () => {
    await restorable();
    project.write('incident', incident(`${new Date(Date.now() - 1000).toISOString().slice(0, 19)}Z`));
    expect(await project.script('plan-restore', '--instances', '1')).toMatchObject({ exitCode: 0 });
    capture('applied-approved', readFileSync(project.path('restore-plan.json'), 'utf8'));

    expect(await project.script('plan-restore', '--show', '--markdown')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^# Restore plan of drill `d`\n/) as string,
    });

    const planned = await project.script('guard-plan', '--check-window', '--output', 'cdktf.out');
    expect(planned).toMatchObject({ exitCode: 0 });
    await shown('restore', 'applied-before');
    expect(await project.terraform('restore', 'apply', 'p')).toMatchObject({ exitCode: 0 });

    expect(await guard('restore', await shown('restore', 'applied-again'))).toEqual(passes);
    await project.terraform('restore', 'taint', 'aws_rds_cluster.cluster-trading');
    expect(await guard('restore', await shown('restore', 'applied-tainted'))).toEqual({
      exitCode: 3,
      failed: ['FAIL  approved-actions'],
    });
    await project.terraform('restore', 'untaint', 'aws_rds_cluster.cluster-trading');
    const destroy = await shown('restore', 'applied-destroy', '-destroy');
    expect(await guard('restore', destroy, '--destroy')).toEqual(passes);
    expect(await guard('restore', destroy)).toEqual({ exitCode: 3, failed: ['FAIL  approved-actions'] });

    edit((cluster) => {
      cluster['deletion_protection'] = true;
    });
    expect(await guard('restore', await shown('restore', 'applied-update'))).toEqual({
      exitCode: 3,
      failed: ['FAIL  finishes-restore'],
    });
    edit((cluster) => {
      cluster['db_subnet_group_name'] = 'another';
    });
    const replaced = await guard('restore', await shown('restore', 'applied-replace'));
    expect(replaced.exitCode).toBe(3);
    expect(replaced.failed).toContain('FAIL  approved-actions');
  });

  test('refuses before Terraform starts what was changed by one byte, and what has expired', async () => {
    const file = project.path('restore-plan.json');
    const approved = readFileSync(file, 'utf8');
    writeFileSync(file, approved.replace('"port": 3', '"port": 4'));
    expect(await project.script('guard-plan', '--stack', 'restore')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('restore-plan.json was changed after it was written') as string,
    });

    rmSync(project.path('restore.tfstate'));
    const { digest: _, ...body } = JSON.parse(approved) as { digest: string } & RestorePlan;
    project.write('restorePlan', { ...body, expiresAt: body.madeAt });
    expect(await project.script('guard-plan', '--stack', 'restore')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("the restore plan of drill 'd' expired at") as string,
    });
  });
});
