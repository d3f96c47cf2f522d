import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { flag } from '../../protocols/query-input';
import { clusterNotAvailable, invalidCombination } from './faults';
import { existingIdentifier, newIdentifier } from './identifiers';
import type { Cluster } from './model';
import type { RdsState } from './rds-state';
import { restorableWindow } from './restorable-window';
import { takeSnapshot } from './take-snapshot';

export const deleteDBCluster = operation({
  name: 'DeleteDBCluster',
  input: z.strictObject({
    DBClusterIdentifier: existingIdentifier,
    SkipFinalSnapshot: flag.default(false),
    FinalDBSnapshotIdentifier: newIdentifier('FinalDBSnapshotIdentifier').optional(),
    DeleteAutomatedBackups: flag.default(true),
  }),
  run: (request, state: RdsState) => {
    const cluster = state.cluster(request.DBClusterIdentifier);
    if (request.SkipFinalSnapshot && request.FinalDBSnapshotIdentifier !== undefined) {
      throw invalidCombination(
        'FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is true',
      );
    }
    if (cluster.settings.deletionProtection) {
      throw invalidCombination(
        'Cannot delete protected Cluster, please disable deletion protection and try again.',
      );
    }
    if (cluster.status !== 'available' && cluster.status !== 'migration-failed') {
      throw clusterNotAvailable(cluster.identifier, cluster.status);
    }
    if (state.instancesOf(cluster).some(({ status }) => status !== 'deleting')) {
      throw new AwsError(
        'InvalidDBClusterStateFault',
        'Cluster cannot be deleted, it still contains DB instances in non-deleting state.',
      );
    }
    if (!request.SkipFinalSnapshot) {
      if (request.FinalDBSnapshotIdentifier === undefined) {
        throw invalidCombination(
          'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
        );
      }
      takeSnapshot(request.FinalDBSnapshotIdentifier, cluster, state);
    }
    remove(cluster, !request.DeleteAutomatedBackups, state);
    return { DBCluster: state.renderCluster(cluster) };
  },
});

const LOOK_EVERY_MS = 100;

function remove(cluster: Cluster, retain: boolean, state: RdsState): void {
  cluster.status = 'deleting';
  state.background.run(`deleting cluster ${cluster.identifier}`, async (pause) => {
    await pause(state.settings.deleteDelayMs);
    while (state.instancesOf(cluster).length > 0) await pause(LOOK_EVERY_MS);
    await removeStorage(cluster, retain, state);
    state.clusters.delete(cluster.identifier);
  });
}

/** What retained backups or snapshots are read from stays; its server has ended with the last instance. */
async function removeStorage(cluster: Cluster, retain: boolean, state: RdsState): Promise<void> {
  const { database } = cluster;
  if (database === undefined) return;
  const window = retain ? restorableWindow(cluster, 0) : undefined;
  await database.runFor(undefined);
  state.keep(database);
  if (window === undefined) {
    for (const snapshot of state.automatedSnapshotsOf(cluster.resourceId)) {
      state.snapshots.delete(snapshot.identifier);
    }
    for (const each of [...cluster.earlier.splice(0), database]) await state.release(each);
    return;
  }
  const deleted = { ...cluster, tags: new Map(cluster.tags), database: undefined };
  state.retainedBackups.set(cluster.resourceId, {
    cluster: deleted,
    database,
    earlier: [...cluster.earlier],
    window,
  });
}
