import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { automatedBackupNotFound } from './faults';
import type { RdsState } from './rds-state';
import { renderRetained } from './render-snapshot';

export const deleteDBClusterAutomatedBackup = operation({
  name: 'DeleteDBClusterAutomatedBackup',
  input: z.strictObject({ DbClusterResourceId: z.string() }),
  run: async ({ DbClusterResourceId: resourceId }, state: RdsState) => {
    const backup = state.retainedBackups.get(resourceId);
    if (backup === undefined) {
      const isLiving = [...state.clusters.values()].some((cluster) => cluster.resourceId === resourceId);
      if (!isLiving) throw automatedBackupNotFound(resourceId);
      throw new AwsError(
        'InvalidDBClusterAutomatedBackupStateFault',
        `The automated backup of ${resourceId} is active: its DB cluster has not been deleted.`,
      );
    }
    state.retainedBackups.delete(resourceId);
    for (const snapshot of state.automatedSnapshotsOf(resourceId))
      state.snapshots.delete(snapshot.identifier);
    for (const each of [...backup.earlier, backup.database]) await state.release(each);
    return { DBClusterAutomatedBackup: renderRetained(backup, state.settings) };
  },
});
