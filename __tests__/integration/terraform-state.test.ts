import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { repointPlan, target } from '../lib/cutover/facts';
import { incident, restorePlan } from '../lib/plan/facts';
import { FakeEngine } from '../sandbox/services/rds/fake-engine';
import { DrillProject, terraformEnvironment, type Ended } from './drill-project';

jest.setTimeout(20 * 60_000);

const project = new DrillProject();
const terraform = terraformEnvironment(project.folder);
const describeWithTerraform = terraform === undefined ? describe.skip : describe;
const REPOINT = target('/trading/db/host');
const KEY = 'team/d/repoint.tfstate';
let sandbox: Sandbox;
let s3: S3Client;
let ssm: SSMClient;

beforeAll(async () => {
  sandbox = await startSandbox({
    say: () => undefined,
    settings: { accountId: '123456789012', region: 'eu-central-1' },
    openEngine: () => Promise.resolve(new FakeEngine()),
  });
  project.env = { ...sandbox.env, ...terraform };
  const client = {
    endpoint: sandbox.endpointUrl,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  s3 = new S3Client({ ...client, forcePathStyle: true });
  ssm = new SSMClient(client);
  await s3.send(new CreateBucketCommand({ Bucket: 'acme-state' }));
  await ssm.send(new PutParameterCommand({ Name: REPOINT.name, Value: REPOINT.newValue, Type: 'String' }));
  writeFileSync(
    path.join(project.folder, 'restore-drill.yaml'),
    'state: { s3: { bucket: acme-state, prefix: team, region: eu-central-1, usePathStyle: true } }',
  );
  const { schemaVersion: _restore, ...restore } = restorePlan({ drill: 'd' });
  const { schemaVersion: _repoint, ...repoint } = repointPlan({ targets: [REPOINT] });
  const madeFrom = { 'incident.json': project.write('incident', incident(restore.restoreTo)) };
  const sha256 = project.write('restorePlan', { ...restore, madeFrom });
  // the way back: it needs no verification
  project.write('repointPlan', { ...repoint, direction: 'back', madeFrom: { 'restore-plan.json': sha256 } });
});
afterAll(async () => {
  s3.destroy();
  ssm.destroy();
  await sandbox.close();
  project.remove();
});

/** Says what the program said where it failed. */
function expectOk({ exitCode, stdout, stderr }: Ended): void {
  if (exitCode !== 0) throw new Error(`${stdout}${stderr}`);
}

const guard = (): Promise<Ended> => project.script('guard-plan', '--stack', 'repoint');

async function object(key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'acme-state', Key: key }));
    return await Body?.transformToString();
  } catch {
    return undefined;
  }
}

const lock = JSON.stringify({
  ID: '11111111-2222-3333-4444-555555555555',
  Operation: 'OperationTypeApply',
  Info: '',
  Who: 'someone@elsewhere',
  Version: '1.11.4',
  Created: '2026-01-08T10:00:00Z',
  Path: `acme-state/${KEY}`,
});

describeWithTerraform("Terraform's state in S3, with real Terraform", () => {
  test('is kept there and locked there, and what was applied is read from there', async () => {
    expectOk(await guard());
    expectOk(await project.script('apply', '--stack', 'repoint'));
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: REPOINT.name }));
    expect(Parameter?.Value).toBe(REPOINT.oldValue);
    expect(JSON.parse((await object(KEY)) ?? '')).toMatchObject({
      version: 4,
      resources: [{ type: 'aws_ssm_parameter' }],
    });
    // Terraform has let go of its lock
    expect(await object(`${KEY}.tflock`)).toBeUndefined();
  });

  test('waits for another plan or apply, and says who holds the lock', async () => {
    await s3.send(new PutObjectCommand({ Bucket: 'acme-state', Key: `${KEY}.tflock`, Body: lock }));
    const preflight = await project.script('preflight');
    expect(preflight.stdout).toContain(`warn  terraform lock: ${KEY} is locked by someone@elsewhere`);
    expect(preflight.stdout).toContain('terraform force-unlock 11111111-2222-3333-4444-555555555555');
    const stack = project.path('cdktf.out/stacks/repoint');
    const refused = await project.terraformIn(stack, 'plan', '-input=false', '-lock-timeout=0s');
    expect(refused.stderr).toContain('Error acquiring the state lock');

    const waiting = guard();
    await sleep(6000);
    await s3.send(new DeleteObjectCommand({ Bucket: 'acme-state', Key: `${KEY}.tflock` }));
    expectOk(await waiting);
  });
});
