import type { PlanWishes } from '../../lib/plan/plan-restore';
import type { SourceCluster } from '../../lib/plan/source-cluster';
import { RestoredClusterStack } from '../../stacks/restored-cluster-stack';
import {
  deletedPlan,
  ledgerCluster,
  restorePlan,
  snapshotPlan,
  sourceCluster,
  sourceInstance,
} from '../lib/plan/facts';
import { localState } from '../../lib/terraform/state-location';
import { synthesize } from './synthesize';

function synthesized(source: Partial<SourceCluster> = {}, wishes: Partial<PlanWishes> = {}): string {
  return synthesizedPlan({ source: sourceCluster(source) }, wishes);
}

function synthesizedPlan(...args: Parameters<typeof restorePlan>): string {
  const [facts, ...rest] = args;
  const plan = restorePlan({ drill: '2026-01-08-accounts', ...facts }, ...rest);
  return synthesize((app) => new RestoredClusterStack(app, plan, localState('/repo/drills/d')));
}

interface Synthesized {
  resource: Record<string, Record<string, Record<string, unknown>>>;
}

function resources(...args: Parameters<typeof synthesized>): Synthesized['resource'] {
  return (JSON.parse(synthesized(...args)) as Synthesized).resource;
}

function cluster(source: Partial<SourceCluster> = {}): Record<string, unknown> {
  return resources(source)['aws_rds_cluster']?.['cluster-trading'] ?? {};
}

