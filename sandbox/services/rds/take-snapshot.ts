import type { Snapshot } from './backups';
import { clusterNotAvailable, snapshotExists } from './faults';
import type { Cluster } from './model';
import type { RdsState } from './rds-state';
import type { Tags } from './tags';

const LOOK_EVERY_MS = 100;

/** As AWS takes one a day; an earlier one of the same minute gives way. */
export function takeAutomatedSnapshot(cluster: Cluster, state: RdsState): Snapshot {
  const minute = new Date().toISOString().slice(0, 16).replace(/[T:]/g, '-');
  const identifier = `rds:${cluster.identifier}-${minute}`;
  state.snapshots.delete(identifier);
  return takeSnapshot(identifier, cluster, state, { type: 'automated' });
}

/** Takes a snapshot of what has committed by now; it is available once the engine can restore that. */
export function takeSnapshot(
  identifier: string,
  cluster: Cluster,
  state: RdsState,
  { tags = new Map(), type = 'manual' }: { tags?: Tags; type?: Snapshot['type'] } = {},
): Snapshot {
  const { database } = cluster;
  if (database === undefined) throw clusterNotAvailable(cluster.identifier, cluster.status);
  if (state.snapshots.has(identifier)) throw snapshotExists(identifier);
  const snapshot: Snapshot = {
    identifier,
    arn: state.arn('cluster-snapshot', identifier),
    type,
    createdAt: new Date(),
    cluster: { ...cluster, tags: new Map(cluster.tags), database: undefined },
    database,
    tags: cluster.settings.copyTagsToSnapshot ? new Map([...cluster.tags, ...tags]) : tags,
    status: 'creating',
  };
  state.snapshots.set(identifier, snapshot);
  state.background.run(`taking snapshot ${identifier}`, async (pause) => {
    while (database.engine.latestRestorableAt() < snapshot.createdAt.getTime() * 1000) {
      await pause(LOOK_EVERY_MS);
    }
    await pause(state.settings.createDelayMs - (Date.now() - snapshot.createdAt.getTime()));
    snapshot.status = 'available';
  });
  return snapshot;
}
