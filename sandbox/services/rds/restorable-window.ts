import type { DatabaseCluster } from '../../engines/database-cluster';

/** Between which instants, both included and in whole milliseconds, a cluster can be restored. */
export interface RestorableWindow {
  readonly earliest: Date;
  readonly latest: Date;
}

/**
 * What the engine can restore, its end held back by the lag; rounded inwards, so that both ends
 * hold. Undefined while there is nothing to restore.
 */
export function restorableWindow(
  database: DatabaseCluster | undefined,
  lagMs: number,
): RestorableWindow | undefined {
  if (database === undefined) return undefined;
  const earliestMs = Math.ceil(database.earliestRestorableAt() / 1000);
  const latestMs = Math.floor(database.latestRestorableAt() / 1000) - lagMs;
  if (latestMs < earliestMs) return undefined;
  return { earliest: new Date(earliestMs), latest: new Date(latestMs) };
}
