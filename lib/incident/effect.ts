import { isOfTimeThatCameTwice, type AuditRecord } from '../audit/audit-record';
import { epochMicros, formatDuration, type EpochMicros } from '../time';
import type { Committed, Fate, Write } from './fate';

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
  /** The first record of a table that its statement opened, and the record before that one; null where the log has none. */
  readonly firstTable: (record: AuditRecord) => FirstTable | null;
  /** Up to when the logs are known. */
  readonly completeUntil: EpochMicros;
}

export interface FirstTable {
  readonly record: AuditRecord;
  readonly previous: AuditRecord | null;
}

type VisibleFate = Extract<Fate, { kind: 'committed' | 'not-logged' }>;

/**
 * When the damage became visible. Aurora MySQL and MariaDB stamp a statement's end: the effect lies
 * between the connection's record before and the stamp, and at most the margin before the stamp.
 * RDS MySQL 8 and pgaudit stamp before: the effect never comes before the stamp.
 */
export function effectOf(write: Write, fate: VisibleFate, options: EffectOptions): Effect {
  const effect = boundsOf(write, fate, options);
  if (fate.kind === 'not-logged' || fate.timedOut === undefined) return effect;
  const basis = `${effect.basis}; with innodb_rollback_on_timeout ${nameOf(fate.timedOut)}, which waited for a lock in vain, has rolled all back: look whether the damage is there`;
  return { ...effect, basis };
}

function boundsOf(write: Write, fate: VisibleFate, options: EffectOptions): Effect {
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
  if (fate.perhapsBy !== undefined) {
    const earlier = beforeStatement(fate.perhapsBy, fate.after, options);
    return {
      earliestAt: earlier.earliestAt,
      latestAt: around(fate.at, null, options).latestAt,
      basis: `${nameOf(fate.perhapsBy)} may have committed the transaction before, since the log does not tell what it ran; it began after the connection's record before it`,
    };
  }
  if (fate.by === 'implicit-commit') return beforeStatement(fate.at, fate.after, options);
  return write.record === fate.at && dropsTables(write)
    ? ofDrop(write, fate, options)
    : around(fate.at, fate.after, options);
}

/** Whether the record of each table comes after its drop, as MariaDB writes them: those of other statements come before. */
function dropsTables({ record, facts }: Write): boolean {
  return facts.kind === 'drop' && record.stamped === 'end' && ['drop', 'create'].includes(facts.verb);
}

/** MariaDB and MySQL 5.7 drop tables one after the other, each for itself. */
function ofDrop({ record, facts }: Write, { after }: Committed, options: EffectOptions): Effect {
  const whole = around(record, after, options);
  const first = options.firstTable(record);
  if (first !== null) {
    const { earliestAt } = around(first.record, first.previous, options);
    const failed =
      record.errorCode === null || record.errorCode === 0 ? '' : ' failed after it had dropped a table; it';
    return {
      ...whole,
      earliestAt,
      basis: `${nameOf(record)}${failed} is stamped at its end; the record of the first table that it dropped is older, and counts`,
    };
  }
  if (!facts.destroysEarly) return whole;
  if (after === null) {
    const basis = `${whole.basis}; it may have destroyed from its start on, and the logs hold no record of the connection before it: widen --margin by as long as it took`;
    return { ...whole, basis };
  }
  return {
    ...whole,
    earliestAt: after.executedAt,
    basis: `${nameOf(record)} is stamped at its end, and may have destroyed from its start on; it began after the connection's record before it`,
  };
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
    basis:
      (isProven
        ? `${nameOf(record)} is stamped at its end and began after the connection's record before it`
        : `${nameOf(record)} is stamped at its end, and its commit came at most ${margin} before`) +
      (isOfTimeThatCameTwice(record) ? '; its local time came twice that day' : ''),
  };
}

/** An implicit commit comes at the start of a statement that may then run for long: only the record before bounds it. */
function beforeStatement(record: AuditRecord, previous: AuditRecord | null, options: EffectOptions): Effect {
  if (record.stamped === 'start') return around(record, previous, options);
  return {
    earliestAt: previous?.executedAt ?? epochMicros(record.executedAt - options.marginMicros),
    latestAt: endOf(record),
    basis: `${nameOf(record)} commits the transaction at its start and is stamped at its end; it began after the connection's record before it${BEGINS.test(withoutComments(record.object)) ? UNLESS_RESET : ''}`,
  };
}

const BEGINS = /^\W*(?:begin|start\s+transaction)\b/i;
/** Seen on MariaDB 10.11: COM_RESET_CONNECTION rolls back and leaves no record. */
const UNLESS_RESET =
  ' (had a pool reset the connection before, which no record shows, it was rolled back: look whether the damage is there)';

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
  const verb = /^\W*(\w+)/.exec(withoutComments(record.object))?.[1]?.toUpperCase() ?? 'the statement';
  return `${verb} (query ${record.queryId ?? '?'})`;
}

/** Without the comments that it begins with; what stands in an executable one is read. */
function withoutComments(sql: string): string {
  return sql.replace(/^(?:[\s(;]+|\/\*M?!\d*|\/\*(?!M?!)[\s\S]*?\*\/|(?:--(?=\s)|#).*(?:\n|$))*/, '');
}
