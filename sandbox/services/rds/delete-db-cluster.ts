import { z } from 'zod';
import { AwsError, notImplemented, operation } from '../../protocols/operation';
import { flag } from '../../protocols/query-input';
import { clusterNotAvailable, invalidCombination } from './faults';
import { existingIdentifier } from './identifiers';
import type { Cluster } from './model';
import type { RdsState } from './rds-state';

export const deleteDBCluster = operation({
  name: 'DeleteDBCluster',
  input: z.strictObject({
    DBClusterIdentifier: existingIdentifier,
    SkipFinalSnapshot: flag.default(false),
    FinalDBSnapshotIdentifier: z.string().optional(),
    // backups do not outlive their cluster here, whatever this says
    DeleteAutomatedBackups: flag.optional(),
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
      if (request.FinalDBSnapshotIdentifier !== undefined)
        throw notImplemented('final snapshots of a cluster');
      throw invalidCombination(
        'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
      );
    }
    remove(cluster, state);
    return { DBCluster: state.renderCluster(cluster) };
  },
});

const LOOK_EVERY_MS = 100;

function remove(cluster: Cluster, state: RdsState): void {
  cluster.status = 'deleting';
  state.background.run(`deleting cluster ${cluster.identifier}`, async (pause) => {
    await pause(state.settings.deleteDelayMs);
    while (state.instancesOf(cluster).length > 0) await pause(LOOK_EVERY_MS);
    await cluster.database?.destroy();
    state.clusters.delete(cluster.identifier);
  });
}
