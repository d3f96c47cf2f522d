import { rmSync } from 'node:fs';
import {
  AddTagsToResourceCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { microsFromMillis } from '../../lib/time';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { restoredEndpoint, sourceEndpoint, verification } from '../lib/cutover/facts';
import { incident, planned, sourceCluster } from '../lib/plan/facts';
import { DrillProject, terraformEnvironment } from './drill-project';

jest.setTimeout(3 * 60_000);

const project = new DrillProject();
const terraform = terraformEnvironment(project.folder);
const describeWithTerraform = terraform === undefined ? describe.skip : describe;
const NAME = '/trading/db/host';
const OTHER = '/batch/db/host';
let sandbox: Sandbox;
let ssm: SSMClient;

beforeAll(async () => {
  sandbox = await startSandbox({
    say: () => undefined,
    settings: { accountId: '123456789012', region: 'eu-central-1' },
  });
  project.env = { ...sandbox.env, ...terraform };
  ssm = new SSMClient({
    endpoint: sandbox.endpointUrl,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  for (const name of [NAME, OTHER]) {
    await ssm.send(
      new PutParameterCommand({
        Name: name,
        Value: sourceEndpoint,
        Type: 'String',
        Description: 'of the application',
      }),
    );
    await ssm.send(
      new AddTagsToResourceCommand({
        ResourceType: 'Parameter',
        ResourceId: name,
        Tags: [{ Key: 'owner', Value: 'trading' }],
      }),
    );
  }
  const incidentSha256 = project.write('incident', incident('2026-01-08T10:12:13Z'));
  const source = sourceCluster({ backupRetentionDays: 35_000 });
  const plan = planned({ incidentSha256, source, now: microsFromMillis(Date.now()) });
  const planSha256 = project.write('restorePlan', plan);
  project.write('verification', {
    ...verification(),
    madeFrom: { 'incident.json': incidentSha256, 'restore-plan.json': planSha256 },
  });
});
afterAll(async () => {
  ssm.destroy();
  await sandbox.close();
  project.remove();
});

async function parameter(name: string): Promise<{ value: string | undefined; version: number | undefined }> {
  const { Parameter: found } = await ssm.send(new GetParameterCommand({ Name: name }));
  return { value: found?.Value, version: found?.Version };
}

async function owner(name: string): Promise<string | undefined> {
  const { TagList } = await ssm.send(
    new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: name }),
  );
  return TagList?.map(({ Key, Value }) => `${Key ?? ''}=${Value ?? ''}`).join();
}

async function apply(...args: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  expect(await project.script('plan-repoint', ...args)).toMatchObject({ exitCode: 0 });
  expect(await project.synthesize()).toMatchObject({ exitCode: 0 });
  expect(await project.terraform('repoint', 'init', '-input=false')).toMatchObject({ exitCode: 0 });
  return project.terraform('repoint', 'apply', '-auto-approve', '-input=false');
}

/** Exit code 0 says that nothing would change. */
async function expectNoChange(): Promise<void> {
  expect(await project.terraform('repoint', 'plan', '-detailed-exitcode', '-input=false')).toMatchObject({
    exitCode: 0,
  });
}

// each test goes on where the one before it ended, as a repoint does
describeWithTerraform('the repoint of an SSM parameter, with real Terraform and the real provider', () => {
  test('adopts the parameter and updates it in place', async () => {
    const applied = await apply('--ssm-parameter', NAME);
    expect(applied.stderr).toBe('');
    expect(applied.stdout).toContain('Plan: 1 to import, 0 to add, 1 to change, 0 to destroy.');
    expect(await parameter(NAME)).toEqual({ value: restoredEndpoint, version: 2 });
    expect(await owner(NAME)).toBe('owner=trading');
    await expectNoChange();
  });

  test('keeps an earlier target in a plan that names another one', async () => {
    const applied = await apply('--ssm-parameter', OTHER);
    expect(applied.stdout).toContain('Plan: 1 to import, 0 to add, 1 to change, 0 to destroy.');
    expect(await parameter(NAME)).toEqual({ value: restoredEndpoint, version: 2 });
    expect(await parameter(OTHER)).toEqual({ value: restoredEndpoint, version: 2 });
    await expectNoChange();
  });

  test('sees a value that someone else has set since', async () => {
    await ssm.send(new PutParameterCommand({ Name: OTHER, Value: 'x.example.com', Overwrite: true }));
    expect(await project.terraform('repoint', 'plan', '-detailed-exitcode', '-input=false')).toMatchObject({
      exitCode: 2,
    });
    const refused = await project.script('plan-repoint', '--back');
    expect(refused).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("'/batch/db/host' holds 'x.example.com'") as string,
    });
    await ssm.send(new PutParameterCommand({ Name: OTHER, Value: restoredEndpoint, Overwrite: true }));
  });

  test('goes back to the values from before', async () => {
    const applied = await apply('--back');
    expect(applied.stdout).toContain('Plan: 0 to add, 2 to change, 0 to destroy.');
    expect((await parameter(NAME)).value).toBe(sourceEndpoint);
    expect((await parameter(OTHER)).value).toBe(sourceEndpoint);
    await expectNoChange();
  });

  test('never deletes a parameter, whether destroyed or left out', async () => {
    const destroyed = await project.terraform('repoint', 'destroy', '-auto-approve', '-input=false');
    expect(destroyed).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Instance cannot be destroyed') as string,
    });

    rmSync(project.path('repoint-plan.json'));
    await project.script('plan-repoint', '--ssm-parameter', NAME);
    expect(await project.synthesize()).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`no longer has ${OTHER}`) as string,
    });
    expect((await parameter(NAME)).value).toBe(sourceEndpoint);
    expect((await parameter(OTHER)).value).toBe(sourceEndpoint);
    expect(await owner(OTHER)).toBe('owner=trading');
  });
});
