import type { RetainedBackup, Snapshot } from './backups';
import type { Cluster } from './model';
import type { RestorableWindow } from './restorable-window';
import { renderTags } from './tags';

/** The shape `DBClusterSnapshot` of the API. */
export function renderSnapshot({ cluster, ...snapshot }: Snapshot, region: string): object {
  return {
    ...renderOrigin(cluster, region),
    DBClusterSnapshotIdentifier: snapshot.identifier,
    DBClusterSnapshotArn: snapshot.arn,
    SnapshotCreateTime: snapshot.createdAt,
    SnapshotType: snapshot.type,
    Status: snapshot.status,
    PercentProgress: snapshot.status === 'available' ? 100 : 0,
    VpcId: 'vpc-00000000000000d11',
    LicenseModel: cluster.engine === 'aurora-mysql' ? 'aurora-mysql' : 'postgresql-license',
    TagList: renderTags(snapshot.tags),
  };
}

/** The shape `DBClusterAutomatedBackup` of the API, of a living cluster too. */
export function renderBackup(
  cluster: Cluster,
  window: RestorableWindow | undefined,
  status: 'active' | 'retained',
  { accountId, region }: { readonly accountId: string; readonly region: string },
): object {
  return {
    ...renderOrigin(cluster, region),
    DBClusterAutomatedBackupsArn: `arn:aws:rds:${region}:${accountId}:cluster-auto-backup:ab-${cluster.resourceId.slice('cluster-'.length).toLowerCase()}`,
    DBClusterArn: cluster.arn,
    RestoreWindow:
      window === undefined ? undefined : { EarliestTime: window.earliest, LatestTime: window.latest },
    Region: region,
    Status: status,
    BackupRetentionPeriod: cluster.settings.backupRetentionPeriod,
    PreferredBackupWindow: cluster.settings.preferredBackupWindow,
    VpcId: 'vpc-00000000000000d11',
    TagList: renderTags(cluster.tags),
  };
}

export function renderRetained(
  { cluster, window }: RetainedBackup,
  place: { readonly accountId: string; readonly region: string },
): object {
  return renderBackup(cluster, window, 'retained', place);
}

/** What both tell of the cluster. */
function renderOrigin(cluster: Cluster, region: string): object {
  return {
    DBClusterIdentifier: cluster.identifier,
    DbClusterResourceId: cluster.resourceId,
    ClusterCreateTime: cluster.createdAt,
    Engine: cluster.engine,
    EngineVersion: cluster.engineVersion,
    EngineMode: 'provisioned',
    MasterUsername: cluster.masterUsername,
    AllocatedStorage: 1,
    AvailabilityZones: ['a', 'b', 'c'].map((zone) => `${region}${zone}`),
    Port: cluster.address.port,
    StorageEncrypted: true,
    KmsKeyId: cluster.kmsKeyId,
    StorageType: 'aurora',
    IAMDatabaseAuthenticationEnabled: cluster.settings.iamAuthentication,
  };
}
