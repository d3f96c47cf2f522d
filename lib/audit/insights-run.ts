import type { CloudWatchLogsClient, QueryStatistics, ResultField } from '@aws-sdk/client-cloudwatch-logs';
import { setTimeout as sleep } from 'node:timers/promises';
import { accept, refuse, type Outcome } from '../errors';
import type { SourceRefusal } from './log-source';

export interface RunOptions {
  readonly logGroup: string;
  readonly signal: AbortSignal;
  /** Called before a query of this many bytes, estimated; false means that the person does not want it. */
  readonly approve: (estimatedBytes: number, what: string) => Promise<boolean>;
  /** Called with the bytes that each finished query scanned. */
  readonly scanned: (bytes: number) => void;
  /** Between two looks at a running query. */
  readonly pollMs?: number;
  /** Before the second try of a call that AWS was too busy for; doubled each time. */
  readonly backOffMs?: number;
}

/** Both ends belong to it, as StartQuery takes them. */
export interface Seconds {
  readonly start: number;
  readonly end: number;
}

export interface QueryAnswer {
  readonly rows: readonly (readonly ResultField[])[];
  readonly statistics: QueryStatistics;
  /** Whether it reached its limit, so that rows may be missing. */
  readonly cut: boolean;
}

const POLL_MS = 300;
const BACK_OFF_MS = 1000;
const MOST_TRIES = 8;
/** An interrupted command ends after so long, whatever AWS answers. */
const GRACE_MS = 3000;

/** AWS's words for a window that ends before the log group was made, or before what it still keeps. */
const BEFORE_THE_LOG = /before the log groups? creation time|retention settings/;

export function expensive({ logGroup }: RunOptions, bytes: number): Outcome<never, SourceRefusal> {
  return refuse({
    reason: 'expensive-query',
    message: `the query would scan about ${Math.round(bytes / 1e9)} GB of ${logGroup}`,
    hint: 'narrow the window by --since and --until, or add --yes',
  });
}

/** Runs one query of Logs Insights to its end: never gives the partial rows of a running one, and stops it when interrupted. */
export async function runQuery(
  client: CloudWatchLogsClient,
  options: RunOptions,
  { start, end }: Seconds,
  queryString: string,
  limit: number,
): Promise<Outcome<QueryAnswer, SourceRefusal>> {
  const { logGroup: logGroupName, signal, pollMs = POLL_MS } = options;
  const { GetQueryResultsCommand, StartQueryCommand, StopQueryCommand } =
    await import('@aws-sdk/client-cloudwatch-logs');
  const started = await patiently(options, () =>
    // not given up at once: what it starts can only be stopped by the id that it answers
    withGrace(signal, (abortSignal) =>
      client.send(new StartQueryCommand({ logGroupName, startTime: start, endTime: end, queryString }), {
        abortSignal,
      }),
    ),
  ).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return 'no log group';
    if (error instanceof Error && BEFORE_THE_LOG.test(error.message)) return 'before the log';
    throw error;
  });
  if (started === 'before the log') return accept({ rows: [], statistics: {}, cut: false });
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
      signal.throwIfAborted();
      const answer = await patiently(options, () =>
        client.send(new GetQueryResultsCommand({ queryId }), { abortSignal: signal }),
      );
      switch (answer.status) {
        case 'Complete': {
          const rows = [...(answer.results ?? [])];
          let nextToken = answer.nextToken;
          while (nextToken !== undefined) {
            const token = nextToken;
            const page = await patiently(options, () =>
              client.send(new GetQueryResultsCommand({ queryId, nextToken: token }), { abortSignal: signal }),
            );
            rows.push(...(page.results ?? []));
            nextToken = page.nextToken;
          }
          const statistics = answer.statistics ?? {};
          options.scanned(statistics.bytesScanned ?? 0);
          return accept({ rows, statistics, cut: rows.length >= limit });
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
    if (signal.aborted) {
      const abortSignal = AbortSignal.timeout(GRACE_MS);
      await client.send(new StopQueryCommand({ queryId }), { abortSignal }).catch(() => undefined);
    }
    throw error;
  }
}

/** Gives up a while after the signal only. */
async function withGrace<T>(signal: AbortSignal, ask: (later: AbortSignal) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const giveUp = (): void =>
    void setTimeout(() => {
      controller.abort(signal.reason);
    }, GRACE_MS).unref();
  signal.addEventListener('abort', giveUp);
  try {
    return await ask(controller.signal);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** Tries again where AWS says that too much is going on at once. */
async function patiently<T>(
  { signal, backOffMs = BACK_OFF_MS }: RunOptions,
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
