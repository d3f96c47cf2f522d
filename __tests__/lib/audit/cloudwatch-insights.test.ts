import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  LimitExceededException,
  MalformedQueryException,
  ResourceNotFoundException,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { mockClient } from 'aws-sdk-client-mock';
import { insightsSource, type InsightsOptions } from '../../../lib/audit/cloudwatch-insights';
import type { AuditRecord } from '../../../lib/audit/audit-record';
import type { LogSource } from '../../../lib/audit/log-source';
import { epochMicros } from '../../../lib/time';

const logs = mockClient(CloudWatchLogsClient);
const START = 1_767_862_800;

interface Event {
  /** Seconds after START. */
  readonly at: number;
  readonly text: string;
}

const event = (at: number, query: number): Event => ({
  at,
  text: `${(START + at) * 1e6},db-1,app,10.0.0.1,7,${query},QUERY,db,'DELETE FROM t${query}',0`,
});

/**
 * Answers like Logs Insights: both ends of the window included, at most as many rows as the query's
 * limit. Where not all have arrived when they are counted, it counts `countedOneOf` of them.
 */
function serve(events: readonly Event[], countedOneOf = 1): { windows: [number, number][] } {
  const windows: [number, number][] = [];
  const answers = new Map<string, object[][]>();
  logs.on(StartQueryCommand).callsFake(({ startTime, endTime, queryString }: Record<string, unknown>) => {
    const [start, end] = [Number(startTime), Number(endTime)];
    const limit = Number(/limit (\d+)$/.exec(String(queryString))?.[1]);
    const queryId = String(windows.push([start - START, end - START]));
    const within = events.filter(({ at }) => START + at >= start && START + at <= end);
    const bin = /by bin\((\d+)s\)/.exec(String(queryString))?.[1];
    if (bin !== undefined) {
      answers.set(
        queryId,
        countedBy(
          Number(bin),
          within.filter((_, i) => i % countedOneOf === 0),
        ),
      );
      return Promise.resolve({ queryId });
    }
    const rows = within.map(({ at, text }) => [
      {
        field: '@timestamp',
        value: new Date((START + at) * 1000).toISOString().replace('T', ' ').replace('Z', ''),
      },
      { field: '@message', value: text },
    ]);
    answers.set(queryId, rows.slice(0, limit));
    return Promise.resolve({ queryId });
  });
  logs
    .on(GetQueryResultsCommand)
    .callsFake(({ queryId, nextToken }: { queryId: string; nextToken?: string }) => {
      const rows = answers.get(queryId) ?? [];
      const from = Number(nextToken ?? 0);
      return Promise.resolve({
        status: 'Complete',
        results: rows.slice(from, from + 10_000),
        statistics: { bytesScanned: 1000, recordsScanned: rows.length },
        ...(rows.length > from + 10_000 ? { nextToken: String(from + 10_000) } : {}),
      });
    });
  return { windows };
}

function countedBy(seconds: number, events: readonly Event[]): object[][] {
  const counts = new Map<number, number>();
  for (const { at } of events) {
    const start = Math.floor((START + at) / seconds) * seconds;
    counts.set(start, (counts.get(start) ?? 0) + 1);
  }
  return [...counts].map(([start, count]) => [
    {
      field: `bin(${seconds}s)`,
      value: new Date(start * 1000).toISOString().replace('T', ' ').replace('Z', ''),
    },
    { field: 'events', value: String(count) },
  ]);
}

function source(options: Partial<InsightsOptions> = {}): LogSource {
  return insightsSource(new CloudWatchLogsClient({ region: 'eu-central-1' }), {
    logGroup: '/aws/rds/cluster/trading/audit',
    dialect: 'aurora-mysql',
    serverTimezone: 'UTC',
    signal: new AbortController().signal,
    now: () => (START + 100_000) * 1000,
    approve: () => Promise.resolve(true),
    scanned: () => undefined,
    pollMs: 1,
    backOffMs: 1,
    ...options,
  });
}

const window = { since: epochMicros(START * 1e6), until: epochMicros((START + 600) * 1e6) };

async function fetchAll(from: LogSource): Promise<{ outcome: object; queries: (string | null)[] }> {
  const records: AuditRecord[] = [];
  const outcome = await from.fetchRecords({ kind: 'destructive', window }, (record) => records.push(record));
  return { outcome, queries: records.map(({ queryId }) => queryId) };
}

beforeEach(() => {
  logs.reset();
});

test('pads the window for late records and leaves out what executed outside of it', async () => {
  const { windows } = serve([event(-10, 1), event(0, 2), event(600, 3), event(601, 4)]);
  expect((await fetchAll(source())).queries).toEqual(['2', '3']);
  expect(windows).toEqual([[-60, 2400]]);
});

test('asks in parts for what one answer cannot hold, and takes each record once', async () => {
  const events = Array.from({ length: 120_000 }, (_, i) => event(Math.floor(i / 300), i));
  const { windows } = serve(events);
  const { queries } = await fetchAll(source());
  expect(queries).toHaveLength(120_000);
  expect(new Set(queries).size).toBe(120_000);
  // the first try, the count by time, and three parts that meet at seconds
  expect(windows).toHaveLength(5);
  expect(windows.slice(3).map(([start]) => start)).toEqual(windows.slice(2, 4).map(([, end]) => end));
});

