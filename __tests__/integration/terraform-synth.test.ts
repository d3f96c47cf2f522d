import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RepointJournal } from '../../lib/artefacts/repoint-journal';
import type { RepointPlan } from '../../lib/artefacts/repoint-plan';
import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import type { Verification } from '../../lib/artefacts/verification';
import { microsFromMillis } from '../../lib/time';
import { failedVerification, repointPlan, secretTarget, target, verification } from '../lib/cutover/facts';
import { incident, planned, sourceCluster } from '../lib/plan/facts';
import { DrillProject, type Ended } from './drill-project';

jest.setTimeout(20 * 60_000);

let project: DrillProject;
beforeEach(() => {
  project = new DrillProject('d');
});
afterEach(() => {
  project.remove();
});

/** Writes incident and plan; answers with their digests. */
function writePlan(over: Partial<RestorePlan> = {}): Verification['madeFrom'] {
  const incidentSha256 = project.write('incident', incident('2026-01-08T10:12:13Z'));
  const source = sourceCluster({ backupRetentionDays: 35_000 });
  const plan = planned({ incidentSha256, source, now: microsFromMillis(Date.now()) });
  return {
    'incident.json': incidentSha256,
    'restore-plan.json': project.write('restorePlan', { ...plan, ...over }),
  };
}

function writeVerification(body = verification(), madeFrom = writePlan()): RepointPlan['madeFrom'] {
  return {
    'restore-plan.json': madeFrom['restore-plan.json'],
    'verification.json': project.write('verification', { ...body, madeFrom }),
  };
}

function writeState(stack: string, type: string, attributes: object): void {
  const resources = [{ mode: 'managed', type, name: 'x', instances: [{ attributes }] }];
  writeFileSync(project.path(`${stack}.tfstate`), JSON.stringify({ version: 4, resources }));
}

function stacks(): string[] {
  const manifest = readFileSync(`${project.folder}/cdktf.out/manifest.json`, 'utf8');
  return Object.keys((JSON.parse(manifest) as { stacks: object }).stacks).sort();
}

/** One refusal with its next step, and nothing below it. */
function expectRefusal({ exitCode, stderr }: Ended, message: RegExp): void {
  expect(stderr).toMatch(/^refused: [^\n]+\n {2}next: [^\n]+\n$/);
  expect(stderr).toMatch(message);
  expect(exitCode).toBe(3);
}

describe('synthesis of the restore', () => {
  test('declares it, and says how the repoint comes to be declared', async () => {
    writePlan();
    expect(await project.synthesize()).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: "note: there is no stack 'repoint' yet; 'npm run plan-repoint -- --drill d' plans it\n",
    });
    expect(stacks()).toEqual(['restore']);
  });

  test('takes the drill that DRILL names, and refuses to guess among several', async () => {
    writePlan();
    mkdirSync(path.join(project.folder, 'drills/other'));
    expect(await project.synthesize({ DRILL: 'd' })).toMatchObject({ exitCode: 0 });
    expectRefusal(await project.synthesize(), /there are 2 drills: d, other/);
    expectRefusal(await project.synthesize({ DRILL: 'other' }), /drill 'other' has no restore-plan.json/);
  });

  test('refuses a plan with one byte changed', async () => {
    writePlan();
    const file = project.path('restore-plan.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('10:12:13Z', '10:12:14Z'));
    expectRefusal(await project.synthesize(), /restore-plan.json was changed after it was written/);
  });

  test('refuses a plan whose incident was resolved again', async () => {
    writePlan();
    project.write('incident', incident('2026-01-08T09:00:00Z'));
    expectRefusal(await project.synthesize(), /made from another incident.json/);
  });

  test('refuses an expired plan, until that has been applied', async () => {
    writePlan({ expiresAt: '2026-01-11T10:30:00Z' });
    expectRefusal(await project.synthesize(), /expired at 2026-01-11T10:30:00.000000Z/);
    writeState('restore', 'aws_rds_cluster', {
      cluster_identifier: 'trading-d',
      restore_to_point_in_time: [{ restore_to_time: '2026-01-08T10:12:13Z' }],
    });
    expect(await project.synthesize()).toMatchObject({ exitCode: 0 });
  });

  test('refuses a plan that is not the one by which the drill was restored', async () => {
    writePlan();
    writeState('restore', 'aws_rds_cluster', {
      cluster_identifier: 'trading-d',
      restore_to_point_in_time: [{ restore_to_time: '2026-01-08T10:12:12Z' }],
    });
    expectRefusal(await project.synthesize(), /has restored 'trading-d' to 2026-01-08T10:12:12Z already/);
  });
});

