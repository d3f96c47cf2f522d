import type { CloudWatchLogsClient, QueryStatistics, ResultField } from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dialect } from '../artefacts';
import { accept, refuse, type Outcome } from '../errors';
import { microsFromMillis, type EpochMicros } from '../time';
import { auditDialect } from './dialect';
import type { AuditDialect, AuditRecord, LogLine } from './audit-record';
import { deliveryOf } from './delivery';
import { renderInsightsQuery, renderNewestQuery } from './insights-query';
import { recordsIn } from './log-lines';
import { selects } from './selects';
import type { LogSource, Scanned, SourceRefusal, Window } from './log-source';

export interface InsightsOptions {
  readonly logGroup: string;
  readonly dialect: Dialect;
  readonly serverTimezone: string;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Called before a query of this many bytes, estimated; false means that the person does not want it. */
  readonly approve: (estimatedBytes: number, what: string) => Promise<boolean>;
  /** Called with the bytes that each finished query scanned. */
  readonly scanned: (bytes: number) => void;
  /** Between two looks at a running query. */
  readonly pollMs?: number;
  /** Before the second try of a call that AWS was too busy for; doubled each time. */
  readonly backOffMs?: number;
}

/** Rows that one query gives at most before its window is split; a window of one second may give `MOST_ROWS`. */
const ROWS = 10_000;
const MOST_ROWS = 100_000;
/** Records reach the log after their time: so much later at the most, in seconds, when a window ends in the past. */
const DELIVERY_PAD_SECONDS = 1800;
/** Some log agents stamp records a little early. */
const EARLY_PAD_SECONDS = 60;
/** How much of the log's end tells how far it has arrived. */
const RECENT_SECONDS = 900;
const NEWEST = 1000;
const POLL_MS = 300;
const BACK_OFF_MS = 1000;
const MOST_TRIES = 8;

/** AWS's words for a window that ends before the log group was made, or before what it still keeps. */
const BEFORE_THE_LOG = /before the log groups? creation time|retention settings/;

interface Seconds {
  readonly start: number;
  readonly end: number;
}

interface Rows {
  readonly lines: readonly LogLine[];
  readonly statistics: QueryStatistics;
  readonly cut: boolean;
}

/** Audit logs in CloudWatch Logs, asked through Logs Insights; credentials, region and endpoint as the AWS SDK finds them. */
export function insightsSource(client: CloudWatchLogsClient, options: InsightsOptions): LogSource {
  const dialect = auditDialect(options.dialect, options.serverTimezone);
  /** Bytes per second of the log, as far as the newest records tell. */
  let bytesPerSecond = 0;
  return {
    name: options.logGroup,
    dialect: options.dialect,
    async fetchRecords(selection, take) {
      const window = secondsOf(selection.window, options.now());
      if (!(await options.approve(bytesPerSecond * (window.end - window.start), selection.kind))) {
        return refuse({
          reason: 'expensive-query',
          message: `the query would scan about ${Math.round((bytesPerSecond * (window.end - window.start)) / 1e9)} GB of ${options.logGroup}`,
          hint: 'narrow the window by --since and --until, or add --yes',
        });
      }
      let records = 0;
      let unparsed = 0;
      let bytes = 0;
      const taken = await queryWindow(
        client,
        options,
        window,
        (limit) => renderInsightsQuery(selection, options.dialect, limit),
        (rows) => {
          records += rows.statistics.recordsScanned ?? rows.lines.length;
          bytes += rows.statistics.bytesScanned ?? 0;
          unparsed += takeSelected(rows.lines, dialect, (record) => {
            if (selects(selection, record)) take(record);
          });
        },
      );
      if (!taken.ok) return taken;
      return accept<Scanned>({ records, unparsed, bytes, seen: null });
    },
    async fetchDelivery() {
      const now = options.now();
      const window = { start: Math.floor(now / 1000) - RECENT_SECONDS, end: Math.ceil(now / 1000) + 1 };
      const rows = await runQuery(client, options, window, renderNewestQuery(NEWEST), NEWEST);
      if (!rows.ok) return rows;
      bytesPerSecond = (rows.value.statistics.bytesScanned ?? 0) / RECENT_SECONDS;
      const records: AuditRecord[] = [];
      takeSelected(rows.value.lines, dialect, (record) => records.push(record));
      return accept(deliveryOf(records, microsFromMillis(now)));
    },
  };
}

/** Hands every record to `take`; gives the number of lines that should be records and are not. */
function takeSelected(
  lines: readonly LogLine[],
  dialect: AuditDialect,
  take: (record: AuditRecord) => void,
): number {
  let unparsed = 0;
  for (const line of lines) {
    for (const parsed of recordsIn(line, dialect)) {
      if (parsed === 'unparsed') unparsed++;
      else if (parsed !== 'other') take(parsed);
    }
  }
  return unparsed;
}

