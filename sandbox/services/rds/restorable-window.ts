import type { Micros } from '../../engines/database-cluster';
import type { ClusterDatabase } from './cluster-database';

/** Between which instants, both included and in whole milliseconds, a cluster can be restored. */
export interface RestorableWindow {
  readonly earliest: Date;
  readonly latest: Date;
}

/** The storage of a cluster, and what it was before each rewind: together they hold every instant of the window. */
export interface Storages {
  /** None until the cluster has been created or restored. */
  readonly database: ClusterDatabase | undefined;
  /** Oldest first; no server runs on them. */
  readonly earlier: readonly ClusterDatabase[];
}

/**
 * What the engine can restore, its end held back by the lag; rounded inwards, so that both ends
 * hold. Undefined while there is nothing to restore.
 */
export function restorableWindow(
  { database, earlier }: Storages,
  lagMs: number,
): RestorableWindow | undefined {
  if (database === undefined) return undefined;
  const first = earlier[0] ?? database;
  const earliestMs = Math.ceil(first.engine.earliestRestorableAt() / 1000);
  const latestMs = Math.floor(database.engine.latestRestorableAt() / 1000) - lagMs;
  if (latestMs < earliestMs) return undefined;
  return { earliest: new Date(earliestMs), latest: new Date(latestMs) };
}

/** The storage that was the cluster's at an instant of its window. */
export function storageAt({ database, earlier }: Storages, at: Micros): ClusterDatabase {
  const storages = database === undefined ? earlier : [...earlier, database];
  const storage = storages.findLast(({ engine }) => engine.earliestRestorableAt() <= at);
  if (storage === undefined) throw new RangeError(`no storage of the cluster goes back to ${at}`);
  return storage;
}
