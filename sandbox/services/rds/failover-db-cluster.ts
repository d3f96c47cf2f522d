import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { clusterNotAvailable, invalidCombination } from './faults';
import { existingIdentifier } from './identifiers';
import type { Cluster, Instance } from './model';
import type { RdsState } from './rds-state';

/** Another instance becomes the writer; the one server of the cluster starts again for it, which cuts its sessions. */
export const failoverDBCluster = operation({
  name: 'FailoverDBCluster',
  input: z.strictObject({
    DBClusterIdentifier: existingIdentifier,
    TargetDBInstanceIdentifier: existingIdentifier.optional(),
  }),
  run: (request, state: RdsState) => {
    const cluster = state.cluster(request.DBClusterIdentifier);
    if (cluster.status !== 'available') throw clusterNotAvailable(cluster.identifier, cluster.status);
    const target = targetOf(cluster, request.TargetDBInstanceIdentifier, state);
    cluster.status = 'failing-over';
    state.background.run(`failing over cluster ${cluster.identifier}`, async (pause) => {
      try {
        await pause(state.settings.modifyDelayMs);
        for (const instance of state.instancesOf(cluster)) instance.isWriter = instance === target;
        await cluster.database?.runFor(target.identifier);
      } finally {
        cluster.status = 'available';
      }
    });
    return { DBCluster: state.renderCluster(cluster) };
  },
});

/** The reader asked for, or the one of the lowest promotion tier. */
function targetOf(cluster: Cluster, wanted: string | undefined, state: RdsState): Instance {
  const readers = state
    .instancesOf(cluster)
    .filter(({ isWriter, status }) => !isWriter && status === 'available')
    .sort((a, b) => a.settings.promotionTier - b.settings.promotionTier);
  if (wanted !== undefined && state.instance(wanted).cluster !== cluster) {
    throw invalidCombination(
      `The DB instance ${wanted} is not a member of DB cluster ${cluster.identifier}.`,
    );
  }
  const target = readers.find(({ identifier }) => wanted === undefined || identifier === wanted);
  if (target !== undefined) return target;
  throw new AwsError(
    'InvalidDBClusterStateFault',
    wanted === undefined
      ? `DB cluster ${cluster.identifier} has no reader to fail over to.`
      : `The DB instance ${wanted} is not an available reader of DB cluster ${cluster.identifier}.`,
  );
}
