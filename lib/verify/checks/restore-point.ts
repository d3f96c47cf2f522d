import { epochMicros, formatDuration, formatInstant, type EpochMicros } from '../../time';
import { amount, combine, notApplicable, partOf, type Check, type CheckContext, type Part } from '../check';
import { clockExpression, type CommitClock, type ReadableClock } from '../commit-clocks';
import { countRows, onlyRow } from '../database';
import { isIncidentTable } from '../incident-tables';
import { findTable, fullName } from '../inventory';
import { settledBefore } from '../settled';
import { instantOf, wallTimeOf } from '../wall-time';

/** Reads the clocks in the data: the last commits before the restore point are there, and none from after it. */
export const restorePoint: Check = {
  name: 'restore-point',
  title: 'the last writes before the restore point are there, and none after it',
  run: async (context) => {
    const { clocks, unused } = context.clocks;
    const parts: Part[] = unused.map((evidence) => ({ verdict: 'not-applicable', evidence }));
    for (const clock of clocks) {
      context.onProgress(`reading ${clock.name}`);
      parts.push(
        await partOf(clock.name, async () =>
          judgeClock(await readClock(context, clock), context.restoreTo, context.settings.commitDelayMs),
        ),
      );
    }
    if (parts.length > 0) return combine(parts);
    return notApplicable(
      'no column is stamped by the server (TIMESTAMP or DATETIME, default CURRENT_TIMESTAMP): name one with --clock',
    );
  },
};

/** What one clock shows. All counts are of rows. */
export interface ClockReading {
  readonly stampedBy: CommitClock['stampedBy'];
  readonly restored: {
    readonly newestAt: EpochMicros | null;
    /** Stamped at the restore point or later. A commit comes after its stamp, so none may be there. */
    readonly late: number;
    /** Stamped in the minute before the restore point, by transactions that were over by then. */
    readonly settled: number;
  };
  /** Undefined where the source was not asked, or does not hold any more what the clock stamped. */
  readonly source:
    | {
        readonly settled: number;
        /** Before the restore point, but after the newest on the restored side. */
        readonly beyond: { readonly rows: number; readonly firstAt: EpochMicros | null };
        /** The first one that the restored side must not have. */
        readonly firstLateAt: EpochMicros | null;
      }
    | undefined;
}

const COUNTED_MICROS = 60_000_000;

async function readClock(context: CheckContext, clock: ReadableClock): Promise<ClockReading> {
  const { restored, source, restoreTo } = context;
  const { dialect } = restored.database;
  const column = clockExpression(clock, dialect);
  const wall = (at: number): string => wallTimeOf(epochMicros(at), clock.offsetMinutes);
  const settled = {
    where: `${column} >= ? AND ${column} < ?`,
    values: [wall(restoreTo - COUNTED_MICROS), wall(settledBefore(context))],
  };
  const reading = {
    stampedBy: clock.stampedBy,
    restored: {
      newestAt: clock.newestRestoredAt,
      late: await countRows(restored.database, clock.table, `${column} >= ?`, [wall(restoreTo)]),
      settled: await countRows(restored.database, clock.table, settled.where, settled.values),
    },
  };
  const onSource = source === undefined ? undefined : findTable(source.inventory, fullName(clock.table));
  const damaged = isIncidentTable(context.incident, fullName(clock.table), dialect.name);
  if (source === undefined || onSource === undefined || damaged || clock.stampedBy === 'update') {
    return { ...reading, source: undefined };
  }
  const first = async (
    where: string,
    values: string[],
  ): Promise<{ rows: number; firstAt: EpochMicros | null }> => {
    const sql = `SELECT COUNT(*) AS n, ${dialect.wallTime(`MIN(${column})`)} AS first FROM ${dialect.quoted(onSource.schema, onSource.name)} WHERE ${where}`;
    const row = onlyRow(await source.database.query(sql, values));
    const text = row['first'] ?? null;
    return { rows: Number(row['n']), firstAt: text === null ? null : instantOf(text, clock.offsetMinutes) };
  };
  const end = clock.newestRestoredAt;
  return {
    ...reading,
    source: {
      settled: await countRows(source.database, onSource, settled.where, settled.values),
      beyond:
        end === null
          ? await first(`${column} < ?`, [wall(restoreTo)])
          : await first(`${column} > ? AND ${column} < ?`, [wall(end), wall(restoreTo)]),
      firstLateAt: (await first(`${column} >= ?`, [wall(restoreTo)])).firstAt,
    },
  };
}

/** Decides by one clock alone. */
export function judgeClock(
  { stampedBy, restored, source }: ClockReading,
  restoreTo: EpochMicros,
  commitDelayMs: number,
): Part {
  const before = (at: EpochMicros): string => `${formatDuration((restoreTo - at) / 1000)} before it`;
  const { newestAt } = restored;
  const ends =
    newestAt === null ? 'no row restored' : `the newest row restored is from ${formatInstant(newestAt)}`;
  if (restored.late > 0) {
    return {
      verdict: 'fail',
      evidence: `${amount(restored.late, 'row')} from after the restore point ${formatInstant(restoreTo)}, ${ends}: restored to a later time`,
    };
  }
  if (source === undefined) {
    if (newestAt === null) return { verdict: 'not-applicable', evidence: ends };
    const what = stampedBy === 'update' ? 'no change' : 'no row';
    return {
      verdict: 'pass',
      evidence: `${what} from after the restore point; ${ends}, ${before(newestAt)}`,
    };
  }
  const { beyond, settled, firstLateAt } = source;
  if (beyond.firstAt !== null && restoreTo - beyond.firstAt > commitDelayMs * 1000) {
    return {
      verdict: 'fail',
      evidence: `${ends}, but the source has ${amount(beyond.rows, 'row')} after that and before the restore point, the first from ${formatInstant(beyond.firstAt)}, ${before(beyond.firstAt)}: restored to an earlier time (or a transaction was open for longer than --commit-delay)`,
    };
  }
  if (settled > restored.settled) {
    return {
      verdict: 'fail',
      evidence: `of the ${amount(settled, 'row')} that the source has from the last minute before the restore point, ${settled - restored.settled} are missing`,
    };
  }
  if (newestAt === null)
    return { verdict: 'not-applicable', evidence: 'no row from before the restore point on either side' };
  const gone = restored.settled - settled;
  return {
    verdict: 'pass',
    evidence: [
      `${ends}, ${before(newestAt)}`,
      firstLateAt === null
        ? 'the source has none after it'
        : `the source's first one after it, from ${formatInstant(firstLateAt)}, is absent`,
      `the ${amount(settled, 'row')} of the last minute before it are there`,
      ...(gone > 0 ? [`${gone} more were deleted on the source since`] : []),
      ...(beyond.rows > 0 ? [`${amount(beyond.rows, 'row')} not committed yet at the restore point`] : []),
    ].join('; '),
  };
}
