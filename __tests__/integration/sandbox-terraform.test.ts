import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { valueOf } from '../../lib/errors';
import { setUpTerraform } from '../../lib/terraform/terraform-environment';
import type { SourceCluster } from '../../sandbox/scenario/scenario-host';
import { startSandbox, type Sandbox } from '../../sandbox/server';

jest.setTimeout(20 * 60_000);

const folder = mkdtempSync(path.join(tmpdir(), 'sandbox-terraform-'));
const said: string[] = [];
let sandbox: Sandbox;
let source: SourceCluster;
let env: NodeJS.ProcessEnv;
let restoreToTime: string;

beforeAll(async () => {
  const setup = valueOf(await setUpTerraform({ env: process.env, directory: folder }));
  sandbox = await startSandbox({ settings: { restorableLagMs: 500 }, say: (line) => said.push(line) });
  env = { ...process.env, ...sandbox.env, ...setup.environment };
  sandbox.putParameter('/shop/db/host', '127.0.0.1', 'database host');
  source = await sandbox.createSourceCluster({ identifier: 'shop', instances: ['shop-1'] });
  const connection = await mysql.createConnection(connectionTo(source.host));
  await connection.query('CREATE DATABASE shop');
  await connection.query("CREATE TABLE shop.items AS SELECT 'bread' AS name");
  await sandbox.call('rds', 'CreateDBClusterSnapshot', {
    DBClusterIdentifier: 'shop',
    DBClusterSnapshotIdentifier: 'shop-nightly',
  });
  await sleep(1100);
  // a whole second between the two changes
  restoreToTime = `${new Date().toISOString().slice(0, 19)}Z`;
  await sleep(1100);
  await connection.query('DELETE FROM shop.items');
  await connection.end();
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

const connectionTo = (host: string): mysql.ConnectionOptions => ({
  host,
  port: source.port,
  user: source.masterUsername,
  password: source.masterPassword,
});

/** Runs terraform and answers with its exit code and what it printed. */
function terraform(...args: string[]): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve) => {
    const command = [`-chdir=${folder}`, ...args, '-no-color', '-input=false'];
    execFile('terraform', command, { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      resolve({ exitCode: typeof code === 'number' ? code : 1, output: stdout + stderr });
    });
  });
}

/** Three copies, so that the provider's fixed waits pass side by side: one as a drill makes it, one bare, one of a snapshot. */
const configuration = (tag: string, value: string): string => `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.100.0, < 7.0.0" }
  }
}
provider "aws" {}

data "aws_rds_cluster" "source" { cluster_identifier = "shop" }

resource "aws_rds_cluster" "like_source" {
  cluster_identifier              = "shop-copy"
  engine                          = data.aws_rds_cluster.source.engine
  db_cluster_parameter_group_name = data.aws_rds_cluster.source.db_cluster_parameter_group_name
  db_subnet_group_name            = data.aws_rds_cluster.source.db_subnet_group_name
  vpc_security_group_ids          = data.aws_rds_cluster.source.vpc_security_group_ids
  kms_key_id                      = data.aws_rds_cluster.source.kms_key_id
  enabled_cloudwatch_logs_exports = ["audit"]
  iam_roles                       = ["arn:aws:iam::000000000000:role/import"]
  copy_tags_to_snapshot           = true
  deletion_protection             = false
  skip_final_snapshot             = true
  apply_immediately               = true
  tags                            = { drill = "${tag}" }
  restore_to_point_in_time {
    source_cluster_identifier = "shop"
    restore_to_time           = "${restoreToTime}"
  }
}

resource "aws_rds_cluster_instance" "like_source" {
  identifier              = "shop-copy-1"
  cluster_identifier      = aws_rds_cluster.like_source.id
  engine                  = aws_rds_cluster.like_source.engine
  instance_class          = "db.r6g.large"
  db_parameter_group_name = "shop-parameters"
  promotion_tier          = 0
  tags                    = { drill = "${tag}" }
}

resource "aws_rds_cluster" "bare" {
  cluster_identifier  = "shop-bare"
  engine              = "aurora-mysql"
  skip_final_snapshot = true
  tags                = { drill = "${tag}" }
  restore_to_point_in_time {
    source_cluster_identifier  = "shop"
    use_latest_restorable_time = true
  }
}

resource "aws_rds_cluster" "of_snapshot" {
  cluster_identifier              = "shop-nightly-copy"
  engine                          = "aurora-mysql"
  engine_version                  = data.aws_rds_cluster.source.engine_version
  snapshot_identifier             = "shop-nightly"
  db_cluster_parameter_group_name = "shop-cluster-parameters"
  backup_retention_period         = 3
  preferred_backup_window         = "04:00-04:30"
  copy_tags_to_snapshot           = true
  skip_final_snapshot             = false
  final_snapshot_identifier       = "shop-nightly-copy-final"
  tags                            = { drill = "${tag}" }
}

import {
  to = aws_ssm_parameter.adopted
  id = "/shop/db/host"
}
resource "aws_ssm_parameter" "adopted" {
  name        = "/shop/db/host"
  description = "database host"
  type        = "String"
  value       = ${value}
}

resource "aws_ssm_parameter" "new" {
  name  = "/shop/db/password"
  type  = "SecureString"
  value = "open sesame"
  tags  = { drill = "${tag}" }
}
`;

