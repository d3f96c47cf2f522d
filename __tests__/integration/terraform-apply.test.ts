import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
  RDSClient,
  waitUntilDBInstanceDeleted,
  type DBCluster,
} from '@aws-sdk/client-rds';
import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import { startSandbox, type Sandbox } from '../../sandbox/server';
import { incident } from '../lib/plan/facts';
import { FakeEngine } from '../sandbox/services/rds/fake-engine';
import { DrillProject, terraformEnvironment, type Ended } from './drill-project';

jest.setTimeout(20 * 60_000);

const project = new DrillProject();
const terraform = terraformEnvironment(project.folder);
const describeWithTerraform = terraform === undefined ? describe.skip : describe;
let sandbox: Sandbox;
let rds: RDSClient;

beforeAll(async () => {
  sandbox = await startSandbox({
    say: () => undefined,
    settings: { restorableLagMs: 500 },
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
  await sleep(2500);
  project.write('incident', incident(`${new Date(Date.now() - 1000).toISOString().slice(0, 19)}Z`));
});
afterAll(async () => {
  rds.destroy();
  await sandbox.close();
  project.remove();
});

async function describeCluster(identifier: string): Promise<DBCluster | undefined> {
  const { DBClusters } = await rds.send(
    new DescribeDBClustersCommand({ Filters: [{ Name: 'db-cluster-id', Values: [identifier] }] }),
  );
  return DBClusters?.[0];
}

const guard = (...options: string[]): Promise<Ended> => project.script('guard-plan', ...options);
const apply = (...options: string[]): Promise<Ended> => project.script('apply', ...options);

/** Says what the program said where it failed. */
function expectOk({ exitCode, stderr }: Ended): void {
  if (exitCode !== 0) throw new Error(stderr);
}

/** A file in a folder of its own, whose path it answers with. */
function put(file: string, text: string): string {
  const folder = path.join(project.folder, path.dirname(file));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(project.folder, file), text);
  return folder;
}

const CLUSTER = 'aws_rds_cluster.cluster-trading';
const planFile = project.path('.terraform/guarded/restore.tfplan');

function refusedWith(text: string): { exitCode: number; stderr: string } {
  return { exitCode: 3, stderr: expect.stringContaining(text) as string };
}

describeWithTerraform('the apply of a guarded plan, with real Terraform and the real provider', () => {
  test('refuses what the guard has not let pass, or not like this', async () => {
    expectOk(await project.script('plan-restore', '--instances', '1'));
    expect(await apply()).toMatchObject(refusedWith("let no plan of stack 'restore' of drill 'd' pass"));

    const beside = put('drills/d/cdktf.out/stacks/restore/more.tf', 'locals {}');
    expect(await guard()).toMatchObject(refusedWith('holds more.tf beside cdk.tf.json'));
    rmSync(path.join(beside, 'more.tf'));
    expect(await guard()).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('npm run apply') as string,
    });
    expect(statSync(planFile).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(planFile)).mode & 0o777).toBe(0o700);

    const approved = readFileSync(planFile);
    const changed = Buffer.from(approved);
    changed.writeUInt8((changed.at(100) ?? 0) ^ 1, 100);
    writeFileSync(planFile, changed);
    expect(await apply()).toMatchObject(
      refusedWith('restore.tfplan was changed after the guard let it pass'),
    );
    writeFileSync(planFile, approved);

    const stack = project.path('cdktf.out/stacks/restore/cdk.tf.json');
    const configuration = readFileSync(stack, 'utf8');
    writeFileSync(stack, `${configuration} `);
    expect(await apply()).toMatchObject(refusedWith('cdk.tf.json is another one now'));
    writeFileSync(stack, configuration);

    const file = project.path('restore-plan.json');
    const restorePlan = readFileSync(file, 'utf8');
    const { digest: _, ...body } = JSON.parse(restorePlan) as { digest: string } & RestorePlan;
    project.write('restorePlan', { ...body, madeAt: body.expiresAt });
    expect(await apply()).toMatchObject(refusedWith('restore-plan.json is another one now'));
    writeFileSync(file, restorePlan);

    expect(await apply('--destroy')).toMatchObject(refusedWith('let no plan of a destroy'));
  });

  test('refuses, before Terraform starts, what no longer holds though it was guarded', async () => {
    const file = project.path('restore-plan.json');
    const record = planFile.replace('.tfplan', '.json');
    const [restorePlan, guarded] = [readFileSync(file, 'utf8'), readFileSync(record, 'utf8')];
    const { digest: _, ...body } = JSON.parse(restorePlan) as { digest: string } & RestorePlan;
    /** As if the guard had seen this plan, and time had gone by. */
    const applyLater = (changes: Partial<RestorePlan>): Promise<Ended> => {
      const sha256 = project.write('restorePlan', { ...body, ...changes });
      const approved = { 'restore-plan.json': sha256 };
      writeFileSync(record, JSON.stringify({ ...(JSON.parse(guarded) as object), approved }));
      return apply();
    };
    expect(await applyLater({ expiresAt: body.madeAt.replace(/[.]\d+/, '') })).toMatchObject(
      refusedWith("the restore plan of drill 'd' expired at"),
    );
    expect(await applyLater({ restoreTo: '2001-01-01T00:00:00Z' })).toMatchObject(
      refusedWith('restore point 2001-01-01T00:00:00.000000Z is before'),
    );
    writeFileSync(file, restorePlan);
    writeFileSync(record, guarded);

    const DBInstanceIdentifier = 'trading-d-1';
    await sandbox.createSourceCluster({ identifier: 'other', instances: [DBInstanceIdentifier] });
    expect(await apply()).toMatchObject(
      refusedWith("DB instance 'trading-d-1': made by someone since the restore plan of drill 'd'"),
    );
    expect(await guard('--check-window')).toMatchObject(refusedWith("DB instance 'trading-d-1'"));
    await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
    await waitUntilDBInstanceDeleted(
      { client: rds, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
      { DBInstanceIdentifier },
    );
    expect(await describeCluster('trading-d')).toBeUndefined();
    expectOk(await guard());
  });

  test('a Ctrl-C in the middle leaves a cluster that is not restored anew, and the way on', async () => {
    const running = spawn(
      process.execPath,
      ['--import', require.resolve('tsx'), path.resolve('scripts/apply.ts')],
      {
        cwd: project.folder,
        env: { ...process.env, ...project.env },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let stderr = '';
    running.stderr.on('data', (chunk) => (stderr += String(chunk)));
    const ended = once(running, 'exit');
    while ((await describeCluster('trading-d')) === undefined && running.exitCode === null) await sleep(100);
    running.kill('SIGINT');
    await sleep(100);
    running.kill('SIGINT');
    expect(await ended).toEqual([3, null]);
    expect(stderr).toContain('Terraform was interrupted; it has ended and written its state');
    expect(stderr).toContain(`${CLUSTER} (unfinished, marked as tainted)`);
    expect(stderr).toContain(`drills/d/cdktf.out/stacks/restore untaint '${CLUSTER}'`);
    expect(readdirSync(path.dirname(planFile))).toEqual([]);

    const anew = await guard();
    expect(anew.exitCode).toBe(3);
    expect(anew.stdout).toContain(`'terraform untaint ${CLUSTER}' keeps it`);
  });

  test('the interrupted restore is finished, and leaves for the state of another stack', async () => {
    const id = (await describeCluster('trading-d'))?.DbClusterResourceId;
    while ((await describeCluster('trading-d'))?.Status !== 'available') await sleep(200);
    expectOk(await project.terraformIn(project.path('cdktf.out/stacks/restore'), 'untaint', CLUSTER));
    // what RDS takes only after the restore is still to be set
    await rds.send(
      new ModifyDBClusterCommand({ DBClusterIdentifier: 'trading-d', BackupRetentionPeriod: 1 }),
    );
    while ((await describeCluster('trading-d'))?.Status !== 'available') await sleep(200);

    expectOk(await guard('--check-window'));
    const applied = await apply('--json');
    expectOk(applied);
    expect(JSON.parse(applied.stdout)).toMatchObject({
      outputs: { restored: { trading: { cluster_identifier: 'trading-d', port: 3306 } } },
    });
    expect(applied.stderr).toContain('Apply complete! Resources: 1 added, 1 changed, 0 destroyed.');
    const restored = await describeCluster('trading-d');
    expect(restored).toMatchObject({ DbClusterResourceId: id, BackupRetentionPeriod: 7 });
    expect(await apply()).toMatchObject(refusedWith('let no plan'));

    // as docs/ADOPTION.md says
    const release = put('release/main.tf', releaseConfiguration(project.path('restore.tfstate')));
    expectOk(await project.terraformIn(release, 'init'));
    const released = await project.terraformIn(release, 'apply', '-auto-approve');
    expect(released.stdout).toContain('0 added, 0 changed, 0 destroyed');
    const owner = put('owner/main.tf', ownerConfiguration(restored));
    expectOk(await project.terraformIn(owner, 'init'));
    const adopted = await project.terraformIn(owner, 'apply', '-auto-approve');
    expect(adopted.stdout).toContain('Plan: 2 to import, 0 to add, 0 to change, 0 to destroy.');
    expect(await project.terraformIn(owner, 'plan', '-detailed-exitcode')).toMatchObject({ exitCode: 0 });

    expectOk(await guard('--destroy'));
    expect((await apply('--destroy')).stderr).toContain('0 added, 0 changed, 0 destroyed');
    expect(await describeCluster('trading-d')).toMatchObject({
      DbClusterResourceId: id,
      Status: 'available',
    });
  });
});

const PROVIDER = `
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.100.0, < 7.0.0" }
  }`;

function releaseConfiguration(state: string): string {
  const removed = [CLUSTER, 'aws_rds_cluster_instance.instance-trading-1'].map(
    (address) => `removed {\n  from = ${address}\n  lifecycle { destroy = false }\n}\n`,
  );
  return `terraform {
  required_version = ">= 1.7"${PROVIDER}
  backend "local" {
    path = "${state}"
  }
}
provider "aws" {}
${removed.join('')}`;
}

function ownerConfiguration(cluster: DBCluster | undefined): string {
  const tags = (name: string): string => {
    const own = (cluster?.TagList ?? []).filter(({ Key }) => Key?.startsWith('restore-drill') === true);
    const shared = name === 'trading-d' ? (cluster?.TagList ?? []) : [...own, { Key: 'Name', Value: name }];
    return `{ ${shared.map(({ Key, Value }) => `"${Key ?? ''}" = "${Value ?? ''}"`).join(', ')} }`;
  };
  return `terraform {${PROVIDER}
}
provider "aws" {}
import {
  to = aws_rds_cluster.trading
  id = "trading-d"
}
import {
  to = aws_rds_cluster_instance.trading_1
  id = "trading-d-1"
}
resource "aws_rds_cluster" "trading" {
  cluster_identifier              = "trading-d"
  engine                          = "aurora-mysql"
  db_cluster_parameter_group_name = "${cluster?.DBClusterParameterGroup ?? ''}"
  db_subnet_group_name            = "${cluster?.DBSubnetGroup ?? ''}"
  vpc_security_group_ids          = ["${cluster?.VpcSecurityGroups?.[0]?.VpcSecurityGroupId ?? ''}"]
  kms_key_id                      = "${cluster?.KmsKeyId ?? ''}"
  storage_encrypted               = true
  enabled_cloudwatch_logs_exports = ["audit"]
  backup_retention_period         = 7
  copy_tags_to_snapshot           = true
  skip_final_snapshot             = true
  tags                            = ${tags('trading-d')}
}
resource "aws_rds_cluster_instance" "trading_1" {
  identifier              = "trading-d-1"
  cluster_identifier      = aws_rds_cluster.trading.id
  engine                  = aws_rds_cluster.trading.engine
  instance_class          = "db.r6g.large"
  db_parameter_group_name = "trading-parameters"
  copy_tags_to_snapshot   = true
  tags                    = ${tags('trading-d-1')}
}
`;
}
