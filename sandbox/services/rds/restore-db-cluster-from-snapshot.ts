import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { list } from '../../protocols/query-input';
import { invalidCombination, snapshotNotFound } from './faults';
import { snapshotIdentifier } from './identifiers';
import type { RdsState } from './rds-state';
import { restoreCluster, restoreInput } from './restore-cluster';

export const restoreDBClusterFromSnapshot = operation({
  name: 'RestoreDBClusterFromSnapshot',
  input: z.strictObject({
    ...restoreInput,
    SnapshotIdentifier: snapshotIdentifier,
    Engine: z.string(),
    EngineVersion: z.string().optional(),
    // there is one set of zones
    AvailabilityZones: list(z.string()).optional(),
  }),
  run: async (request, state: RdsState) => {
    const snapshot = state.snapshots.get(request.SnapshotIdentifier);
    if (snapshot === undefined) throw snapshotNotFound(request.SnapshotIdentifier);
    if (snapshot.status !== 'available') {
      throw new AwsError(
        'InvalidDBClusterSnapshotStateFault',
        `The DB cluster snapshot ${snapshot.identifier} is ${snapshot.status}.`,
      );
    }
    const { cluster, database, createdAt } = snapshot;
    if (request.Engine !== cluster.engine) {
      throw invalidCombination(
        `The engine ${request.Engine} is not that of the snapshot, ${cluster.engine}.`,
      );
    }
    if (request.EngineVersion !== undefined && request.EngineVersion !== cluster.engineVersion) {
      throw invalidCombination(`Cannot find version ${request.EngineVersion} for ${cluster.engine}`);
    }
    const at = createdAt.getTime() * 1000;
    const restored = await restoreCluster(request, { cluster, database, at }, state);
    return { DBCluster: state.renderCluster(restored) };
  },
});
