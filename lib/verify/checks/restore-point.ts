import { formatDuration, formatInstant, type EpochMicros, epochMicros } from '../../time';
import { amount, combine, notApplicable, type Check, type CheckContext, type Part } from '../check';
import { clockOffset, clockSql, findCommitClocks, type CommitClock } from '../commit-clocks';
import { countRows, onlyRow } from '../database';
import { findTable, fullName } from '../inventory';
import { instantOf, wallTimeOf } from '../wall-time';
import { incidentTables } from './damage-absent';

/** Reads the clocks in the data: the last commits before the restore point are there, and none from after it. */
export const restorePoint: Check = {
  name: 'restore-point',
  title: 'the last writes before the restore point are there, and none after it',
  run: async (context) => {
    const { clocks, unused } = findCommitClocks(context.restored.inventory, context.settings);
    const parts: Part[] = unused.map((evidence) => ({ verdict: 'not-applicable', evidence }));
    for (const clock of clocks) {
      const reading = await readClock(context, clock);
      parts.push(
        'unusable' in reading
          ? { verdict: 'not-applicable', evidence: reading.unusable }
          : judgeClock(reading, context),
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
  readonly name: string;
  readonly stampedBy: CommitClock['stampedBy'];
  readonly restored: {
    readonly newestAt: EpochMicros | null;
    /** Stamped at the restore point or later. A commit comes after its stamp, so none may be there. */
    readonly late: number;
    readonly settled: number;
  };
  /** Undefined where the source was not asked, or does not hold what the clock stamped any more. */
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

/** Rows stamped this long before the restore point are counted on both sides. */
const COUNTED_MS = 60_000;
/** A stamp later than the server's own clock was not made by it. */
const CLOCK_SKEW_MICROS = 60_000_000;

async function readClock(
  context: CheckContext,
  clock: CommitClock,
): Promise<ClockReading | { readonly unusable: string }> {
  const { restored, source, restoreTo, settings } = context;
  const { table, column } = clockSql(clock);
  const onSource = source === undefined ? undefined : findTable(source.inventory, fullName(clock.table));
  const newest = async (side: typeof restored): Promise<string | null> =>
    onlyRow(await side.database.query(`SELECT MAX(${column}) AS at FROM ${table}`))['at'] ?? null;
  const newestRestored = await newest(restored);
  const newestSource = source === undefined || onSource === undefined ? null : await newest(source);
  const shown = (text: string | null): EpochMicros | null => (text === null ? null : instantOf(text, 0));
  const offset = clockOffset(clock, settings, [
    ...(source === undefined ? [] : [{ shownAt: shown(newestSource), expectedAt: source.inventory.askedAt }]),
    { shownAt: shown(newestRestored), expectedAt: restoreTo },
  ]);
  if ('unknown' in offset) return { unusable: offset.unknown };
  const instant = (text: string | null | undefined): EpochMicros | null =>
    text === null || text === undefined ? null : instantOf(text, offset.minutes);
  const wall = (at: number): string => wallTimeOf(epochMicros(at), offset.minutes);

  const last = instant(newestSource ?? newestRestored);
  const now = (source ?? restored).inventory.askedAt;
  if (!clock.named && last !== null && last > now + CLOCK_SKEW_MICROS) {
    return { unusable: `${clock.name} shows times in the future: the application sets it` };
  }
  const settledRange = [wall(restoreTo - COUNTED_MS * 1000), wall(settledBefore(context))];
  const inRange = `${column} >= ? AND ${column} < ?`;
  const newestRestoredAt = instant(newestRestored);
  const reading = {
    name: clock.name,
    stampedBy: clock.stampedBy,
    restored: {
      newestAt: newestRestoredAt,
      late: await countRows(restored.database, clock.table, `${column} >= ?`, [wall(restoreTo)]),
      settled: await countRows(restored.database, clock.table, inRange, settledRange),
    },
  };
  const damaged = incidentTables(context).includes(fullName(clock.table));
  if (source === undefined || onSource === undefined || damaged || clock.stampedBy === 'update') {
    return { ...reading, source: undefined };
  }
  const from = newestRestored ?? '0001-01-01 00:00:00';
  const beyond = onlyRow(
    await source.database.query(
      `SELECT COUNT(*) AS n, MIN(${column}) AS first FROM ${table} WHERE ${column} > ? AND ${column} < ?`,
      [from, wall(restoreTo)],
    ),
  );
  const late = onlyRow(
    await source.database.query(`SELECT MIN(${column}) AS first FROM ${table} WHERE ${column} >= ?`, [
      wall(restoreTo),
    ]),
  );
  return {
    ...reading,
    source: {
      settled: await countRows(source.database, onSource, inRange, settledRange),
      beyond: { rows: Number(beyond['n']), firstAt: instant(beyond['first']) },
      firstLateAt: instant(late['first']),
    },
  };
}

/** Transactions that stamped a row before this were over at the restore point, however slow. */
export function settledBefore({
  restoreTo,
  settings,
}: {
  readonly restoreTo: EpochMicros;
  readonly settings: { readonly commitDelayMs: number };
}): EpochMicros {
  return epochMicros(restoreTo - Math.max(5000, settings.commitDelayMs) * 1000);
}

/** Decides by one clock alone. */
export function judgeClock(
  { name, stampedBy, restored, source }: ClockReading,
  { restoreTo, settings }: Pick<CheckContext, 'restoreTo'> & { settings: { readonly commitDelayMs: number } },
): Part {
  const say = (verdict: Part['verdict'], text: string): Part => ({ verdict, evidence: `${name}: ${text}` });
  const ends =
    restored.newestAt === null
      ? 'nothing restored'
      : `the newest restored row is from ${formatInstant(restored.newestAt)}`;
  if (restored.late > 0) {
    return say(
      'fail',
      `${amount(restored.late, 'row')} from after the restore point ${formatInstant(restoreTo)}, ${ends}: restored to a later time`,
    );
  }
  if (source === undefined) {
    return restored.newestAt === null || stampedBy === 'update'
      ? say(
          restored.newestAt === null ? 'not-applicable' : 'pass',
          `none from after the restore point; ${ends}`,
        )
      : say('pass', `none from after the restore point; ${ends}, ${before(restored.newestAt, restoreTo)}`);
  }
  const { beyond } = source;
  if (beyond.firstAt !== null && restoreTo - beyond.firstAt > settings.commitDelayMs * 1000) {
    return say(
      'fail',
      `${ends}, but the source has ${amount(beyond.rows, 'row')} more from before the restore point, the first from ${formatInstant(beyond.firstAt)}, ${before(beyond.firstAt, restoreTo)}: restored to an earlier time (or a transaction stayed open longer than --commit-delay)`,
    );
  }
  const missing = source.settled - restored.settled;
  const window = 'of the minute before the restore point, less its last seconds,';
  if (missing > 0) {
    return say('fail', `${window} ${missing} of the source's ${amount(source.settled, 'row')} are missing`);
  }
  if (restored.newestAt === null) return say('not-applicable', 'has no rows on either side');
  const found = [
    `${ends}, ${before(restored.newestAt, restoreTo)}`,
    `${window} all ${amount(source.settled, 'row')} are there`,
    ...(missing < 0
      ? [`${amount(-missing, 'row')} more than on the source, where they were deleted since`]
      : []),
    ...(beyond.rows > 0
      ? [
          `${amount(beyond.rows, 'row')} of the last ${formatDuration(settings.commitDelayMs)} not committed by then`,
        ]
      : []),
    source.firstLateAt === null
      ? 'the source has none after it'
      : `the source's first after it, from ${formatInstant(source.firstLateAt)}, is absent`,
  ];
  return say('pass', found.join('; '));
}

function before(at: EpochMicros, restoreTo: EpochMicros): string {
  return `${formatDuration((restoreTo - at) / 1000)} before it`;
}
