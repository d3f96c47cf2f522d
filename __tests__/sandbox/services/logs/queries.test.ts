import fc from 'fast-check';
import { GROUP, LogsClient, START_MS } from './logs-client';

const WINDOW = { startTime: START_MS / 1000 - 60, endTime: START_MS / 1000 + 60 };
const lines = Array.from({ length: 20 }, (_, i) => `line ${i}`);

describe('a query', () => {
  it('is scheduled, runs with some of the rows, and is complete with all', async () => {
    const client = new LogsClient({ queryDurationMs: 1000 });
    await client.load(lines);
    const id = await client.query('fields @message');
    const look = async (ms: number): Promise<[string, number, number]> => {
      client.now = START_MS + ms;
      const { status, results, statistics } = await client.results(id);
      return [status, results.length, statistics.recordsScanned];
    };
    expect(await look(0)).toEqual(['Scheduled', 0, 0]);
    expect(await look(99)).toEqual(['Scheduled', 0, 0]);
    expect(await look(500)).toEqual(['Running', 10, 10]);
    expect(await look(999)).toEqual(['Running', 19, 19]);
    expect(await look(1000)).toEqual(['Complete', 20, 20]);
    expect(await look(9000)).toEqual(['Complete', 20, 20]);
  });

  it('gives while it runs only rows that are in its answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'ab', 'b', 'c'), { minLength: 1 }),
        fc.nat(999),
        async (all, ms) => {
          const client = new LogsClient({ queryDurationMs: 1000 });
          await client.load(all);
          const id = await client.query(
            'fields @message | filter @message like /a/ | sort @message asc, @timestamp desc',
          );
          client.now = START_MS + ms;
          const partial = await client.results(id);
          client.now = START_MS + 1000;
          const whole = await client.results(id);
          const wholeRows = new Set(whole.results.map((row) => JSON.stringify(row)));
          expect(partial.results.every((row) => wholeRows.has(JSON.stringify(row)))).toBe(true);
          expect(partial.statistics.recordsScanned).toBeLessThanOrEqual(all.length);
          expect(whole.statistics).toMatchObject({
            recordsScanned: all.length,
            recordsMatched: all.filter((message) => message.includes('a')).length,
            bytesScanned: all.join('').length,
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  it('answers about what was visible when it was started', async () => {
    const client = new LogsClient({ queryDurationMs: 1000 });
    await client.load(['before']);
    const id = await client.query('fields @message');
    await client.load(['after'], 'reader');
    client.now += 1000;
    expect((await client.results(id)).results).toHaveLength(1);
  });

  it('scans its window, both ends of it included to the instant', async () => {
    const client = new LogsClient();
    await client.load(lines);
    const start = START_MS / 1000;
    client.now += 20_000;
    const id = await client.query('fields @message | sort @timestamp asc', {
      startTime: start + 3,
      endTime: start + 5,
    });
    const { results, statistics } = await client.results(id);
    expect(results.map((row) => row[0]?.value)).toEqual(['line 3', 'line 4', 'line 5']);
    expect(statistics).toMatchObject({ recordsScanned: 3, recordsMatched: 3, bytesScanned: 18 });
  });

  it('takes names, several names, or identifiers', async () => {
    const client = new LogsClient({ accountId: '123456789012', region: 'eu-west-1' });
    await client.load(lines);
    const arn = `arn:aws:logs:eu-west-1:123456789012:log-group:${GROUP}`;
    for (const which of [
      { logGroupNames: [GROUP, GROUP] },
      { logGroupIdentifiers: [GROUP] },
      { logGroupIdentifiers: [arn] },
      { logGroupIdentifiers: [`${arn}:*`] },
    ]) {
      const id = await client.query('stats count(*) as n', { logGroupName: undefined, ...which });
      expect((await client.results(id)).results).toEqual([[{ field: 'n', value: '20' }]]);
    }
  });

  it('pages through its rows by a token that fits no other query', async () => {
    const client = new LogsClient();
    await client.load(lines);
    const id = await client.query('fields @message | sort @timestamp asc');
    const first = await client.results(id, { maxItems: 15 });
    expect(first.results).toHaveLength(15);
    const second = await client.results(id, { maxItems: 15, nextToken: first.nextToken });
    expect(second.results.map((row) => row[0]?.value)).toEqual(lines.slice(15));
    expect(second.nextToken).toBeUndefined();
    const other = await client.query('fields @message');
    const refusal = { code: 'InvalidParameterException', message: 'The specified nextToken is invalid.' };
    expect(await client.refusal('GetQueryResults', { queryId: other, nextToken: first.nextToken })).toEqual(
      refusal,
    );
    expect(await client.refusal('GetQueryResults', { queryId: id, nextToken: 'made up' })).toEqual(refusal);
  });

  it.each<[string, object, string, string]>([
    ['no log group', { logGroupName: undefined }, 'InvalidParameterException', 'must be specified'],
    ['two kinds of names', { logGroupNames: [GROUP] }, 'InvalidParameterException', 'Only one of'],
    [
      'a log group that is not there',
      { logGroupName: 'other' },
      'ResourceNotFoundException',
      "Log group 'other'",
    ],
    [
      'a log group of another account',
      {
        logGroupName: undefined,
        logGroupIdentifiers: [`arn:aws:logs:us-east-1:999999999999:log-group:${GROUP}`],
      },
      'ResourceNotFoundException',
      'does not exist',
    ],
    ['an end before the start', { startTime: 9, endTime: 8 }, 'InvalidParameterException', 'less than start'],
    ['another language', { queryLanguage: 'SQL' }, 'InvalidParameterException', 'CWLI only, not SQL'],
    [
      'a malformed query',
      { queryString: 'fields' },
      'MalformedQueryException',
      'unexpected symbol found <EOF>',
    ],
    [
      'a window that ends before the log group was made',
      { startTime: 1, endTime: START_MS / 1000 - 2 },
      'MalformedQueryException',
      "Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings ([0,15])",
    ],
  ])('is refused with %s', async (_, change, code, message) => {
    const client = new LogsClient();
    await client.load(lines);
    const input = { logGroupName: GROUP, ...WINDOW, queryString: 'fields @message', ...change };
    const refusal = await client.refusal('StartQuery', input);
    expect(refusal).toEqual({ code, message: expect.stringContaining(message) as string });
  });

  it.each<[string, object]>([
    ['milliseconds for seconds', { startTime: START_MS }],
    ['a limit above 100,000', { limit: 100_001 }],
    ['more than 10,000 characters', { queryString: `fields @message ${'#'.repeat(10_000)}` }],
    ['more than 50 log groups', { logGroupNames: Array.from({ length: 51 }, (_, i) => `group-${i}`) }],
    ['a parameter that AWS does not have', { queryStrings: [] }],
  ])('is invalid with %s', async (_, change) => {
    const client = new LogsClient();
    await client.load(lines);
    const input = { logGroupName: GROUP, ...WINDOW, queryString: 'fields @message', ...change };
    await expect(client.call('StartQuery', input)).rejects.toThrow('"code"');
  });

  it('waits for a place among those that may run at once', async () => {
    const client = new LogsClient({ queryDurationMs: 1000, concurrentQueries: 2 });
    await client.load(lines);
    const first = await client.query('fields @message');
    await client.query('fields @message');
    const input = { logGroupName: GROUP, ...WINDOW, queryString: 'fields @message' };
    expect(await client.refusal('StartQuery', input)).toEqual({
      code: 'LimitExceededException',
      message: 'Account maximum query concurrency limit of [2] reached.',
    });
    await client.call('StopQuery', { queryId: first });
    await client.query('fields @message');
    client.now += 1000;
    await client.query('fields @message');
  });

  it('is cancelled by StopQuery, which refuses one that has ended', async () => {
    const client = new LogsClient({ queryDurationMs: 1000 });
    await client.load(lines);
    const id = await client.query('fields @message');
    client.now += 500;
    expect(await client.call('StopQuery', { queryId: id })).toEqual({ success: true });
    client.now += 5000;
    const { status, results } = await client.results(id);
    expect([status, results.length]).toEqual(['Cancelled', 10]);
    expect(await client.refusal('StopQuery', { queryId: id })).toMatchObject({
      code: 'InvalidParameterException',
    });
    expect(await client.refusal('StopQuery', { queryId: 'none' })).toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('is listed by DescribeQueries, latest first, by group, status and page', async () => {
    const client = new LogsClient({ queryDurationMs: 1000 });
    await client.load(lines);
    const ended = await client.query('fields @message');
    client.now += 2000;
    const running = await client.query('stats count(*)');
    client.now += 500;
    interface Listed {
      queries: { queryId: string }[];
      nextToken?: string;
    }
    const list = (input: object): Promise<Listed> => client.call<Listed>('DescribeQueries', input);
    expect(await list({})).toEqual({
      queries: [
        {
          queryLanguage: 'CWLI',
          queryId: running,
          queryString: 'stats count(*)',
          status: 'Running',
          createTime: START_MS + 2000,
          logGroupName: GROUP,
          queryDuration: 500,
        },
        expect.objectContaining({ queryId: ended, status: 'Complete', queryDuration: 1000 }),
      ],
    });
    expect((await list({ status: 'Complete' })).queries.map(({ queryId }) => queryId)).toEqual([ended]);
    expect((await list({ logGroupName: 'other' })).queries).toEqual([]);
    const page = await list({ maxResults: 1 });
    expect((await list({ maxResults: 1, nextToken: page.nextToken })).queries[0]?.queryId).toBe(ended);
  });

  it('points to its records, which GetLogRecord gives in full', async () => {
    const client = new LogsClient();
    await client.load(['first', 'second']);
    const pointers = await client.values('filter @message = "second"', '@ptr');
    expect(await client.call('GetLogRecord', { logRecordPointer: pointers[0] })).toEqual({
      logRecord: {
        '@ptr': pointers[0],
        '@timestamp': String(START_MS + 1000),
        '@ingestionTime': String(START_MS),
        '@message': 'second',
        '@logStream': 'writer',
        '@log': `000000000000:${GROUP}`,
      },
    });
    expect(await client.refusal('GetLogRecord', { logRecordPointer: 'bm90aGluZw==' })).toMatchObject({
      code: 'InvalidParameterException',
    });
  });
});