function secondsOf({ since, until }: Window, nowMs: number): Seconds {
  const now = Math.ceil(nowMs / 1000) + 1;
  const start = since === null ? 0 : Math.floor(since / 1e6) - EARLY_PAD_SECONDS;
  const end = until === null ? now : Math.ceil(until / 1e6) + DELIVERY_PAD_SECONDS;
  return { start, end: Math.max(end, start + 1) };
}

/**
 * Asks for one window; where the answer is cut at its limit, for its halves. Both share their second,
 * since a window ends at its last second's first instant; what lies exactly there counts once.
 */
async function queryWindow(
  client: CloudWatchLogsClient,
  options: InsightsOptions,
  window: Seconds,
  render: (limit: number) => string,
  take: (rows: Rows) => void,
): Promise<Outcome<null, SourceRefusal>> {
  const isShortest = window.end - window.start <= 1;
  const limit = isShortest ? MOST_ROWS : ROWS;
  const rows = await runQuery(client, options, window, render(limit), limit);
  if (!rows.ok) return rows;
  if (!rows.value.cut) {
    take(rows.value);
    return accept(null);
  }
  if (isShortest) {
    return refuse({
      reason: 'cut-result',
      message: `more than ${MOST_ROWS} records within one second of ${options.logGroup}: the answer is cut`,
      hint: 'export the log group and resolve from the files: --source file --log-file PATH',
    });
  }
  const middle = Math.floor((window.start + window.end) / 2);
  const first = await queryWindow(client, options, { start: window.start, end: middle }, render, take);
  if (!first.ok) return first;
  const shared = microsFromMillis(middle * 1000);
  return queryWindow(client, options, { start: middle, end: window.end }, render, (later) => {
    take({ ...later, lines: later.lines.filter(({ recordedAt }) => recordedAt !== shared) });
  });
}

async function runQuery(
  client: CloudWatchLogsClient,
  options: InsightsOptions,
  { start, end }: Seconds,
  queryString: string,
  limit: number,
): Promise<Outcome<Rows, SourceRefusal>> {
  const { logGroup: logGroupName, signal, pollMs = POLL_MS } = options;
  const { GetQueryResultsCommand, StartQueryCommand, StopQueryCommand } =
    await import('@aws-sdk/client-cloudwatch-logs');
  const started = await patiently(options, () =>
    client.send(new StartQueryCommand({ logGroupName, startTime: start, endTime: end, queryString }), {
      abortSignal: signal,
    }),
  ).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return 'no log group';
    if (error instanceof Error && BEFORE_THE_LOG.test(error.message)) return 'before the log';
    throw error;
  });
  if (started === 'before the log') return accept({ lines: [], statistics: {}, cut: false });
  if (started === 'no log group') {
    return refuse({
      reason: 'no-log-group',
      message: `there is no log group ${logGroupName}`,
      hint: 'check --cluster, the region, and that the cluster exports its audit log to CloudWatch; --log-group names another one',
    });
  }
  const { queryId } = started;
  try {
    for (;;) {
      const answer = await patiently(options, () =>
        client.send(new GetQueryResultsCommand({ queryId }), { abortSignal: signal }),
      );
      switch (answer.status) {
        case 'Complete': {
          const lines = (answer.results ?? []).map(lineOf);
          let nextToken = answer.nextToken;
          while (nextToken !== undefined) {
            const token = nextToken;
            const page = await patiently(options, () =>
              client.send(new GetQueryResultsCommand({ queryId, nextToken: token }), { abortSignal: signal }),
            );
            lines.push(...(page.results ?? []).map(lineOf));
            nextToken = page.nextToken;
          }
          const statistics = answer.statistics ?? {};
          options.scanned(statistics.bytesScanned ?? 0);
          return accept({ lines, statistics, cut: lines.length >= limit });
        }
        case 'Failed':
        case 'Cancelled':
        case 'Timeout':
          return refuse({
            reason: 'query-failed',
            message: `the Logs Insights query ended as ${answer.status}`,
            hint: 'narrow the window by --since and --until and try again',
          });
        default:
          await sleep(pollMs, undefined, { signal });
      }
    }
  } catch (error) {
    // a query that nobody waits for any more goes on costing one of the account's places
    if (signal.aborted) await client.send(new StopQueryCommand({ queryId })).catch(() => undefined);
    throw error;
  }
}

/** Tries again where AWS says that too much is going on at once. */
async function patiently<T>(
  { signal, backOffMs = BACK_OFF_MS }: InsightsOptions,
  ask: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const isBusy = error instanceof Error && /LimitExceeded|Throttl|ServiceUnavailable/.test(error.name);
      if (!isBusy || attempt === MOST_TRIES) throw error;
      await sleep(backOffMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }
}

function lineOf(row: readonly ResultField[]): LogLine {
  const value = (name: string): string => row.find(({ field }) => field === name)?.value ?? '';
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