describe('synthesis of the repoint', () => {
  test('declares it beside the restore', async () => {
    project.write('repointPlan', { ...repointPlan(), madeFrom: writeVerification() });
    expect(await project.synthesize()).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(stacks()).toEqual(['repoint', 'restore']);
  });

  test('says what Terraform leaves to the journal, and declares none of it', async () => {
    const targets = [target('/trading/db/host'), secretTarget(), secretTarget({ key: 'reader' })];
    project.write('repointPlan', { ...repointPlan({ targets }), madeFrom: writeVerification() });
    expect(await project.synthesize()).toEqual({
      exitCode: 0,
      stdout: '',
      stderr:
        "note: Terraform leaves secret prod/trading/db to 'npm run apply -- --drill d --stack repoint'\n",
    });
    const file = path.join(project.stackDirectory('repoint'), 'cdk.tf.json');
    const { resource, output } = JSON.parse(readFileSync(file, 'utf8')) as {
      resource: object;
      output: object;
    };
    expect(Object.keys(resource)).toEqual(['aws_ssm_parameter']);
    expect(output).toMatchObject({
      left_to_npm_run_apply: { value: ['prod/trading/db', 'prod/trading/db'] },
    });
  });

  test('takes it onto a database without a passed verification for a reason given', async () => {
    writeVerification(failedVerification());
    const { 'verification.json': _none, ...madeFrom } = writeVerification(failedVerification());
    const overriddenVerification = { reason: 'the check is wrong', instead: 'it failed' };
    project.write('repointPlan', { ...repointPlan({ overriddenVerification }), madeFrom });
    expect(await project.synthesize()).toMatchObject({ exitCode: 0 });
  });

  test('refuses it onto a database that failed verification, but not the way back', async () => {
    const madeFrom = writeVerification(failedVerification());
    project.write('repointPlan', { ...repointPlan(), madeFrom });
    expectRefusal(await project.synthesize(), /the verification of drill 'd' failed: damage-absent/);
    project.write('repointPlan', { ...repointPlan({ direction: 'back' }), madeFrom });
    expect(await project.synthesize()).toMatchObject({ exitCode: 0 });
  });

  test('refuses one whose verification is older than the checks of the team, as planning and a swap do', async () => {
    project.write('repointPlan', { ...repointPlan(), madeFrom: writeVerification() });
    writeFileSync(path.join(project.folder, 'restore-checks.yaml'), 'checks: []');
    const stale = /restore-checks[.]yaml was added since/;
    expectRefusal(await project.synthesize(), stale);
    expectRefusal(await project.script('plan-repoint', '--ssm-parameter', '/trading/db/host'), stale);
    expectRefusal(await project.script('swap-names'), stale);
  });

  test('refuses one that was made from another verification', async () => {
    const plan = writePlan();
    project.write('repointPlan', { ...repointPlan(), madeFrom: writeVerification(verification(), plan) });
    writeVerification(verification({ tookMs: 1 }), plan);
    expectRefusal(await project.synthesize(), /made from another verification.json/);
  });

  test('refuses one whose verification is of another restore plan', async () => {
    const madeFrom = writeVerification();
    const again = writePlan({ account: '123456789012', madeAt: '2026-01-09T00:00:00Z' });
    project.write('repointPlan', {
      ...repointPlan(),
      madeFrom: { ...madeFrom, 'restore-plan.json': again['restore-plan.json'] },
    });
    expectRefusal(await project.synthesize(), /verification.json .* made from another restore-plan.json/);
  });

  test('refuses one that would delete a parameter which Terraform manages already', async () => {
    const madeFrom = writeVerification();
    writeState('repoint', 'aws_ssm_parameter', { name: '/trading/db/host' });
    project.write('repointPlan', { ...repointPlan({ targets: [target('/batch/db/host')] }), madeFrom });
    expectRefusal(await project.synthesize(), /no longer has \/trading\/db\/host/);
  });
});

const AT = '2026-01-08T11:06:00Z';

