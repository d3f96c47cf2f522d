import type { CloudWatchLogsClient, QueryStatistics, ResultField } from '@aws-sdk/client-cloudwatch-logs';
import { accept, refuse, type Outcome } from '../errors';
import { microsFromMillis, type EpochMicros } from '../time';
import type { LogLine } from './audit-record';
import { binColumn } from './insights-query';
import { expensive, runQuery, type RunOptions, type Seconds } from './insights-run';
import type { SourceRefusal } from './log-source';

export interface Rows {
  readonly lines: readonly LogLine[];
  readonly statistics: QueryStatistics;
}

/** The texts of a query for rows and of the same one that only counts them, by time. */
export interface WindowQuery {
  readonly rows: (limit: number) => string;
  readonly bins: (seconds: number) => string;
}

/** Rows of the first try: most questions have few. */
const FIRST_ROWS = 10_000;
/** What one query gives at most. */
const MOST_ROWS = 100_000;
/** Rows that a window is planned for, so that a few more do not cut it. */
const PLANNED_ROWS = 50_000;
const MOST_BINS = 5000;

/**
 * Asks for one window. Where the answer is cut at its limit, counts by time first and asks for parts
 * that fit: a second and a third scan, rather than one for each time that a window is halved.
 */
export async function queryWindow(
  client: CloudWatchLogsClient,
  options: RunOptions,
  window: Seconds,
  query: WindowQuery,
  take: (rows: Rows) => void,
): Promise<Outcome<null, SourceRefusal>> {
  const first = await runQuery(client, options, window, query.rows(FIRST_ROWS), FIRST_ROWS);
  if (!first.ok) return first;
  if (!first.value.cut) {
    take(linesOf(first.value));
    return accept(null);
  }
  const estimate = 2 * (first.value.statistics.bytesScanned ?? 0);
  if (!(await options.approve(estimate, 'all of these records, in parts')))
    return expensive(options, estimate);
  const seconds = Math.ceil((window.end - window.start) / MOST_BINS) || 1;
  const counted = await runQuery(client, options, window, query.bins(seconds), FIRST_ROWS);
  if (!counted.ok) return counted;
  const column = binColumn(seconds);
  const bins = counted.value.rows.map((row) => ({
    start: (parseTime(valueIn(row, column)) ?? 0) / 1e6,
    events: Number(valueIn(row, 'events')),
  }));
  for (const part of partsOf(window, bins)) {
    const taken = await queryPart(client, options, part, query, withoutFirstInstant(part, window, take));
    if (!taken.ok) return taken;
  }
  return accept(null);
}

/** Parts that share their ends and hold about as many rows as one query gives. */
function partsOf(window: Seconds, bins: readonly { start: number; events: number }[]): Seconds[] {
  const cuts: number[] = [];
  let rows = 0;
  for (const { start, events } of bins.toSorted((a, b) => a.start - b.start)) {
    if (rows > 0 && rows + events > PLANNED_ROWS && start > window.start) {
      cuts.push(start);
      rows = 0;
    }
    rows += events;
  }
  const ends = [...cuts, window.end];
  return ends.map((end, i) => ({ start: ends[i - 1] ?? window.start, end }));
}

/** Halves a part that holds more than was counted. */
async function queryPart(
  client: CloudWatchLogsClient,
  options: RunOptions,
  part: Seconds,
  query: WindowQuery,
  take: (rows: Rows) => void,
): Promise<Outcome<null, SourceRefusal>> {
  const answer = await runQuery(client, options, part, query.rows(MOST_ROWS), MOST_ROWS);
  if (!answer.ok) return answer;
  if (!answer.value.cut) {
    take(linesOf(answer.value));
    return accept(null);
  }
  if (part.end - part.start <= 1) {
    return refuse({
      reason: 'cut-result',
      message: `more than ${MOST_ROWS} records within one second of ${options.logGroup}: the answer is cut`,
      hint: 'export the log group and resolve from the files: --source file --log-file PATH',
    });
  }
  const middle = Math.floor((part.start + part.end) / 2);
  for (const half of [
    { start: part.start, end: middle },
    { start: middle, end: part.end },
  ]) {
    const taken = await queryPart(client, options, half, query, withoutFirstInstant(half, part, take));
    if (!taken.ok) return taken;
  }
  return accept(null);
}

/** Parts share the first instant of a second, since a window ends with it: what lies exactly there counts once. */
function withoutFirstInstant(
  part: Seconds,
  whole: Seconds,
  take: (rows: Rows) => void,
): (rows: Rows) => void {
  if (part.start === whole.start) return take;
  const shared = microsFromMillis(part.start * 1000);
  return (rows) => {
    take({ ...rows, lines: rows.lines.filter(({ recordedAt }) => recordedAt !== shared) });
  };
}

function linesOf({
  rows,
  statistics,
}: {
  readonly rows: readonly (readonly ResultField[])[];
  readonly statistics: QueryStatistics;
}): Rows {
  return { lines: rows.map(lineOf), statistics };
}

export function valueIn(row: readonly ResultField[], name: string): string {
  return row.find(({ field }) => field === name)?.value ?? '';
}

export function lineOf(row: readonly ResultField[]): LogLine {
  const value = (name: string): string => valueIn(row, name);
  const recordedAt = parseTime(value('@timestamp'));
  const ingestedAt = parseTime(value('@ingestionTime'));
  return { text: value('@message'), stream: value('@logStream'), recordedAt, ingestedAt };
}

/** Insights writes `2026-01-02 03:04:05.678` in UTC, or milliseconds as digits. */
function parseTime(text: string): EpochMicros | null {
  if (text === '') return null;
  const millis = /^\d+$/.test(text) ? Number(text) : Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(millis) ? null : microsFromMillis(millis);
}
