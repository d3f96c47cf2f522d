import {
  DBClusterAutomatedBackupNotFoundFault,
  DBClusterSnapshotNotFoundFault,
  DescribeDBClusterAutomatedBackupsCommand,
  DescribeDBClusterSnapshotsCommand,
  RDSClient,
  type DBClusterAutomatedBackup,
  type DBClusterSnapshot,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { BackupReader } from '../../../lib/plan/rds-backups';
import { retainedBackup, snapshot, sourceCluster } from './facts';

const rds = mockClient(RDSClient);
const reader = new BackupReader(new RDSClient({ region: 'eu-central-1' }));
beforeEach(() => rds.reset());

const { tags, kmsKeyId } = sourceCluster();
/** What RDS tells of the cluster in a snapshot and in a retained backup alike. */
const told = {
  DBClusterIdentifier: 'trading',
  DbClusterResourceId: 'cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  Engine: 'aurora-mysql',
  EngineVersion: '8.0.mysql_aurora.3.08.2',
  EngineMode: 'provisioned',
  Port: 3307,
  StorageEncrypted: true,
  KmsKeyId: kmsKeyId ?? '',
  IAMDatabaseAuthenticationEnabled: true,
  StorageType: 'aurora-iopt1',
  TagList: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
};
const answeredSnapshot: DBClusterSnapshot = {
  ...told,
  DBClusterSnapshotIdentifier: 'nightly',
  DBClusterSnapshotArn: 'arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:nightly',
  SnapshotType: 'manual',
  Status: 'available',
  SnapshotCreateTime: new Date('2026-01-07T03:10:00Z'),
};
const answeredBackup: DBClusterAutomatedBackup = {
  ...told,
  DBClusterArn: 'arn:aws:rds:eu-central-1:123456789012:cluster:trading',
  Status: 'retained',
  BackupRetentionPeriod: 7,
  RestoreWindow: {
    EarliestTime: new Date('2026-01-01T00:00:00Z'),
    LatestTime: new Date('2026-01-08T10:25:00Z'),
  },
};

test('reads the snapshots of all pages', async () => {
  const second = { ...answeredSnapshot, DBClusterSnapshotIdentifier: 'weekly' };
  rds
    .on(DescribeDBClusterSnapshotsCommand, { DBClusterIdentifier: 'trading', Marker: undefined })
    .resolves({ DBClusterSnapshots: [answeredSnapshot], Marker: 'more' })
    .on(DescribeDBClusterSnapshotsCommand, { DBClusterIdentifier: 'trading', Marker: 'more' })
    .resolves({ DBClusterSnapshots: [second] });
  expect(await reader.fetchSnapshots('trading')).toEqual([snapshot(), snapshot({ identifier: 'weekly' })]);
});

test('reads a snapshot that is still being made, and one that is not encrypted', async () => {
  const { SnapshotCreateTime: _at, KmsKeyId: _key, ...rest } = answeredSnapshot;
  rds
    .on(DescribeDBClusterSnapshotsCommand)
    .resolves({ DBClusterSnapshots: [{ ...rest, StorageEncrypted: false, Status: 'creating' }] });
  expect(await reader.fetchSnapshots('trading')).toMatchObject([
    { status: 'creating', createdAt: null, cluster: { kmsKeyId: null } },
  ]);
});

test('finds a shared snapshot of another account by its ARN', async () => {
  const arn = 'arn:aws:rds:eu-central-1:210987654321:cluster-snapshot:copy';
  rds
    .on(DescribeDBClusterSnapshotsCommand, { DBClusterIdentifier: 'trading' })
    .resolves({ DBClusterSnapshots: [answeredSnapshot] })
    .on(DescribeDBClusterSnapshotsCommand, { DBClusterSnapshotIdentifier: arn, IncludeShared: true })
    .resolves({ DBClusterSnapshots: [{ ...answeredSnapshot, DBClusterSnapshotArn: arn }] });
  expect(await reader.fetchSnapshot('trading', arn)).toMatchObject({ arn });
  expect(await reader.fetchSnapshot('trading', snapshot().arn)).toEqual(snapshot());
});

test('reads the retained backups of a deleted cluster by its name and by its resource id', async () => {
  rds
    .on(DescribeDBClusterAutomatedBackupsCommand, { DBClusterIdentifier: 'trading' })
    .resolves({ DBClusterAutomatedBackups: [answeredBackup] })
    .on(DescribeDBClusterAutomatedBackupsCommand, { DbClusterResourceId: 'cluster-A' })
    .resolves({ DBClusterAutomatedBackups: [answeredBackup] });
  expect(await reader.fetchBackups({ clusterIdentifier: 'trading' })).toEqual([retainedBackup()]);
  expect(await reader.fetchBackups({ resourceId: 'cluster-A' })).toEqual([retainedBackup()]);
});

test('takes what RDS does not find for nothing, and passes any other error on', async () => {
  const fault = { message: 'none', $metadata: {} };
  rds.on(DescribeDBClusterSnapshotsCommand).rejects(new DBClusterSnapshotNotFoundFault(fault));
  rds
    .on(DescribeDBClusterAutomatedBackupsCommand)
    .rejectsOnce(new DBClusterAutomatedBackupNotFoundFault(fault))
    .rejects(new Error('AccessDenied'));
  expect(await reader.fetchSnapshot('trading', 'arn:nope')).toBeUndefined();
  expect(await reader.fetchBackups({ resourceId: 'cluster-A' })).toEqual([]);
  await expect(reader.fetchBackups({ resourceId: 'cluster-A' })).rejects.toThrow('AccessDenied');
});