describe('RestoredClusterStack', () => {
  test("gives an instance the maintenance window of the source's", () => {
    const instances = [sourceInstance({ isWriter: true, maintenanceWindow: 'sat:01:00-sat:01:30' })];
    expect(resources({ instances })['aws_rds_cluster_instance']?.['instance-trading-1']).toMatchObject({
      preferred_maintenance_window: 'sat:01:00-sat:01:30',
    });
  });

  test('declares the plan to Terraform', () => {
    expect(synthesized({}, { instances: { count: 1, instanceClass: 'db.t4g.medium' } }))
      .toMatchInlineSnapshot(`
     "{
       "output": {
         "restored": {
           "description": "each restored cluster, by the source that it was restored from",
           "value": {
             "trading": {
               "cluster_identifier": "\${aws_rds_cluster.cluster-trading.cluster_identifier}",
               "endpoint": "\${aws_rds_cluster.cluster-trading.endpoint}",
               "port": "\${aws_rds_cluster.cluster-trading.port}",
               "reader_endpoint": "\${aws_rds_cluster.cluster-trading.reader_endpoint}"
             }
           }
         }
       },
       "provider": {
         "aws": [
           {
             "allowed_account_ids": [
               "123456789012"
             ],
             "region": "eu-central-1"
           }
         ]
       },
       "resource": {
         "aws_rds_cluster": {
           "cluster-trading": {
             "apply_immediately": true,
             "backup_retention_period": 7,
             "cluster_identifier": "trading-2026-01-08-accounts",
             "copy_tags_to_snapshot": true,
             "db_cluster_parameter_group_name": "trading-cluster",
             "db_subnet_group_name": "databases",
             "deletion_protection": false,
             "enabled_cloudwatch_logs_exports": [
               "audit",
               "error"
             ],
             "engine": "aurora-mysql",
             "iam_database_authentication_enabled": true,
             "kms_key_id": "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
             "lifecycle": {
               "ignore_changes": [
                 "restore_to_point_in_time"
               ]
             },
             "network_type": "IPV4",
             "port": 3307,
             "preferred_backup_window": "01:30-02:00",
             "preferred_maintenance_window": "sun:03:00-sun:03:30",
             "restore_to_point_in_time": {
               "restore_to_time": "2026-01-08T10:12:13Z",
               "source_cluster_identifier": "trading"
             },
             "skip_final_snapshot": true,
             "storage_type": "aurora-iopt1",
             "tags": {
               "restore-drill": "2026-01-08-accounts",
               "restore-drill-expires": "2026-01-11T10:30:00Z",
               "restore-drill-point": "2026-01-08T10:12:13Z",
               "restore-drill-source": "trading",
               "team": "trading"
             },
             "vpc_security_group_ids": [
               "sg-0a1b2c3d4e5f60718"
             ]
           }
         },
         "aws_rds_cluster_instance": {
           "instance-trading-1": {
             "apply_immediately": true,
             "auto_minor_version_upgrade": false,
             "ca_cert_identifier": "rds-ca-rsa2048-g1",
             "cluster_identifier": "\${aws_rds_cluster.cluster-trading.id}",
             "copy_tags_to_snapshot": true,
             "db_parameter_group_name": "trading-instance",
             "db_subnet_group_name": "databases",
             "engine": "aurora-mysql",
             "identifier": "trading-2026-01-08-accounts-1",
             "instance_class": "db.t4g.medium",
             "monitoring_interval": 30,
             "monitoring_role_arn": "arn:aws:iam::123456789012:role/rds-monitoring",
             "performance_insights_enabled": true,
             "performance_insights_retention_period": 31,
             "promotion_tier": 0,
             "publicly_accessible": false,
             "tags": {
               "restore-drill": "2026-01-08-accounts",
               "restore-drill-expires": "2026-01-11T10:30:00Z",
               "restore-drill-point": "2026-01-08T10:12:13Z",
               "restore-drill-source": "trading",
               "team": "trading"
             }
           }
         }
       },
       "terraform": {
         "backend": {
           "local": {
             "path": "/repo/drills/d/restore.tfstate"
           }
         },
         "required_providers": {
           "aws": {
             "source": "aws",
             "version": ">= 5.100.0, < 7.0.0"
           }
         },
         "required_version": ">= 1.5.0, < 2.0.0"
       }
     }"
    `);
  });

  test('names nothing that would replace the restored cluster on a later plan', () => {
    const argumentsThatReplace = [
      'master_username',
      'database_name',
      'availability_zones',
      'storage_encrypted',
      'engine_version',
      'snapshot_identifier',
    ];
    for (const argument of argumentsThatReplace) expect(cluster()).not.toHaveProperty(argument);
    expect(cluster()['lifecycle']).toEqual({ ignore_changes: ['restore_to_point_in_time'] });
  });

  test('leaves out what the source does not have, so that the provider sends no more than needed', () => {
    const bare = cluster({
      kmsKeyId: null,
      networkType: null,
      storageType: 'aurora',
      logExports: [],
    });
    for (const argument of [
      'kms_key_id',
      'network_type',
      'storage_type',
      'enabled_cloudwatch_logs_exports',
      'backtrack_window',
      'serverlessv2_scaling_configuration',
      'iam_roles',
    ]) {
      expect(bare).not.toHaveProperty(argument);
    }
  });

  test('carries serverless scaling and backtrack over', () => {
    expect(
      cluster({
        serverlessV2: { minCapacity: 0, maxCapacity: 16, secondsUntilAutoPause: 300 },
        backtrackWindowSeconds: 86_400,
      }),
    ).toMatchObject({
      serverlessv2_scaling_configuration: {
        min_capacity: 0,
        max_capacity: 16,
        seconds_until_auto_pause: 300,
      },
      backtrack_window: 86_400,
    });
  });

  test('gives roles with a feature an association each, and others to the cluster', () => {
    const roles = [
      { arn: 'arn:aws:iam::123456789012:role/load', feature: null },
      { arn: 'arn:aws:iam::123456789012:role/s3', feature: 's3Import' },
    ];
    const declared = resources({ roles });
    expect(declared['aws_rds_cluster']?.['cluster-trading']).toMatchObject({
      iam_roles: ['arn:aws:iam::123456789012:role/load'],
    });
    expect(Object.values(declared['aws_rds_cluster_role_association'] ?? {})).toEqual([
      expect.objectContaining({ feature_name: 's3Import', role_arn: 'arn:aws:iam::123456789012:role/s3' }),
    ]);
  });

  test.each([
    [
      'waits for the writer where a replica has another class',
      'db.r7g.large',
      ['aws_rds_cluster_instance.instance-trading-1'],
    ],
    ['makes instances of one class side by side', 'db.r7g.2xlarge', undefined],
  ])('%s', (_, instanceClass, expected) => {
    const instances = [
      sourceInstance({ isWriter: true }),
      sourceInstance({ identifier: 'trading-b', instanceClass }),
    ];
    expect(
      resources({ instances })['aws_rds_cluster_instance']?.['instance-trading-2']?.['depends_on'],
    ).toEqual(expected);
  });

  test('declares a further cluster beside the first, and changes nothing of that', () => {
    const parse = (text: string): Synthesized['resource'] => (JSON.parse(text) as Synthesized).resource;
    const alone = parse(synthesizedPlan());
    const both = parse(synthesizedPlan({ further: [{ source: ledgerCluster() }] }));
    for (const [type, declared] of Object.entries(alone)) expect(both[type]).toMatchObject(declared);
    expect(both['aws_rds_cluster']?.['cluster-ledger']).toMatchObject({
      cluster_identifier: 'ledger-2026-01-08-accounts',
      restore_to_point_in_time: {
        source_cluster_identifier: 'ledger',
        restore_to_time: '2026-01-08T10:12:13Z',
      },
      tags: { team: 'ledger', 'restore-drill-source': 'ledger' },
    });
    expect(Object.keys(both['aws_rds_cluster_instance'] ?? {})).toEqual([
      'instance-ledger-1',
      'instance-trading-1',
      'instance-trading-2',
    ]);
    expect(both['aws_rds_cluster_instance']?.['instance-ledger-1']).toMatchObject({
      cluster_identifier: '${aws_rds_cluster.cluster-ledger.id}',
    });
  });

  test('fills the cluster out of a snapshot, once', () => {
    const text = synthesize(
      (app) => new RestoredClusterStack(app, snapshotPlan(), localState('/repo/drills/d')),
    );
    const declared = (JSON.parse(text) as Synthesized).resource['aws_rds_cluster']?.['cluster-trading'];
    expect(declared).toMatchObject({
      snapshot_identifier: 'arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:nightly',
      engine: 'aurora-mysql',
      engine_version: '8.0.mysql_aurora.3.08.2',
      lifecycle: {
        ignore_changes: ['snapshot_identifier', 'restore_to_point_in_time', 'engine_version'],
      },
      tags: { 'restore-drill-point': '2026-01-07T03:10:00Z' },
    });
    expect(declared).not.toHaveProperty('restore_to_point_in_time');
  });

  test('names a deleted source by its resource id', () => {
    const text = synthesize(
      (app) => new RestoredClusterStack(app, deletedPlan(), localState('/repo/drills/d')),
    );
    const declared = (JSON.parse(text) as Synthesized).resource['aws_rds_cluster']?.['cluster-trading'];
    expect(declared).toMatchObject({
      restore_to_point_in_time: {
        source_cluster_resource_id: 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
        restore_to_time: '2026-01-08T10:12:13Z',
      },
    });
  });

  test('protects a cluster that is to stay, and has it leave a snapshot', () => {
    expect(resources({}, { earnest: true })['aws_rds_cluster']?.['cluster-trading']).toMatchObject({
      deletion_protection: true,
      skip_final_snapshot: false,
      final_snapshot_identifier: 'trading-2026-01-08-accounts-final',
    });
  });
});
