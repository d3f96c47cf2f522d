import type { EpochMicros } from '../time';

/** What a backup tells about its cluster, which may be gone: far less than RDS tells of a living one. */
export interface BackedUpCluster {
  readonly identifier: string;
  readonly resourceId: string;
  readonly arn: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly engineMode: string;
  readonly port: number;
  /** Null where storage is not encrypted. */
  readonly kmsKeyId: string | null;
  readonly iamAuthentication: boolean;
  readonly storageType: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** A DB cluster snapshot, taken by a person (`manual`), by RDS itself (`automated`) or by AWS Backup. */
export interface ClusterSnapshot {
  readonly identifier: string;
  readonly arn: string;
  readonly type: string;
  /** AWS's word, such as `available`. */
  readonly status: string;
  /** Null while it is being made. */
  readonly createdAt: EpochMicros | null;
  readonly cluster: BackedUpCluster;
}

/** The automated backups of a cluster that was deleted, from which it can still be restored to a point in time. */
export interface RetainedBackup {
  /** `retained` once the cluster is deleted, `active` before. */
  readonly status: string;
  readonly earliestRestorableAt: EpochMicros | null;
  readonly latestRestorableAt: EpochMicros | null;
  readonly backupRetentionDays: number;
  readonly cluster: BackedUpCluster;
}