describe('what was applied', () => {
  const RESTORED = {
    cluster_identifier: 'trading-d',
    endpoint: 'restored.example.com',
    restore_to_point_in_time: [{ restore_to_time: '2026-01-08T10:12:13Z' }],
  };
  const restoredCluster = (): { lifecycle: Record<string, unknown> } => {
    const file = path.join(project.stackDirectory('restore'), 'cdk.tf.json');
    const { resource } = JSON.parse(readFileSync(file, 'utf8')) as {
      resource: { aws_rds_cluster: Record<string, { lifecycle: Record<string, unknown> }> };
    };
    const [cluster] = Object.values(resource.aws_rds_cluster);
    if (cluster === undefined) throw new Error('no cluster was declared');
    return cluster;
  };

  test('cannot be destroyed while the application is on it, and can once it is back', async () => {
    writePlan();
    writeState('restore', 'aws_rds_cluster', RESTORED);
    writeState('repoint', 'aws_ssm_parameter', { name: '/trading/db/host', value: 'restored.example.com' });
    expect(await project.synthesize()).toMatchObject({ exitCode: 0 });
    expect(restoredCluster().lifecycle).toMatchObject({ prevent_destroy: true });
    writeState('repoint', 'aws_ssm_parameter', { name: '/trading/db/host', value: 'source.example.com' });
    expect(await project.synthesize()).toMatchObject({ exitCode: 0 });
    expect(restoredCluster().lifecycle).not.toHaveProperty('prevent_destroy');
  });

  test('counts as in use from the first step that the journal took until the last one back', async () => {
    writePlan();
    writeState('restore', 'aws_rds_cluster', RESTORED);
    const step = { name: 'secret prod/trading/db', beganAt: AT, endedAt: null, version: null };
    const forward = {
      plan: 'a'.repeat(64),
      direction: 'forward',
      plannedAt: AT,
      startedAt: AT,
      endedAt: null,
    } as const;
    const back = { ...forward, direction: 'back' } as const;
    const inUse = async (...runs: RepointJournal['runs']): Promise<boolean> => {
      project.write('repointJournal', { drill: 'd', madeAt: AT, runs });
      expect(await project.synthesize()).toMatchObject({ exitCode: 0 });
      return 'prevent_destroy' in restoredCluster().lifecycle;
    };
    expect(await inUse({ ...forward, steps: [step] })).toBe(true);
    expect(await inUse({ ...forward, steps: [step] }, { ...back, steps: [step] })).toBe(true);
    expect(await inUse({ ...forward, steps: [step] }, { ...back, steps: [{ ...step, endedAt: AT }] })).toBe(
      false,
    );
  });

  test('can be destroyed by itself where the repoint plan is refused', async () => {
    project.write('repointPlan', { ...repointPlan(), madeFrom: writeVerification(failedVerification()) });
    expectRefusal(await project.synthesize(), /npm run apply -- --drill d --stack restore --destroy/);
    expect(await project.synthesize({ STACK: 'restore' })).toMatchObject({ exitCode: 0 });
    expect(stacks()).toEqual(['restore']);
  });

  test('keeps its incident and its plan', async () => {
    writePlan();
    writeState('restore', 'aws_rds_cluster', RESTORED);
    const message = /drill 'd' has restored 'trading-d' already/;
    expectRefusal(await project.script('plan-restore', '--drill', 'd'), message);
    expectRefusal(await project.script('resolve-incident', '--cluster', 'trading', '--drill', 'd'), message);
  });

  test('is not verified again once the application writes there, and says so in JSON too', async () => {
    writePlan();
    writeState('restore', 'aws_rds_cluster', RESTORED);
    writeState('repoint', 'aws_ssm_parameter', { name: '/trading/db/host', value: 'restored.example.com' });
    const ended = await project.script('verify-restore', '--drill', 'd', '--json');
    expectRefusal(ended, /the application is on the restored cluster already \(\/trading\/db\/host\)/);
    expect(JSON.parse(ended.stdout)).toMatchObject({ refused: { reason: 'already-repointed' } });
  });

  test('in one drill does not stand in the way of the next', async () => {
    const notes = path.join(project.stackDirectory('restore'), '.terraform');
    const noteBackend = (statePath: string): void => {
      mkdirSync(notes, { recursive: true });
      const backend = { type: 'local', config: { path: statePath, workspace_dir: null } };
      writeFileSync(path.join(notes, 'terraform.tfstate'), JSON.stringify({ version: 3, backend }));
    };
    writePlan();
    noteBackend(project.path('restore.tfstate'));
    expect(await project.synthesize()).toMatchObject({ exitCode: 0 });
    expect(existsSync(notes)).toBe(true);
    noteBackend(path.join(project.folder, 'drills/other/restore.tfstate'));
    expect(await project.synthesize()).toMatchObject({ exitCode: 0 });
    expect(existsSync(notes)).toBe(false);
  });
});
