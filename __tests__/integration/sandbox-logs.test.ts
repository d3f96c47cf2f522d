import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  GetLogRecordCommand,
  GetQueryResultsCommand,
  MalformedQueryException,
  paginateFilterLogEvents,
  PutLogEventsCommand,
  ResourceNotFoundException,
  StartQueryCommand,
  StopQueryCommand,
  type GetQueryResultsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import mysql from 'mysql2/promise';
import { startSandbox, type Sandbox } from '../../sandbox/server';

jest.setTimeout(20 * 60_000);

const LAG = { logDelayMs: 600, logJitterMs: 500, logIngestionDelayMs: 100, queryDurationMs: 1500 };
const GROUP = 'own/lines';
const AUDIT_GROUP = '/aws/rds/cluster/trading/audit';

let sandbox: Sandbox;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  sandbox = await startSandbox({ settings: LAG, say: () => undefined });
  logs = new CloudWatchLogsClient({
    endpoint: sandbox.endpointUrl,
    region: sandbox.settings.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  await logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: 'one' }));
  await logs.send(
    new PutLogEventsCommand({
      logGroupName: GROUP,
      logStreamName: 'one',
      logEvents: Array.from({ length: 30 }, (_, i) => ({ timestamp: Date.now() + i, message: `line ${i}` })),
    }),
  );
});

afterAll(async () => {
  logs.destroy();
  await sandbox.close();
});

async function start(queryString: string, logGroupName = GROUP): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const { queryId = '' } = await logs.send(
    new StartQueryCommand({ logGroupName, startTime: now - 600, endTime: now + 600, queryString }),
  );
  return queryId;
}

/** Polls until the query has ended; every answer on the way. */
async function poll(queryId: string): Promise<GetQueryResultsResponse[]> {
  const answers: GetQueryResultsResponse[] = [];
  for (;;) {
    const answer = await logs.send(new GetQueryResultsCommand({ queryId }));
    answers.push(answer);
    if (answer.status !== 'Scheduled' && answer.status !== 'Running') return answers;
    await sleep(20);
  }
}

/** The rows of a query as objects. */
async function rowsOf(queryString: string, logGroupName = GROUP): Promise<Record<string, string>[]> {
  const last = (await poll(await start(queryString, logGroupName))).at(-1);
  return (last?.results ?? []).map((row) =>
    Object.fromEntries(row.map(({ field = '', value = '' }) => [field, value])),
  );
}

describe("CloudWatch Logs by AWS's own client", () => {
  it('runs a query from its schedule to its end', async () => {
    const answers = await poll(await start('fields @message | filter @message like /[02468]$/'));
    const statuses = [...new Set(answers.map(({ status }) => status))];
    expect(statuses.at(-1)).toBe('Complete');
    expect(statuses).toContain('Running');
    const last = answers.at(-1);
    expect(last?.results).toHaveLength(15);
    expect(last?.statistics).toMatchObject({ recordsScanned: 30, recordsMatched: 15 });
    const counts = answers.map(({ results = [] }) => results.length);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  });

  it('answers errors that the client knows', async () => {
    const malformed = await start('fields @message | filter').catch((error: unknown) => error);
    expect(malformed).toBeInstanceOf(MalformedQueryException);
    expect(malformed).toMatchObject({
      message: 'unexpected symbol found <EOF> at line 1 and position 24',
      queryCompileError: { location: { startCharOffset: 24, endCharOffset: 24 } },
    });
    await expect(start('limit 1', 'nowhere')).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(
      logs.send(new DescribeLogGroupsCommand({ includeLinkedAccounts: true })),
    ).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  it('stops a query', async () => {
    const queryId = await start('fields @message');
    expect(await logs.send(new StopQueryCommand({ queryId }))).toMatchObject({ success: true });
    expect((await poll(queryId)).map(({ status }) => status)).toEqual(['Cancelled']);
  });

  it('gives the record behind a pointer, and all events by the paginator', async () => {
    const [row] = await rowsOf('filter @message = "line 7"');
    const { logRecord } = await logs.send(new GetLogRecordCommand({ logRecordPointer: row?.['@ptr'] }));
    expect(logRecord).toMatchObject({
      '@message': 'line 7',
      '@logStream': 'one',
      '@log': `000000000000:${GROUP}`,
    });
    const seen: string[] = [];
    const pages = paginateFilterLogEvents({ client: logs }, { logGroupName: GROUP, limit: 7 });
    for await (const { events = [] } of pages) seen.push(...events.map(({ message = '' }) => message));
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => `line ${i}`));
  });
});

describe("a cluster's audit log", () => {
  it('arrives whole, late, and not in the order of writing', async () => {
    const cluster = await sandbox.createSourceCluster({ identifier: 'trading', instances: ['trading-1'] });
    const connection = await mysql.createConnection({
      host: cluster.host,
      port: cluster.port,
      user: cluster.masterUsername,
      password: cluster.masterPassword,
    });
    const texts = Array.from({ length: 60 }, (_, i) => `SELECT 'line', 1 + ${i}`);
    for (const text of texts) {
      await connection.query(text);
      await sleep(10);
    }
    await connection.end();
    await sleep(LAG.logDelayMs + LAG.logJitterMs + LAG.logIngestionDelayMs + 500);

    const rows = await rowsOf(
      String.raw`fields @timestamp, @ingestionTime, @message, @logStream
        | parse @message /^(?<us>\d+),(?<server>[^,]*),(?<user>[^,]*),(?<host>[^,]*),(?<connection>\d+),(?<query>\d+),(?<operation>\w+),(?<db>[^,]*),/
        | filter operation = "QUERY" and user = "${cluster.masterUsername}" and @message like "1 + "
        | sort us asc`,
      AUDIT_GROUP,
    );
    expect(rows).toHaveLength(texts.length);
    expect(new Set(rows.map((row) => row['@logStream']))).toEqual(new Set(['trading-1']));
    const lags = rows.map(
      (row) => Date.parse(`${row['@timestamp'] ?? ''}Z`) - Math.floor(Number(row['us']) / 1000),
    );
    expect(Math.min(...lags)).toBeGreaterThanOrEqual(LAG.logDelayMs - LAG.logJitterMs);
    expect(Math.max(...lags)).toBeLessThanOrEqual(LAG.logDelayMs + LAG.logJitterMs);
    const byRecordTime = rows.toSorted((a, b) =>
      (a['@timestamp'] ?? '') < (b['@timestamp'] ?? '') ? -1 : 1,
    );
    expect(byRecordTime).not.toEqual(rows);
    const numbers = rows.map((row) => Number(/1 \+ (\d+)/.exec(row['@message'] ?? '')?.[1]));
    expect(numbers).toEqual(texts.map((_, i) => i));
  });
});
