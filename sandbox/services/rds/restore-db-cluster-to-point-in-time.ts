import { z } from 'zod';
import { AwsError, notImplemented, operation } from '../../protocols/operation';
import { flag, instant } from '../../protocols/query-input';
import {
  automatedBackupNotFound,
  clusterNotAvailable,
  clusterNotFound,
  invalidCombination,
  invalidValue,
} from './faults';
import { existingIdentifier } from './identifiers';
import type { RdsState } from './rds-state';
import { restorableWindow, storageAt, type RestorableWindow } from './restorable-window';
import { restoreCluster, restoreInput, type RestoreOrigin } from './restore-cluster';

const input = z.strictObject({
  ...restoreInput,
  SourceDBClusterIdentifier: existingIdentifier.optional(),
  SourceDbClusterResourceId: z.string().optional(),
  RestoreToTime: instant.optional(),
  UseLatestRestorableTime: flag.default(false),
  // the Terraform provider sends it empty when unset
  RestoreType: z.enum(['', 'full-copy', 'copy-on-write']).default('full-copy'),
});
type Input = z.infer<typeof input>;

export const restoreDBClusterToPointInTime = operation({
  name: 'RestoreDBClusterToPointInTime',
  input,
  run: async (request, state: RdsState) => {
    refuseCombinations(request);
    const cluster = await restoreCluster(request, originOf(request, state), state);
    return { DBCluster: state.renderCluster(cluster) };
  },
});

function refuseCombinations(request: Input): void {
  if (request.RestoreType === 'copy-on-write') throw notImplemented('RestoreType copy-on-write');
  if ((request.RestoreToTime !== undefined) === request.UseLatestRestorableTime) {
    throw invalidCombination('Specify either RestoreToTime or UseLatestRestorableTime, and not both');
  }
  if (request.SourceDBClusterIdentifier !== undefined && request.SourceDbClusterResourceId !== undefined) {
    throw invalidCombination(
      'Specify either SourceDBClusterIdentifier or SourceDbClusterResourceId, and not both',
    );
  }
}

/** A living cluster by its name or resource id, or a deleted one by its resource id, whose backups are retained. */
function originOf(request: Input, state: RdsState): RestoreOrigin {
  const { SourceDBClusterIdentifier: identifier, SourceDbClusterResourceId: wanted } = request;
  if (identifier === undefined && wanted === undefined) {
    throw invalidCombination('Specify either SourceDBClusterIdentifier or SourceDbClusterResourceId');
  }
  const cluster = [...state.clusters.values()].find((one) =>
    wanted === undefined ? one.identifier === identifier : one.resourceId === wanted,
  );
  if (cluster !== undefined) {
    if (cluster.database === undefined) throw clusterNotAvailable(cluster.identifier, cluster.status);
    const window = restorableWindow(cluster, state.settings.restorableLagMs);
    const at = restoreTime(request, cluster, window);
    return { cluster, database: storageAt(cluster, at), at };
  }
  if (wanted === undefined) throw clusterNotFound(identifier ?? '');
  const backup = state.retainedBackups.get(wanted);
  if (backup !== undefined) {
    const at = restoreTime(request, backup.cluster, backup.window);
    return { cluster: backup.cluster, database: storageAt(backup, at), at };
  }
  throw automatedBackupNotFound(wanted);
}

/** In microseconds. The words are those with which RDS refuses the same for an instance. */
function restoreTime(
  request: Input,
  source: RestoreOrigin['cluster'],
  window: RestorableWindow | undefined,
): number {
  if (window === undefined) {
    throw new AwsError('InvalidRestoreFault', `The cluster ${source.identifier} has no restorable time yet.`);
  }
  const at = request.RestoreToTime ?? window.latest;
  if (at > window.latest) {
    throw invalidValue(
      `The specified cluster cannot be restored to a time later than ${toSecond(window.latest)}.`,
    );
  }
  if (at < window.earliest) {
    throw invalidValue(
      `The specified cluster cannot be restored to a time earlier than ${toSecond(window.earliest)} because its backup retention period is set to ${source.settings.backupRetentionPeriod} days.`,
    );
  }
  return at.getTime() * 1000;
}

function toSecond(time: Date): string {
  return time.toISOString().replace(/[.]\d+Z$/, 'Z');
}
