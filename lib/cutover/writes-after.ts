import { epochMicros, type EpochMicros } from '../time';
import { clockExpression, findCommitClocks, resolveClock, type CommitClock } from '../verify/commit-clocks';
import { numberOf, onlyRow, QueryError, type Database } from '../verify/database';
import { fullName } from '../verify/inventory';
import { instantOf, wallTimeOf } from '../verify/wall-time';

/** What one clock in the data tells about the writes after an instant. Deletes leave no trace in it. */
export interface TableWrites {
  /** `database.table.column`. */
  readonly clock: string;
  readonly rows: number;
  readonly firstAt: EpochMicros | null;
  readonly lastAt: EpochMicros | null;
}

export interface WritesAfter {
  readonly tables: readonly TableWrites[];
  /** Tables that the server itself knows to have been changed since, whether a clock tells or not. */
  readonly changed: readonly string[];
  /** Why a column that could tell does not. */
  readonly unused: readonly string[];
}

/** Counts the rows that were written after an instant, by one clock for each table: those named, or all that are found. */
export async function fetchWritesAfter(
  database: Database,
  after: EpochMicros,
  named: readonly string[],
): Promise<WritesAfter> {
  const inventory = await database.dialect.fetchInventory(database);
  const found = findCommitClocks(
    inventory,
    { clocks: named, ignoredClocks: [], clockOffsetMinutes: undefined },
    database.dialect,
    inventory.commitTimes,
  );
  const clocks = onePerTable(found.clocks.filter(({ named: byPerson }) => named.length === 0 || byPerson));
  const unused = [...found.unused];
  const tables: TableWrites[] = [];
  for (const clock of clocks) {
    try {
      const read = await readClock(database, clock, after, inventory.askedAt);
      if (typeof read === 'string') unused.push(read);
      else tables.push(read);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      unused.push(`${clock.name} could not be read (${error.code})`);
    }
  }
  return {
    tables,
    changed: inventory.tables
      .filter(({ updatedAt }) => updatedAt !== null && updatedAt > after)
      .map((table) => fullName(table)),
    unused,
  };
}

/** A clock that updates stamp again tells of inserts too. A partition's rows are those of its table, which counts them. */
function onePerTable(clocks: readonly CommitClock[]): CommitClock[] {
  const byTable = new Map<string, CommitClock>();
  for (const clock of clocks) {
    if (clocks.some((other) => fullName(other.table) === clock.table.partitionOf)) continue;
    const table = fullName(clock.table);
    if (clock.stampedBy === 'update' || !byTable.has(table)) byTable.set(table, clock);
  }
  return [...byTable.values()];
}

/** @returns a text that says why not, where the clock cannot be read */
async function readClock(
  database: Database,
  clock: CommitClock,
  after: EpochMicros,
  now: EpochMicros,
): Promise<TableWrites | string> {
  const { quoted, wallTime } = database.dialect;
  const column = clockExpression(clock, database.dialect);
  const table = quoted(clock.table.schema, clock.table.name);
  const newest = onlyRow(
    await database.query(`SELECT ${wallTime(`MAX(${column})`)} AS newest FROM ${table}`),
  )['newest'];
  const resolved = resolveClock(
    clock,
    { restored: null, source: newest ?? null, restoreTo: after, now },
    { clocks: [clock.name], ignoredClocks: [], clockOffsetMinutes: undefined },
  );
  if (!resolved.ok) return resolved.refusal.message;
  const { offsetMinutes } = resolved.value;
  const row = onlyRow(
    await database.query(
      `SELECT COUNT(*) AS n, ${wallTime(`MIN(${column})`)} AS first, ${wallTime(`MAX(${column})`)} AS last FROM ${table} WHERE ${column} > ?`,
      [wallTimeOf(after, offsetMinutes)],
    ),
  );
  const instant = (text: string | null | undefined): EpochMicros | null =>
    text === null || text === undefined ? null : instantOf(text, offsetMinutes);
  return {
    clock: clock.name,
    rows: numberOf(row, 'n'),
    firstAt: instant(row['first']),
    lastAt: instant(row['last']),
  };
}

/** Over all tables, of all clusters. */
export function sumUp(writes: readonly WritesAfter[]): Omit<TableWrites, 'clock' | 'rows'> & {
  readonly rows: number | null;
} {
  const tables = writes.flatMap((one) => one.tables);
  const times = (of: (table: TableWrites) => EpochMicros | null): number[] =>
    tables.flatMap((table) => of(table) ?? []);
  const first = times(({ firstAt }) => firstAt);
  const last = times(({ lastAt }) => lastAt);
  return {
    rows: tables.length === 0 ? null : tables.reduce((sum, { rows }) => sum + rows, 0),
    firstAt: first.length === 0 ? null : epochMicros(Math.min(...first)),
    lastAt: last.length === 0 ? null : epochMicros(Math.max(...last)),
  };
}
