import type { RestorePlan } from '../../lib/artefacts';
import type { SourceCluster } from '../../lib/plan/source-cluster';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { AppConfigStack } from '../../stacks/app-config-stack';
import { RestoredClusterStack } from '../../stacks/restored-cluster-stack';
import { repointPlan } from '../lib/cutover/facts';
import { planned, sourceCluster, sourceInstance } from '../lib/plan/facts';
import { DrillProject, terraformEnvironment } from './drill-project';
import { synthesize } from '../stacks/synthesize';

jest.setTimeout(3 * 60_000);

const project = new DrillProject();
const terraform = terraformEnvironment(project.folder);
const describeWithTerraform = terraform === undefined ? describe.skip : describe;
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ say: () => undefined, settings: { accountId: '123456789012' } });
  project.env = { ...sandbox.env, ...terraform };
});
afterAll(async () => {
  await sandbox.close();
  project.remove();
});

const minimal: Partial<SourceCluster> = {
  kmsKeyId: null,
  logExports: [],
  networkType: null,
  storageType: 'aurora',
  tags: {},
  instances: [
    sourceInstance({
      isWriter: true,
      monitoring: null,
      performanceInsights: null,
      caCertificate: null,
      tags: {},
    }),
  ],
};
const serverless: Partial<SourceCluster> = {
  serverlessV2: { minCapacity: 0, maxCapacity: 16, secondsUntilAutoPause: 300 },
  backtrackWindowSeconds: 86_400,
  roles: [{ arn: 'arn:aws:iam::123456789012:role/load', feature: null }],
  instances: [
    sourceInstance({ isWriter: true }),
    sourceInstance({ identifier: 'trading-b', instanceClass: 'db.serverless' }),
  ],
};
const postgres: Partial<SourceCluster> = {
  engine: 'aurora-postgresql',
  engineVersion: '16.4',
  logExports: ['postgresql'],
  roles: [
    { arn: 'arn:aws:iam::123456789012:role/s3', feature: 's3Import' },
    { arn: 'arn:aws:iam::123456789012:role/lambda', feature: 'Lambda' },
  ],
};

function restoreStack(source: Partial<SourceCluster>, over: Partial<RestorePlan> = {}): string {
  const plan: RestorePlan = { schemaVersion: 1, ...planned({ source: sourceCluster(source) }), ...over };
  return synthesize((app) => new RestoredClusterStack(app, plan, project.path()));
}

describeWithTerraform('what the stacks declare, to real Terraform and the real provider', () => {
  test.each([
    ['every setting', restoreStack({}), 3],
    ['few settings', restoreStack(minimal), 2],
    ['serverless instances, backtrack and a role', restoreStack(serverless), 3],
    ['Aurora PostgreSQL and its roles', restoreStack(postgres), 5],
  ])('is valid, and plans to create the restored cluster alone: %s', async (_, configuration, created) => {
    project.writeStack('restore', configuration);
    expect(await project.terraform('restore', 'init', '-input=false')).toMatchObject({ exitCode: 0 });
    expect(await project.terraform('restore', 'validate')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('The configuration is valid') as string,
    });
    const plan = await project.terraform('restore', 'plan', '-input=false');
    expect(plan.stderr).toBe('');
    expect(plan.stdout).toContain(`Plan: ${created} to add, 0 to change, 0 to destroy.`);
  });

  test('is valid for a repoint', async () => {
    project.writeStack(
      'repoint',
      synthesize((app) => new AppConfigStack(app, repointPlan(), project.path())),
    );
    expect(await project.terraform('repoint', 'init', '-input=false')).toMatchObject({ exitCode: 0 });
    expect(await project.terraform('repoint', 'validate')).toMatchObject({ exitCode: 0 });
  });

  test('cannot be planned with credentials of another account than the approved one', async () => {
    project.writeStack('restore', restoreStack({}, { account: '210987654321' }));
    expect(await project.terraform('restore', 'init', '-input=false')).toMatchObject({ exitCode: 0 });
    expect(await project.terraform('restore', 'plan', '-input=false')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('AWS account ID not allowed: 123456789012') as string,
    });
  });
});
