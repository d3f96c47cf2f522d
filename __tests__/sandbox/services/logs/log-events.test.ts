import fc from 'fast-check';
import { GROUP, LogsClient, START_MS } from './logs-client';

const HOUR_MS = 3_600_000;

interface Events {
  readonly events: { timestamp: number; message: string; logStreamName?: string; eventId?: string }[];
  readonly nextToken?: string;
  readonly nextForwardToken: string;
  readonly nextBackwardToken: string;
}

/** All pages of FilterLogEvents. */
async function filterAll(client: LogsClient, input: object): Promise<Events[]> {
  const pages: Events[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.call<Events>('FilterLogEvents', { logGroupName: GROUP, ...input, nextToken });
    pages.push(page);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return pages;
}

describe('FilterLogEvents', () => {
  it('gives the events of all streams in the order of time, both ends of the window included', async () => {
    const client = new LogsClient();
    await client.load(['a0', 'a1', 'a2']);
    await client.load(['b0', 'b1'], 'reader');
    const [page] = await filterAll(client, { startTime: START_MS + 1000, endTime: START_MS + 2000 });
    expect(page?.events.map(({ message }) => message)).toEqual(['a1', 'b1', 'a2']);
    expect(page?.events[1]).toEqual({
      logStreamName: 'reader',
      timestamp: START_MS + 1000,
      message: 'b1',
      ingestionTime: START_MS,
      eventId: expect.stringMatching(/^\d{56}$/) as string,
    });
  });

  it('narrows by streams, by prefix, and by pattern', async () => {
    const client = new LogsClient();
    await client.load(['a0', 'a1', 'a2']);
    await client.load(['b0', 'b1'], 'reader');
    const messages = async (input: object): Promise<string[]> =>
      (await filterAll(client, input)).flatMap(({ events }) => events.map(({ message }) => message));
    expect(await messages({ logStreamNames: ['reader'] })).toEqual(['b0', 'b1']);
    expect(await messages({ logStreamNamePrefix: 'wri' })).toEqual(['a0', 'a1', 'a2']);
    expect(await messages({ filterPattern: '%1$%' })).toEqual(['a1', 'b1']);
  });

  it('pages without loss or repetition, and through pages that hold nothing', async () => {
    const client = new LogsClient();
    await client.load(Array.from({ length: 5000 }, (_, i) => `line ${i}`));
    const pages = await filterAll(client, { filterPattern: '"line 4999"' });
    expect(pages.map(({ events }) => events.length)).toEqual([0, 0, 1]);
    const all = await filterAll(client, { limit: 700 });
    expect(all.flatMap(({ events }) => events.map(({ message }) => message))).toEqual(
      Array.from({ length: 5000 }, (_, i) => `line ${i}`),
    );
    expect(Math.max(...all.map(({ events }) => events.length))).toBe(700);
  });

  it('keeps a page below a mebibyte', async () => {
    const client = new LogsClient();
    await client.load(Array.from({ length: 2 }, () => 'x'.repeat(400_000)));
    await client.load(
      Array.from({ length: 2 }, () => 'x'.repeat(400_000)),
      'reader',
    );
    expect((await filterAll(client, {})).map(({ events }) => events.length)).toEqual([2, 2]);
  });

  it.each<[string, object, string]>([
    ['a log group that is not there', { logGroupName: 'other' }, 'ResourceNotFoundException'],
    ['a stream that is not there', { logStreamNames: ['other'] }, 'ResourceNotFoundException'],
    [
      'streams and a prefix',
      { logStreamNames: ['writer'], logStreamNamePrefix: 'w' },
      'InvalidParameterException',
    ],
    ['a name and an identifier', { logGroupIdentifier: GROUP }, 'InvalidParameterException'],
    ['neither', { logGroupName: undefined }, 'InvalidParameterException'],
    ['a pattern that it cannot evaluate', { filterPattern: '{ $.a = 1 }' }, 'InvalidParameterException'],
  ])('is refused with %s', async (_, change, code) => {
    const client = new LogsClient();
    await client.load(['a']);
    expect(await client.refusal('FilterLogEvents', { logGroupName: GROUP, ...change })).toMatchObject({
      code,
    });
  });
});

describe('GetLogEvents', () => {
  const stream = { logGroupName: GROUP, logStreamName: 'writer' };

  it('begins at the end, or at the head, and leaves out the end of the window', async () => {
    const client = new LogsClient();
    await client.load(['0', '1', '2', '3']);
    const messages = async (input: object): Promise<string[]> =>
      (await client.call<Events>('GetLogEvents', { ...stream, ...input })).events.map(
        ({ message }) => message,
      );
    expect(await messages({ limit: 2 })).toEqual(['2', '3']);
    expect(await messages({ limit: 2, startFromHead: true })).toEqual(['0', '1']);
    expect(await messages({ startTime: START_MS + 1000, endTime: START_MS + 3000 })).toEqual(['1', '2']);
  });

  it('goes through everything in either direction, then gives the token back that it was sent', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (count, limit, forward) => {
          const client = new LogsClient();
          const all = Array.from({ length: count }, (_, i) => String(i));
          await client.load(all);
          const token = (page: Events): string => (forward ? page.nextForwardToken : page.nextBackwardToken);
          const seen: string[][] = [];
          let page = await client.call<Events>('GetLogEvents', { ...stream, limit, startFromHead: forward });
          for (let sent = ''; token(page) !== sent;) {
            seen.push(page.events.map(({ message }) => message));
            sent = token(page);
            page = await client.call<Events>('GetLogEvents', { ...stream, limit, nextToken: sent });
          }
          expect(page.events).toEqual([]);
          expect((forward ? seen : seen.reverse()).flat()).toEqual(all);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('finds what came after by the forward token of an empty stream', async () => {
    const client = new LogsClient();
    await client.call('CreateLogGroup', { logGroupName: GROUP });
    await client.call('CreateLogStream', stream);
    const { nextForwardToken } = await client.call<Events>('GetLogEvents', stream);
    await client.call('PutLogEvents', { ...stream, logEvents: [{ timestamp: START_MS, message: 'late' }] });
    const page = await client.call<Events>('GetLogEvents', { ...stream, nextToken: nextForwardToken });
    expect(page.events.map(({ message }) => message)).toEqual(['late']);
  });
});

describe('PutLogEvents', () => {
  const stream = { logGroupName: GROUP, logStreamName: 'writer' };

  it('leaves out what is too old or too new, and says from where', async () => {
    const client = new LogsClient();
    await client.load(['now']);
    const offsets = [-14 * 24 * HOUR_MS - 1, -14 * 24 * HOUR_MS, -13.5 * 24 * HOUR_MS];
    const answer = await client.call('PutLogEvents', {
      ...stream,
      logEvents: offsets.map((offset) => ({ timestamp: START_MS + offset, message: String(offset) })),
    });
    expect(answer).toMatchObject({ rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 } });
    const ahead = [0, 2 * HOUR_MS, 2 * HOUR_MS + 1];
    expect(
      await client.call('PutLogEvents', {
        ...stream,
        logEvents: ahead.map((offset) => ({ timestamp: START_MS + offset, message: String(offset) })),
        sequenceToken: 'of any other call',
      }),
    ).toMatchObject({ rejectedLogEventsInfo: { tooNewLogEventStartIndex: 2 } });
    const kept = (await filterAll(client, {})).flatMap(({ events }) => events.map(({ message }) => message));
    expect(kept).toEqual([String(offsets[1]), String(offsets[2]), 'now', '0', String(ahead[1])]);
  });

  it.each<[string, object, string, string]>([
    ['a group that is not there', { logGroupName: 'other' }, 'ResourceNotFoundException', 'log group'],
    ['a stream that is not there', { logStreamName: 'other' }, 'ResourceNotFoundException', 'log stream'],
    ['events out of order', { logEvents: [2, 1] }, 'InvalidParameterException', 'chronological order'],
    ['more than a day', { logEvents: [0, 24 * HOUR_MS + 1] }, 'InvalidParameterException', '24 hours'],
  ])(
    'is refused with %s',
    async (_, { logEvents = [1], ...change }: { logEvents?: number[] }, code, message) => {
      const client = new LogsClient();
      await client.load(['a']);
      const events = logEvents.map((offset) => ({
        timestamp: START_MS - 24 * HOUR_MS + offset,
        message: 'x',
      }));
      const refusal = await client.refusal('PutLogEvents', { ...stream, ...change, logEvents: events });
      expect(refusal).toEqual({ code, message: expect.stringContaining(message) as string });
    },
  );

  it('is refused above a mebibyte, with 26 bytes for each event', async () => {
    const client = new LogsClient();
    await client.load(['a']);
    const events = (size: number): object => ({
      ...stream,
      logEvents: [0, 1].map(() => ({ timestamp: START_MS, message: 'x'.repeat(size) })),
    });
    await expect(client.call('PutLogEvents', events(524_262))).resolves.toBeDefined();
    expect(await client.refusal('PutLogEvents', events(524_263))).toMatchObject({
      code: 'InvalidParameterException',
      message: 'Upload too large: 1048578 bytes exceeds limit of 1048576',
    });
  });
});

describe('log groups and streams', () => {
  it('are made once', async () => {
    const client = new LogsClient();
    await client.load(['a']);
    expect(await client.refusal('CreateLogGroup', { logGroupName: GROUP })).toEqual({
      code: 'ResourceAlreadyExistsException',
      message: 'The specified log group already exists',
    });
    expect(await client.refusal('CreateLogStream', { logGroupName: GROUP, logStreamName: 'writer' })).toEqual(
      {
        code: 'ResourceAlreadyExistsException',
        message: 'The specified log stream already exists',
      },
    );
  });

  it('are described by prefix, pattern and page', async () => {
    const client = new LogsClient();
    for (const name of ['/b/two', '/a/one', '/b/one'])
      await client.call('CreateLogGroup', { logGroupName: name });
    interface Groups {
      logGroups: { logGroupName: string }[];
      nextToken?: string;
    }
    const names = async (input: object): Promise<[string[], string | undefined]> => {
      const { logGroups, nextToken } = await client.call<Groups>('DescribeLogGroups', input);
      return [logGroups.map(({ logGroupName }) => logGroupName), nextToken];
    };
    expect(await names({ logGroupNamePrefix: '/b' })).toEqual([['/b/one', '/b/two'], undefined]);
    expect(await names({ logGroupNamePattern: 'one' })).toEqual([['/a/one', '/b/one'], undefined]);
    const [first, nextToken] = await names({ limit: 2 });
    expect(first).toEqual(['/a/one', '/b/one']);
    expect(await names({ limit: 2, nextToken })).toEqual([['/b/two'], undefined]);
    expect(
      await client.refusal('DescribeLogGroups', { logGroupNamePrefix: '/a', logGroupNamePattern: 'one' }),
    ).toMatchObject({ code: 'InvalidParameterException' });
  });

  it('are described as AWS does', async () => {
    const client = new LogsClient();
    await client.load(['abc', 'de']);
    const arn = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;
    expect(await client.call('DescribeLogGroups', {})).toMatchObject({
      logGroups: [
        {
          logGroupName: GROUP,
          creationTime: START_MS,
          metricFilterCount: 0,
          arn: `${arn}:*`,
          logGroupArn: arn,
          storedBytes: 57,
          logGroupClass: 'STANDARD',
        },
      ],
    });
    expect(await client.call('DescribeLogStreams', { logGroupIdentifier: arn })).toMatchObject({
      logStreams: [
        {
          logStreamName: 'writer',
          creationTime: START_MS,
          firstEventTimestamp: START_MS,
          lastEventTimestamp: START_MS + 1000,
          lastIngestionTime: START_MS,
          arn: `${arn}:log-stream:writer`,
          storedBytes: 0,
        },
      ],
    });
  });

  it('orders streams by name or by their last event', async () => {
    const client = new LogsClient();
    await client.load(['1', '2', '3'], 'b');
    await client.load(['1', '2'], 'c');
    await client.load(['1'], 'a');
    const names = async (input: object): Promise<string[]> => {
      const all = { logGroupName: GROUP, ...input };
      const { logStreams } = await client.call<{ logStreams: { logStreamName: string }[] }>(
        'DescribeLogStreams',
        all,
      );
      return logStreams.map(({ logStreamName }) => logStreamName);
    };
    expect(await names({})).toEqual(['a', 'b', 'c']);
    expect(await names({ descending: true, limit: 1 })).toEqual(['c']);
    expect(await names({ orderBy: 'LastEventTime', descending: true })).toEqual(['b', 'c', 'a']);
    expect(
      await client.refusal('DescribeLogStreams', {
        logGroupName: GROUP,
        orderBy: 'LastEventTime',
        logStreamNamePrefix: 'a',
      }),
    ).toEqual({
      code: 'InvalidParameterException',
      message: 'Cannot order by LastEventTime with a logStreamNamePrefix.',
    });
  });
});