test('halves a part that has become larger than it was counted', async () => {
  const answers = serve(
    Array.from({ length: 110_000 }, (_, i) => event(Math.floor(i / 1000), i)),
    10,
  );
  const { queries } = await fetchAll(source());
  expect(new Set(queries).size).toBe(110_000);
  expect(queries).toHaveLength(110_000);
  expect(answers.windows.length).toBeGreaterThan(4);
});

test('asks again before it scans a wide window twice more', async () => {
  serve(Array.from({ length: 20_000 }, (_, i) => event(Math.floor(i / 300), i)));
  const asked: string[] = [];
  const from = source({
    approve: (bytes, what) => {
      asked.push(`${bytes} for ${what}`);
      return Promise.resolve(bytes === 0);
    },
  });
  expect((await fetchAll(from)).outcome).toMatchObject({ ok: false, refusal: { reason: 'expensive-query' } });
  expect(asked).toEqual(['0 for destructive records', '2000 for all of these records, in parts']);
});

test('takes up to a hundred thousand records of one second, page by page', async () => {
  serve(Array.from({ length: 30_000 }, (_, i) => event(5, i)));
  expect((await fetchAll(source())).queries).toHaveLength(30_000);
});

test('refuses an answer that is cut even within one second', async () => {
  serve(Array.from({ length: 100_001 }, (_, i) => event(5, i)));
  expect((await fetchAll(source())).outcome).toMatchObject({ ok: false, refusal: { reason: 'cut-result' } });
});

test('waits while a query runs and never takes its partial rows', async () => {
  serve([event(1, 1), event(2, 2)]);
  const partial = { status: 'Running' as const, results: [[{ field: '@message', value: event(1, 1).text }]] };
  const whole = {
    status: 'Complete' as const,
    results: [1, 2].map((i) => [{ field: '@message', value: event(i, i).text }]),
  };
  logs.on(GetQueryResultsCommand).resolvesOnce(partial).resolvesOnce(partial).resolves(whole);
  expect((await fetchAll(source())).queries).toEqual(['1', '2']);
});

test('backs off where too many queries run', async () => {
  serve([event(1, 1)]);
  const busy = new LimitExceededException({
    message: 'Account maximum query concurrency limit',
    $metadata: {},
  });
  logs.on(StartQueryCommand).rejectsOnce(busy).rejectsOnce(busy).resolves({ queryId: '1' });
  logs
    .on(GetQueryResultsCommand)
    .resolves({ status: 'Complete', results: [[{ field: '@message', value: event(1, 1).text }]] });
  expect((await fetchAll(source())).queries).toEqual(['1']);
});

test.each(['Failed', 'Cancelled', 'Timeout'] as const)('refuses a query that ends as %s', async (status) => {
  serve([]);
  logs
    .on(GetQueryResultsCommand)
    .resolves({ status, results: [[{ field: '@message', value: event(1, 1).text }]] });
  const { outcome, queries } = await fetchAll(source());
  expect(outcome).toMatchObject({ ok: false, refusal: { reason: 'query-failed' } });
  expect(queries).toEqual([]);
});

test('refuses a cluster without audit log', async () => {
  logs.on(StartQueryCommand).rejects(new ResourceNotFoundException({ message: 'no', $metadata: {} }));
  expect((await fetchAll(source())).outcome).toMatchObject({
    ok: false,
    refusal: { reason: 'no-log-group' },
  });
});

test('takes a window from before the log group as empty', async () => {
  const message =
    "Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings";
  logs.on(StartQueryCommand).rejects(new MalformedQueryException({ message, $metadata: {} }));
  expect((await fetchAll(source())).outcome).toMatchObject({ ok: true });
});

test('stops its query when it is interrupted', async () => {
  serve([]);
  const controller = new AbortController();
  logs.on(GetQueryResultsCommand).callsFake(() => {
    controller.abort(new Error('interrupted'));
    return Promise.resolve({ status: 'Running' });
  });
  logs.on(StopQueryCommand).resolves({ success: true });
  await expect(fetchAll(source({ signal: controller.signal }))).rejects.toThrow();
  expect(logs.commandCalls(StopQueryCommand).map(({ args }) => args[0].input)).toEqual([{ queryId: '1' }]);
});

test('stops a query that starts as it is interrupted', async () => {
  serve([]);
  const controller = new AbortController();
  logs.on(StartQueryCommand).callsFake(() => {
    controller.abort(new Error('interrupted'));
    return Promise.resolve({ queryId: '7' });
  });
  logs.on(StopQueryCommand).resolves({ success: true });
  await expect(fetchAll(source({ signal: controller.signal }))).rejects.toThrow('interrupted');
  expect(logs.commandCalls(StopQueryCommand).map(({ args }) => args[0].input)).toEqual([{ queryId: '7' }]);
});

test('asks before a query that scans much, by what the newest records weigh', async () => {
  serve([event(99_999, 1)]);
  const asked: number[] = [];
  const from = source({
    approve: (bytes) => {
      asked.push(bytes);
      return Promise.resolve(false);
    },
  });
  await from.fetchDelivery();
  expect((await fetchAll(from)).outcome).toMatchObject({ ok: false, refusal: { reason: 'expensive-query' } });
  // 1,000 bytes in the last 900 seconds, and a window of 2,460 seconds
  expect(asked.map(Math.round)).toEqual([2733]);
});
