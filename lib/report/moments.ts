import type { Incident } from '../artefacts/incident';
import { epochMicros, formatInstant } from '../time';
import { keptWords, type RestoredData } from './restored-data';
import { microsOf } from './words';

/** An instant of the incident that the timeline shows. */
export interface Moment {
  readonly kind:
    | 'snapshot'
    | 'began'
    | 'statement'
    | 'committed'
    | 'restore-point'
    | 'earliest-effect'
    | 'latest-effect'
    | 'recorded'
    | 'record-time-restore';
  readonly at: string;
  /** What happened then, in words. */
  readonly title: string;
}

/** The incident's instants in order of time. */
export function momentsOf(incident: Incident, restored: RestoredData): readonly Moment[] {
  const { transaction, statement, effect, restoreTo, recordTime } = incident;
  const moments: Moment[] = [
    ...restorePoint(restoreTo, restored),
    {
      kind: 'earliest-effect',
      at: effect.earliestAt,
      title: 'the damage was visible from here at the earliest',
    },
    { kind: 'latest-effect', at: effect.latestAt, title: 'the damage was visible from here at the latest' },
    { kind: 'statement', at: statement.executedAt, title: 'the statement, as stamped in the audit log' },
  ];
  if (transaction.beganAt !== null) {
    moments.push({ kind: 'began', at: transaction.beganAt, title: 'its transaction began' });
  }
  // an autocommit statement's commit is the statement itself
  if (transaction.committedAt !== null && transaction.committedAt !== statement.executedAt) {
    moments.push({ kind: 'committed', at: transaction.committedAt, title: 'its transaction was committed' });
  }
  const recordedAt = recordedAtOf(incident);
  if (recordedAt !== null) {
    const what = transaction.kind === 'explicit' ? 'the commit' : 'the statement';
    moments.push({ kind: 'recorded', at: recordedAt, title: `the record of ${what} reached the log` });
  }
  if (recordTime !== null) {
    moments.push({
      kind: 'record-time-restore',
      at: recordTime.restoreTo,
      title: `restoring by the record time would have ended here: ${recordTime.includesDamage ? 'damage included' : 'without the damage'}`,
    });
  }
  return moments.sort((a, b) => microsOf(a.at) - microsOf(b.at));
}

function restorePoint(at: string, restored: RestoredData): readonly Moment[] {
  const { snapshotAt, isVerified } = restored;
  const kept = `what was committed until then ${keptWords(restored)}`;
  if (snapshotAt === null) return [{ kind: 'restore-point', at, title: `restore point: ${kept}` }];
  return [
    {
      kind: 'snapshot',
      at: snapshotAt,
      title: `the snapshot that ${isVerified ? 'was' : 'is to be'} restored: ${kept}`,
    },
    { kind: 'restore-point', at, title: 'restore point: by the log the newest state without the damage' },
  ];
}

/** When the record that made the damage visible reached the log; null where the log has no record time. */
export function recordedAtOf({ transaction, statement, recordTime }: Incident): string | null {
  if (recordTime === null) return null;
  const stampedAt = transaction.committedAt ?? statement.executedAt;
  return formatInstant(epochMicros(microsOf(stampedAt) + Math.round(recordTime.lagMs * 1000)));
}
