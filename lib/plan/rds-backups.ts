import {
  DBClusterAutomatedBackupNotFoundFault,
  DBClusterSnapshotNotFoundFault,
  paginateDescribeDBClusterAutomatedBackups,
  paginateDescribeDBClusterSnapshots,
  RDSClient,
  type DBClusterAutomatedBackup,
  type DBClusterSnapshot,
} from '@aws-sdk/client-rds';
import type { BackedUpCluster, ClusterSnapshot, RetainedBackup } from './backups';
import { required, toInstant, toTags } from './rds';

/** Reads snapshots and retained backups out of RDS, and changes nothing. */
export class BackupReader {
  constructor(private readonly client: RDSClient = new RDSClient({})) {}

  /** All snapshots of clusters of this name, living or deleted, whoever took them. */
  async fetchSnapshots(clusterIdentifier: string): Promise<ClusterSnapshot[]> {
    return this.snapshotsOf({ DBClusterIdentifier: clusterIdentifier });
  }

  /**
   * By its ARN, be it of the cluster's own or shared by another account; undefined where there is
   * none. RDS tells of an automated snapshot by its name only together with its type: it is looked
   * up in the list.
   */
  async fetchSnapshot(clusterIdentifier: string, arn: string): Promise<ClusterSnapshot | undefined> {
    const own = (await this.fetchSnapshots(clusterIdentifier)).find((snapshot) => snapshot.arn === arn);
    if (own !== undefined) return own;
    const [shared] = await this.snapshotsOf({ DBClusterSnapshotIdentifier: arn, IncludeShared: true });
    return shared;
  }

  async fetchBackups(
    by: { readonly clusterIdentifier: string } | { readonly resourceId: string },
  ): Promise<RetainedBackup[]> {
    const filter =
      'resourceId' in by
        ? { DbClusterResourceId: by.resourceId }
        : { DBClusterIdentifier: by.clusterIdentifier };
    const found: DBClusterAutomatedBackup[] = [];
    try {
      const pages = paginateDescribeDBClusterAutomatedBackups({ client: this.client }, filter);
      for await (const page of pages) found.push(...(page.DBClusterAutomatedBackups ?? []));
    } catch (error) {
      if (!(error instanceof DBClusterAutomatedBackupNotFoundFault)) throw error;
    }
    return found.map(toBackup);
  }

  private async snapshotsOf(filter: {
    DBClusterIdentifier?: string;
    DBClusterSnapshotIdentifier?: string;
    IncludeShared?: boolean;
  }): Promise<ClusterSnapshot[]> {
    const found: DBClusterSnapshot[] = [];
    try {
      const pages = paginateDescribeDBClusterSnapshots({ client: this.client }, filter);
      for await (const page of pages) found.push(...(page.DBClusterSnapshots ?? []));
    } catch (error) {
      if (!(error instanceof DBClusterSnapshotNotFoundFault)) throw error;
    }
    return found.map(toSnapshot);
  }
}

function toSnapshot(snapshot: DBClusterSnapshot): ClusterSnapshot {
  const arn = required(snapshot.DBClusterSnapshotArn, 'DBClusterSnapshotArn');
  const identifier = required(snapshot.DBClusterIdentifier, 'DBClusterIdentifier');
  return {
    identifier: required(snapshot.DBClusterSnapshotIdentifier, 'DBClusterSnapshotIdentifier'),
    arn,
    type: snapshot.SnapshotType ?? 'manual',
    status: required(snapshot.Status, 'Status'),
    createdAt: toInstant(snapshot.SnapshotCreateTime),
    // a snapshot names no cluster's ARN: it is in the same place as the snapshot
    cluster: toCluster(snapshot, `${arn.split(':').slice(0, 5).join(':')}:cluster:${identifier}`),
  };
}

function toBackup(backup: DBClusterAutomatedBackup): RetainedBackup {
  return {
    status: required(backup.Status, 'Status'),
    earliestRestorableAt: toInstant(backup.RestoreWindow?.EarliestTime),
    latestRestorableAt: toInstant(backup.RestoreWindow?.LatestTime),
    backupRetentionDays: required(backup.BackupRetentionPeriod, 'BackupRetentionPeriod'),
    cluster: toCluster(backup, required(backup.DBClusterArn, 'DBClusterArn')),
  };
}

function toCluster(told: DBClusterSnapshot | DBClusterAutomatedBackup, arn: string): BackedUpCluster {
  return {
    identifier: required(told.DBClusterIdentifier, 'DBClusterIdentifier'),
    resourceId: required(told.DbClusterResourceId, 'DbClusterResourceId'),
    arn,
    engine: required(told.Engine, 'Engine'),
    engineVersion: required(told.EngineVersion, 'EngineVersion'),
    engineMode: told.EngineMode ?? 'provisioned',
    port: required(told.Port, 'Port'),
    kmsKeyId: told.StorageEncrypted === true ? required(told.KmsKeyId, 'KmsKeyId') : null,
    iamAuthentication: told.IAMDatabaseAuthenticationEnabled ?? false,
    storageType: told.StorageType ?? null,
    tags: toTags(told.TagList),
  };
}
