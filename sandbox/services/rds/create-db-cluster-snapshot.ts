import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { clusterNotAvailable } from './faults';
import { existingIdentifier, newIdentifier } from './identifiers';
import { checkSnapshotQuota } from './quotas';
import type { RdsState } from './rds-state';
import { renderSnapshot } from './render-snapshot';
import { tagListSchema } from './tags';
import { takeSnapshot } from './take-snapshot';

export const createDBClusterSnapshot = operation({
  name: 'CreateDBClusterSnapshot',
  input: z.strictObject({
    DBClusterIdentifier: existingIdentifier,
    DBClusterSnapshotIdentifier: newIdentifier('DBClusterSnapshotIdentifier'),
    Tags: tagListSchema.optional(),
  }),
  run: (request, state: RdsState) => {
    const cluster = state.cluster(request.DBClusterIdentifier);
    if (cluster.status !== 'available') throw clusterNotAvailable(cluster.identifier, cluster.status);
    checkSnapshotQuota(state);
    const tags = request.Tags ?? new Map<string, string>();
    const snapshot = takeSnapshot(request.DBClusterSnapshotIdentifier, cluster, state, { tags });
    return { DBClusterSnapshot: renderSnapshot(snapshot, state.settings.region) };
  },
});