test('real Terraform restores, adopts, finds nothing left to do, changes and destroys', async () => {
  writeFileSync(path.join(folder, 'main.tf'), configuration('one', 'aws_rds_cluster.like_source.endpoint'));
  expect(await terraform('init')).toMatchObject({ exitCode: 0 });
  const applied = await terraform('apply', '-auto-approve');
  expect(applied.output).toContain('Resources: 1 imported, 5 added, 1 changed, 0 destroyed');

  const copy = sandbox.clusters().find(({ id }) => id === 'shop-copy');
  const connection = await mysql.createConnection(connectionTo(copy?.endpoint ?? ''));
  const [rows] = await connection.query('SELECT name FROM shop.items');
  await connection.end();
  expect(rows).toEqual([{ name: 'bread' }]);

  const unchanged = await terraform('plan', '-detailed-exitcode');
  expect(unchanged).toMatchObject({ exitCode: 0, output: expect.stringContaining('No changes') as string });

  writeFileSync(path.join(folder, 'main.tf'), configuration('two', '"127.0.0.2"'));
  const changed = await terraform('apply', '-auto-approve');
  expect(changed.output).toContain('Resources: 0 added, 6 changed, 0 destroyed');
  expect(await terraform('plan', '-detailed-exitcode')).toMatchObject({ exitCode: 0 });

  const destroyed = await terraform('destroy', '-auto-approve');
  expect(destroyed.output).toContain('Resources: 6 destroyed');
  expect(sandbox.clusters().map(({ id }) => id)).toEqual(['shop']);
  const { DBClusterSnapshots } = (await sandbox.call('rds', 'DescribeDBClusterSnapshots', {
    DBClusterIdentifier: 'shop-nightly-copy',
  })) as { DBClusterSnapshots: object[] };
  expect(DBClusterSnapshots).toMatchObject([
    {
      DBClusterSnapshotIdentifier: 'shop-nightly-copy-final',
      Status: 'available',
      TagList: [{ Key: 'drill', Value: 'two' }],
    },
  ]);
  // nothing but the provider's own look at what is gone was refused
  expect(said.filter((line) => !line.endsWith(' 404'))).toEqual([]);
});

test('a restore outside the window fails in the words of RDS, and makes nothing', async () => {
  const early = '2001-01-01T00:00:00Z';
  const text = configuration('one', '"127.0.0.2"').replace(restoreToTime, early);
  writeFileSync(path.join(folder, 'main.tf'), text);
  const applied = await terraform('apply', '-auto-approve', '-target=aws_rds_cluster.like_source');
  expect(applied.exitCode).toBe(1);
  // Terraform wraps lines at its own width
  expect(applied.output.replace(/\s*[│\n]\s*/g, ' ')).toContain('InvalidParameterValue');
  expect(sandbox.clusters().map(({ id }) => id)).toEqual(['shop']);
});
