import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Dialect } from '../artefacts/incident';
import { accept, type Outcome } from '../errors';
import { microsFromMillis } from '../time';
import type { AuditDialect, AuditRecord, LogLine } from './audit-record';
import { deliveryOf } from './delivery';
import { auditDialect } from './dialect';
import { renderBinsQuery, renderInsightsQuery, renderNewestQuery, renderTallyQuery } from './insights-query';
import { expensive, runQuery, type RunOptions, type Seconds } from './insights-run';
import { readTally } from './insights-tally';
import { lineOf, queryWindow } from './insights-windows';
import { recordsIn } from './log-lines';
import type { LogSource, Scanned, SourceRefusal, Window, WriteTally } from './log-source';
import { selects } from './selects';
import { fetchSilentStreams } from './silent-streams';

export interface InsightsOptions extends RunOptions {
  readonly dialect: Dialect;
  readonly serverTimezone: string;
  readonly now: () => number;
  /** Logs of fewer bytes are small enough to follow each of their transactions. */
  readonly tallyFromBytes?: number;
}

/** Records reach the log after their time: so much later at the most, in seconds, when a window ends in the past. */
const DELIVERY_PAD_SECONDS = 1800;
/** Some log agents stamp records a little early. */
const EARLY_PAD_SECONDS = 60;
/** How much of the log's end tells how far it has arrived. */
const RECENT_SECONDS = 900;
const NEWEST = 1000;
/** About a million records. */
const TALLY_FROM_BYTES = 200e6;
const MOST_GROUPS = 10_000;

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
      const estimate = bytesPerSecond * (window.end - window.start);
      if (!(await options.approve(estimate, `${selection.kind} records`)))
        return expensive(options, estimate);
      let records = 0;
      let unparsed = 0;
      let bytes = 0;
      const taken = await queryWindow(
        client,
        options,
        window,
        {
          rows: (limit) => renderInsightsQuery(selection, options.dialect, limit),
          bins: (seconds) => renderBinsQuery(selection, options.dialect, seconds),
        },
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
      const answer = await runQuery(client, options, window, renderNewestQuery(NEWEST), NEWEST);
      if (!answer.ok) return answer;
      bytesPerSecond = (answer.value.statistics.bytesScanned ?? 0) / RECENT_SECONDS;
      const records: AuditRecord[] = [];
      takeSelected(answer.value.rows.map(lineOf), dialect, (record) => records.push(record));
      return accept(deliveryOf(records, microsFromMillis(now)));
    },
    fetchGaps({ since }) {
      if (since === null) return Promise.resolve([]);
      return fetchSilentStreams(client, options.logGroup, since, options.signal);
    },
    ...(options.dialect === 'aurora-mysql'
      ? {
          async tallyWrites(window: Window): Promise<Outcome<WriteTally | null, SourceRefusal>> {
            const seconds = secondsOf(window, options.now());
            const estimate = bytesPerSecond * (seconds.end - seconds.start);
            if (estimate < (options.tallyFromBytes ?? TALLY_FROM_BYTES)) return accept(null);
            if (!(await options.approve(estimate, 'a count of writes'))) return expensive(options, estimate);
            const answer = await runQuery(client, options, seconds, renderTallyQuery(window), MOST_GROUPS);
            if (!answer.ok) return answer;
            return accept(answer.value.cut ? null : readTally(answer.value.rows));
          },
        }
      : {}),
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
  return { start, end: Math.max(Math.min(end, now), start + 1) };
}
