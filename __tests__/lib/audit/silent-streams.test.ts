import { CloudWatchLogsClient, DescribeLogStreamsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { mockClient } from 'aws-sdk-client-mock';
import { fetchSilentStreams } from '../../../lib/audit/silent-streams';
import { epochMicros } from '../../../lib/time';

const logs = mockClient(CloudWatchLogsClient);
const SINCE_MS = Date.UTC(2026, 0, 8, 9);
const HOUR = 3_600_000;

beforeEach(() => {
  logs.reset();
});

function silentStreams(): Promise<readonly string[]> {
  const client = new CloudWatchLogsClient({ region: 'eu-central-1' });
  return fetchSilentStreams(client, '/group', epochMicros(SINCE_MS * 1000), new AbortController().signal);
}

test('an instance whose records end before the window is named', async () => {
  logs.on(DescribeLogStreamsCommand).resolves({
    logStreams: [
      { logStreamName: 'writer', lastEventTimestamp: SINCE_MS + HOUR },
      // AWS may not have updated it yet
      { logStreamName: 'reader-1', lastEventTimestamp: SINCE_MS - HOUR / 2 },
      { logStreamName: 'reader-2', lastEventTimestamp: SINCE_MS - 3 * HOUR },
      { logStreamName: 'deleted last year', lastEventTimestamp: SINCE_MS - 9000 * HOUR },
      { logStreamName: 'empty' },
    ],
  });
  expect(await silentStreams()).toEqual([
    'log stream reader-2 has no record after 2026-01-08T06:00:00.000000Z: its instance was idle or gone, or is not audited',
  ]);
});

test('who may not list streams is told what is not known', async () => {
  logs
    .on(DescribeLogStreamsCommand)
    .rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
  expect(await silentStreams()).toEqual([expect.stringContaining('logs:DescribeLogStreams')]);
});

test('anything else that goes wrong is not hidden', async () => {
  logs.on(DescribeLogStreamsCommand).rejects(new Error('broken'));
  await expect(silentStreams()).rejects.toThrow('broken');
});
