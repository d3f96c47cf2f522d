import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { snapshotIdentifier } from './identifiers';
import type { RdsState } from './rds-state';
import { renderSnapshot } from './render-snapshot';

export const deleteDBClusterSnapshot = operation({
  name: 'DeleteDBClusterSnapshot',
  input: z.strictObject({ DBClusterSnapshotIdentifier: snapshotIdentifier }),
  run: async (request, state: RdsState) => {
    const snapshot = state.snapshot(request.DBClusterSnapshotIdentifier);
    if (snapshot.type === 'automated') {
      throw new AwsError(
        'InvalidDBClusterSnapshotStateFault',
        `The DB cluster snapshot ${snapshot.identifier} is automated: it goes with the backups of its cluster.`,
      );
    }
    if (snapshot.status !== 'available') {
      throw new AwsError(
        'InvalidDBClusterSnapshotStateFault',
        `The DB cluster snapshot ${snapshot.identifier} is ${snapshot.status}.`,
      );
    }
    state.snapshots.delete(snapshot.identifier);
    await state.release(snapshot.database);
    return { DBClusterSnapshot: renderSnapshot(snapshot, state.settings.region) };
  },
});
