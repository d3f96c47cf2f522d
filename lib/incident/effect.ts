import type { AuditRecord } from '../audit/audit-record';
import { epochMicros, formatDuration, type EpochMicros } from '../time';
import type { Fate, Write } from './transactions';

/** The interval in which the damage became visible. */
export interface Effect {
  readonly earliestAt: EpochMicros;
  readonly latestAt: EpochMicros;
  /** In words: which record proves it, and by which rule. */
  readonly basis: string;
}

export interface EffectOptions {
  /** How long before the stamp of a statement's end its commit may have come, at most, in microseconds. */
  readonly marginMicros: number;
  /** The record after this one on the same connection; null where the logs have none. */
  readonly next: (record: AuditRecord) => AuditRecord | null;
  /** Up to when the logs are known. */
  readonly completeUntil: EpochMicros;
}

type VisibleFate = Extract<Fate, { kind: 'committed' | 'not-logged' }>;

/**
 * When the damage became visible. Aurora MySQL and MariaDB stamp a statement's end: the effect lies
 * between the connection's record before and the stamp, and at most the margin before the stamp.
 * RDS MySQL 8 and pgaudit stamp before: the effect never comes before the stamp.
 */
export function effectOf(write: Write, fate: VisibleFate, options: EffectOptions): Effect {
  if (fate.kind === 'not-logged') {
    const own = around(write.record, write.previous, options);
    return {
      earliestAt: own.earliestAt,
      latestAt: laterOf(own.latestAt, options.completeUntil),
      basis: `the logs hold no COMMIT, so the transaction cannot be seen; ${own.basis}, which no commit can precede`,
    };
  }
  if (!fate.proven && fate.by === 'commit') {
    const own = around(write.record, write.previous, options);
    return {
      earliestAt: own.earliestAt,
      latestAt: around(fate.at, fate.after, options).latestAt,
      basis: `whether autocommit was on is not in the logs; ${own.basis}, which no commit can precede`,
    };
  }
  if (fate.by === 'implicit-commit') return beforeStatement(fate.at, fate.after, options);
  return around(fate.at, fate.after, options);
}

/** The effect of a statement that itself makes the damage visible. */
function around(record: AuditRecord, previous: AuditRecord | null, options: EffectOptions): Effect {
  if (record.stamped === 'start') {
    return {
      earliestAt: record.executedAt,
      latestAt: endOfStartStamped(record, options),
      basis: `${nameOf(record)} is stamped before it takes effect`,
    };
  }
  const byMargin = epochMicros(record.executedAt - options.marginMicros);
  const bound = previous?.executedAt ?? null;
  const isProven = bound !== null && bound >= byMargin;
  const margin = formatDuration(options.marginMicros / 1000);
  return {
    earliestAt: isProven ? bound : byMargin,
    latestAt: endOf(record),
    basis: isProven
      ? `${nameOf(record)} is stamped at its end and began after the connection's record before it`
      : `${nameOf(record)} is stamped at its end, and its commit came at most ${margin} before`,
  };
}

/** An implicit commit comes at the start of a statement that may then run for long: only the record before bounds it. */
function beforeStatement(record: AuditRecord, previous: AuditRecord | null, options: EffectOptions): Effect {
  if (record.stamped === 'start') return around(record, previous, options);
  return {
    earliestAt: previous?.executedAt ?? epochMicros(record.executedAt - options.marginMicros),
    latestAt: endOf(record),
    basis: `${nameOf(record)} commits the transaction at its start and is stamped at its end; it began after the connection's record before it`,
  };
}

function endOfStartStamped(record: AuditRecord, { next, completeUntil }: EffectOptions): EpochMicros {
  const following = next(record);
  return laterOf(endOf(record), following === null ? completeUntil : endOf(following));
}

/** The last instant that the logged time may stand for: a log of whole seconds widens it by that second. */
export function endOf(record: AuditRecord): EpochMicros {
  return record.precisionMicros === 1
    ? record.executedAt
    : epochMicros(record.executedAt + record.precisionMicros);
}

function laterOf(a: EpochMicros, b: EpochMicros): EpochMicros {
  return a > b ? a : b;
}

function nameOf(record: AuditRecord): string {
  const verb = /^\W*(\w+)/.exec(record.object)?.[1]?.toUpperCase() ?? 'the statement';
  return `${verb} (query ${record.queryId ?? '?'})`;
}
