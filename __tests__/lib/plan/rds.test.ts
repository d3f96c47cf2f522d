import {
  DBClusterNotFoundFault,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  type DBCluster,
  type DBInstance,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { RdsReader } from '../../../lib/plan/rds';
import { at, sourceCluster, sourceInstance } from './facts';

const rds = mockClient(RDSClient);
const reader = new RdsReader(new RDSClient({ region: 'eu-central-1' }));
beforeEach(() => rds.reset());

const arn = 'arn:aws:rds:eu-central-1:123456789012:cluster:trading';

/** As RDS answers for the cluster of `sourceCluster()`. */
const answered: DBCluster = {
  DBClusterIdentifier: 'trading',
  DbClusterResourceId: 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  DBClusterArn: arn,
  Status: 'available',
  Engine: 'aurora-mysql',
  EngineVersion: '8.0.mysql_aurora.3.08.2',
  EngineMode: 'provisioned',
  Endpoint: 'trading.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com',
  ReaderEndpoint: 'trading.cluster-ro-c9akciq32rgf.eu-central-1.rds.amazonaws.com',
  Port: 3307,
  DBClusterParameterGroup: 'trading-cluster',
  DBSubnetGroup: 'databases',
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0a1b2c3d4e5f60718', Status: 'active' }],
  StorageEncrypted: true,
  KmsKeyId: 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  IAMDatabaseAuthenticationEnabled: true,
  EnabledCloudwatchLogsExports: ['audit', 'error'],
  NetworkType: 'IPV4',
  StorageType: 'aurora-iopt1',
  BackupRetentionPeriod: 7,
  PreferredBackupWindow: '01:30-02:00',
  PreferredMaintenanceWindow: 'sun:03:00-sun:03:30',
  DatabaseInsightsMode: 'standard',
  EngineLifecycleSupport: 'open-source-rds-extended-support',
  LocalWriteForwardingStatus: 'disabled',
  CopyTagsToSnapshot: true,
  DeletionProtection: true,
  TagList: [
    { Key: 'team', Value: 'trading' },
    { Key: 'aws:cloudformation:stack-name', Value: 'trading' },
  ],
  EarliestRestorableTime: new Date('2026-01-01T00:00:00Z'),
  LatestRestorableTime: new Date('2026-01-08T10:25:00Z'),
  DBClusterMembers: [
    { DBInstanceIdentifier: 'trading-b', IsClusterWriter: false },
    { DBInstanceIdentifier: 'trading-a', IsClusterWriter: true },
  ],
};

const instance = (identifier: string, tier: number): DBInstance => ({
  DBInstanceIdentifier: identifier,
  DBInstanceClass: 'db.r7g.2xlarge',
  DBParameterGroups: [{ DBParameterGroupName: 'trading-instance' }],
  PromotionTier: tier,
  CACertificateIdentifier: 'rds-ca-rsa2048-g1',
  AutoMinorVersionUpgrade: false,
  CopyTagsToSnapshot: true,
  PubliclyAccessible: false,
  MonitoringInterval: 30,
  MonitoringRoleArn: 'arn:aws:iam::123456789012:role/rds-monitoring',
  PerformanceInsightsEnabled: true,
  PerformanceInsightsRetentionPeriod: 31,
  TagList: [{ Key: 'team', Value: 'trading' }],
});

function answer(cluster: DBCluster): void {
  rds.on(DescribeDBClustersCommand, { DBClusterIdentifier: 'trading' }).resolves({ DBClusters: [cluster] });
  rds
    .on(DescribeDBClustersCommand, { DBClusterIdentifier: undefined, Marker: undefined })
    .resolves({ DBClusters: [cluster], Marker: 'more' })
    .on(DescribeDBClustersCommand, { Marker: 'more' })
    .resolves({ DBClusters: [{ DBClusterIdentifier: 'other' }] });
  rds.on(DescribeDBInstancesCommand).resolves({
    DBInstances: [instance('trading-b', 2), instance('trading-a', 0), instance('other-1', 0)],
  });
}

describe('RdsReader', () => {
  test('reads the cluster, its instances with the writer first, and all taken names of all pages', async () => {
    answer(answered);
    expect(await reader.fetchFacts('trading')).toEqual({
      ok: true,
      value: {
        source: sourceCluster({
          instances: [
            sourceInstance({ identifier: 'trading-a', isWriter: true }),
            sourceInstance({ identifier: 'trading-b', promotionTier: 2 }),
          ],
        }),
        taken: {
          clusters: new Set(['trading', 'other']),
          instances: new Set(['trading-a', 'trading-b', 'other-1']),
        },
      },
    });
  });

  test('takes what RDS leaves out for off', async () => {
    const { KmsKeyId: _key, EarliestRestorableTime: _time, ...bare } = answered;
    answer({ ...bare, StorageEncrypted: false });
    const facts = await reader.fetchFacts('trading');
    expect(facts).toMatchObject({
      value: {
        source: {
          kmsKeyId: null,
          earliestRestorableAt: null,
          latestRestorableAt: at('2026-01-08T10:25:00Z'),
        },
      },
    });
  });

  test('reads what no restore brings along, where it is away from the default', async () => {
    answer({
      ...answered,
      DatabaseInsightsMode: 'advanced',
      EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
      GlobalWriteForwardingStatus: 'enabled',
    });
    expect(await reader.fetchFacts('trading')).toMatchObject({
      value: {
        source: {
          notRestored: {
            'Database Insights mode': 'advanced',
            'engine lifecycle support': 'open-source-rds-extended-support-disabled',
            'write forwarding': 'enabled',
          },
        },
      },
    });
  });

  test('refuses to guess a field that RDS always sends', async () => {
    const { Port: _port, ...without } = answered;
    answer(without);
    await expect(reader.fetchFacts('trading')).rejects.toThrow('RDS answered without Port');
  });

  test('refuses a cluster that is not there', async () => {
    rds
      .on(DescribeDBClustersCommand)
      .rejects(new DBClusterNotFoundFault({ message: 'no such cluster', $metadata: {} }));
    expect(await reader.fetchFacts('nope')).toMatchObject({
      ok: false,
      refusal: { reason: 'cluster-not-found', message: "there is no DB cluster 'nope' in eu-central-1" },
    });
  });

  test('passes any other error on', async () => {
    rds.on(DescribeDBClustersCommand).rejects(new Error('AccessDenied'));
    await expect(reader.fetchFacts('trading')).rejects.toThrow('AccessDenied');
  });
});
