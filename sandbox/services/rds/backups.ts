import type { ClusterDatabase } from './cluster-database';
import type { Cluster } from './model';
import type { RestorableWindow, Storages } from './restorable-window';
import type { Tags } from './tags';

/**
 * A snapshot of a cluster: the instant at which it was taken. Its data stays where it is, in the
 * storage and log of the cluster, which are kept until the sandbox ends even if that is deleted.
 */
export interface Snapshot {
  readonly identifier: string;
  readonly arn: string;
  readonly type: 'manual' | 'automated';
  readonly createdAt: Date;
  /** The cluster as it was. */
  readonly cluster: Cluster;
  readonly database: ClusterDatabase;
  readonly tags: Tags;
  status: 'creating' | 'available' | 'failed';
}

/** Backups that outlive their cluster. */
export interface RetainedBackup extends Storages {
  readonly cluster: Cluster;
  readonly database: ClusterDatabase;
  readonly window: RestorableWindow;
}
