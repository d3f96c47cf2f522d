import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { formatDuration, formatInstant, type EpochMicros } from '../time';
import type { SourceCluster } from './source-cluster';

/** What RDS says that it can restore to, and when it said so. */
export interface RestorableWindow {
  readonly earliestAt: EpochMicros;
  readonly latestAt: EpochMicros;
  readonly checkedAt: EpochMicros;
}

export type WindowRefusal = Refusal<
  'no-restorable-window' | 'restore-point-in-future' | 'restore-point-too-old' | 'restore-point-too-recent'
>;

/**
 * Checks that RDS can restore to `restoreTo`. `restore-point-too-recent` passes with time (RDS
 * follows by about five minutes); the other refusals do not.
 *
 * RDS documents RestoreToTime as before the latest restorable time, hence strictly.
 */
export function checkWindow(
  source: Pick<
    SourceCluster,
    'identifier' | 'earliestRestorableAt' | 'latestRestorableAt' | 'backupRetentionDays'
  >,
  restoreTo: EpochMicros,
  now: EpochMicros,
): Outcome<RestorableWindow, WindowRefusal> {
  const { earliestRestorableAt: earliestAt, latestRestorableAt: latestAt } = source;
  if (earliestAt === null || latestAt === null) {
    return refuse({
      reason: 'no-restorable-window',
      message: `DB cluster '${source.identifier}' has no restorable time yet`,
      hint: 'wait for its first backup; a cluster that was itself just restored has none until it is complete',
    });
  }
  const point = `restore point ${formatInstant(restoreTo)}`;
  if (restoreTo >= now) {
    return refuse({
      reason: 'restore-point-in-future',
      message: `${point} is not in the past: it is ${formatInstant(now)} now`,
      hint: 'check the incident, and the clock of this machine',
    });
  }
  if (restoreTo < earliestAt) {
    return refuse({
      reason: 'restore-point-too-old',
      message: `${point} is before ${formatInstant(earliestAt)}, the earliest that '${source.identifier}' can be restored to (backup retention ${source.backupRetentionDays} d)`,
      hint: 'restore the newest snapshot that is older than the restore point instead',
    });
  }
  if (restoreTo >= latestAt) {
    return refuse({
      reason: 'restore-point-too-recent',
      message: `${point} is not restorable yet: the latest restorable time of '${source.identifier}' is ${formatInstant(latestAt)}, ${formatDuration((restoreTo - latestAt) / 1000)} earlier`,
      hint: 'plan again in a few minutes, or let it wait longer with --wait 30m',
    });
  }
  return accept({ earliestAt, latestAt, checkedAt: now });
}
