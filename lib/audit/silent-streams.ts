import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { formatInstant, microsFromMillis, type EpochMicros } from '../time';

/** Streams that fell silent longer ago are of instances that are gone. */
const RECENT_MS = 7 * 24 * 3_600_000;
/** AWS updates a stream's newest time within an hour, typically. */
const UPDATED_WITHIN_MS = 3_600_000;

/**
 * In words: instances (each has a stream of its own) whose records end before the window begins. Costs
 * nothing, other than a query. Who may not list streams is told so.
 */
export async function fetchSilentStreams(
  client: CloudWatchLogsClient,
  logGroupName: string,
  since: EpochMicros,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { DescribeLogStreamsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const command = new DescribeLogStreamsCommand({
    logGroupName,
    orderBy: 'LastEventTime',
    descending: true,
    limit: 50,
  });
  try {
    const { logStreams = [] } = await client.send(command, { abortSignal: signal });
    const begin = since / 1000;
    return logStreams.flatMap(({ logStreamName, lastEventTimestamp }) =>
      lastEventTimestamp !== undefined &&
      lastEventTimestamp < begin - UPDATED_WITHIN_MS &&
      lastEventTimestamp >= begin - RECENT_MS
        ? [
            `log stream ${String(logStreamName)} has no record after ${formatInstant(microsFromMillis(lastEventTimestamp))}: its instance was idle or gone, or is not audited`,
          ]
        : [],
    );
  } catch (error) {
    if (!(error instanceof Error) || !error.name.includes('AccessDenied')) throw error;
    return [
      `the streams of ${logGroupName} may not be listed (logs:DescribeLogStreams): whether an instance is missing is not known`,
    ];
  }
}
