import { accept, refuse, type Outcome, type Refusal } from '../errors';
import type { EpochMicros } from '../time';
import type { SqlDialect } from './database';
import { fullName, type Column, type Inventory, type Table } from './inventory';
import { instantOf } from './wall-time';

/** A column in which the server itself writes down when a row was written: what a restore is measured by. */
export interface CommitClock {
  readonly table: Table;
  readonly column: string;
  /** `database.table.column`. */
  readonly name: string;
  /** `insert`: stamped once, so that every row from before the restore point must be there. `update`: stamped again by each change. */
  readonly stampedBy: 'insert' | 'update';
  /**
   * A `timestamp` is an instant; a `datetime` is what some clock showed, in a zone that nothing
   * says; `commit` is no column at all, but when the server committed the row.
   */
  readonly kind: 'timestamp' | 'datetime' | 'commit';
  /** Whether the person named it. */
  readonly named: boolean;
}

export interface ClockSettings {
  /** Columns, as `database.table.column`, that the person names as clocks. */
  readonly clocks: readonly string[];
  /** Columns that look like clocks and are none. */
  readonly ignoredClocks: readonly string[];
  /** What to add to UTC to get the time in DATETIME clocks; undefined where the person did not say. */
  readonly clockOffsetMinutes: number | undefined;
}

/** A clock that can be read: what to add to UTC to get the time that it shows, and its newest times. */
export interface ReadableClock extends CommitClock {
  readonly offsetMinutes: number;
  readonly newestRestoredAt: EpochMicros | null;
  /** Null also where the source was not asked, or has no such table. */
  readonly newestSourceAt: EpochMicros | null;
}

export interface FoundClocks {
  readonly clocks: readonly ReadableClock[];
  /** Why a column that looks like a clock, or was named as one, is not used. */
  readonly unused: readonly string[];
}

const STAMPED_BY_SERVER =
  /^(current_timestamp|now|localtimestamp|transaction_timestamp|statement_timestamp|clock_timestamp)\b/i;
const STAMPED_AGAIN = /on update (current_timestamp|now|localtimestamp)/;
/** A maximum over a column without an index reads the whole table. */
const MOST_ROWS_WITHOUT_INDEX = 5_000_000;

/**
 * Finds the columns that the server stamps: instants and wall times with a default or an update of
 * CURRENT_TIMESTAMP, and those that the person names; and where the server kept them
 * (`commitTimes`), the times of each table's commits.
 */
export function findCommitClocks(
  inventory: Inventory,
  settings: ClockSettings,
  dialect: Pick<SqlDialect, 'clockKind'>,
  commitTimes = false,
): { readonly clocks: readonly CommitClock[]; readonly unused: readonly string[] } {
  const clocks: CommitClock[] = [];
  const unused: string[] = [];
  const isWanted = ({ name }: CommitClock): boolean => !settings.ignoredClocks.includes(name);
  for (const table of inventory.tables) {
    for (const column of table.columns) {
      const clock = clockOf(table, column, settings.clocks, dialect);
      if (clock === undefined || !isWanted(clock)) continue;
      if (!clock.named && !isSmall(table) && !isIndexed(table, column.name)) {
        unused.push(
          `${clock.name} has no index and its table about ${table.estimatedRows} rows: name it with --clock to use it all the same`,
        );
      } else clocks.push(clock);
    }
  }
  if (commitTimes && inventory.commitTimes) {
    clocks.push(...inventory.tables.filter(isSmall).map(commitClockOf).filter(isWanted));
  }
  for (const name of settings.clocks) {
    if (!clocks.some((clock) => clock.name === name)) {
      unused.push(`${name} is no column of the restored database that holds a date and time`);
    }
  }
  return { clocks, unused };
}

function isSmall({ estimatedRows }: Table): boolean {
  return estimatedRows <= MOST_ROWS_WITHOUT_INDEX;
}

/** By `xmin`, the transaction that wrote the row as it is. Source: PostgreSQL's documentation, "System Columns". */
function commitClockOf(table: Table): CommitClock {
  const name = `${fullName(table)}.xmin`;
  return { table, column: 'xmin', name, stampedBy: 'update', kind: 'commit', named: false };
}

/** What to read a clock by. */
export function clockExpression({ kind, column }: CommitClock, dialect: SqlDialect): string {
  return kind === 'commit' ? 'pg_xact_commit_timestamp(xmin)' : dialect.quoted(column);
}

function clockOf(
  table: Table,
  column: Column,
  named: readonly string[],
  dialect: Pick<SqlDialect, 'clockKind'>,
): CommitClock | undefined {
  const kind = dialect.clockKind(column.dataType);
  if (kind === undefined) return undefined;
  const name = `${fullName(table)}.${column.name}`;
  const again = STAMPED_AGAIN.test(column.extra);
  const isNamed = named.includes(name);
  if (!isNamed && !again && !STAMPED_BY_SERVER.test(column.default ?? '')) return undefined;
  return {
    table,
    column: column.name,
    name,
    stampedBy: again ? 'update' : 'insert',
    kind,
    named: isNamed,
  };
}

function isIndexed(table: Table, column: string): boolean {
  return table.indexes.some((index) => index.columns[0] === column);
}

/** Farther than any clock is off, and nearer than the nearest two time zones are apart. */
const SAME_ZONE_MICROS = 10 * 60 * 1_000_000;
/** A stamp later than this after the server's own time was not made by it. */
const SKEW_MICROS = 60 * 1_000_000;

/** The newest times that a clock shows, as texts, and what is known about the moments that they are from. */
export interface NewestStamps {
  readonly restored: string | null;
  readonly source: string | null;
  readonly restoreTo: EpochMicros;
  /** The time of the server that holds the newest data. */
  readonly now: EpochMicros;
}

/**
 * Decides whether and how a clock can be read. A DATETIME counts as UTC only where its newest value
 * says so by being close to a moment that is known: now on the source, which is being written to,
 * or the restore point on the restored side.
 */
export function resolveClock(
  clock: CommitClock,
  { restored, source, restoreTo, now }: NewestStamps,
  settings: ClockSettings,
): Outcome<ReadableClock, Refusal<'unknown-zone' | 'future'>> {
  const near = (text: string | null, at: EpochMicros): boolean => {
    const shownAt = text === null ? null : instantOf(text, 0);
    return shownAt !== null && Math.abs(shownAt - at) < SAME_ZONE_MICROS;
  };
  const isUtc = clock.kind !== 'datetime' || near(source, now) || near(restored, restoreTo);
  const offsetMinutes =
    clock.kind !== 'datetime' ? 0 : (settings.clockOffsetMinutes ?? (isUtc ? 0 : undefined));
  if (offsetMinutes === undefined) {
    return refuse({
      reason: 'unknown-zone',
      message: `${clock.name} is a DATETIME, and nothing shows of which time zone`,
      hint: 'say it with --clock-timezone',
    });
  }
  const instant = (text: string | null): EpochMicros | null =>
    text === null ? null : instantOf(text, offsetMinutes);
  const readable = {
    ...clock,
    offsetMinutes,
    newestRestoredAt: instant(restored),
    newestSourceAt: instant(source),
  };
  const newestAt = readable.newestSourceAt ?? readable.newestRestoredAt;
  if (!clock.named && newestAt !== null && newestAt > now + SKEW_MICROS) {
    return refuse({
      reason: 'future',
      message: `${clock.name} shows times in the future: the application sets it`,
      hint: 'name it with --clock to use it all the same',
    });
  }
  return accept(readable);
}
