import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateDescribeLogStreams,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { microsFromMillis, type EpochMicros } from '../time';

/** A log group, and when each of its streams was last written to. */
export interface LogGroup {
  readonly name: string;
  /** Null where its records never expire. */
  readonly retentionDays: number | null;
  readonly streams: readonly { readonly name: string; readonly lastRecordAt: EpochMicros | null }[];
}

/** A group of a large cluster has a stream for each of its log files: enough of the newest to see every instance. */
const MOST_STREAMS = 1000;

/** Reads what CloudWatch Logs says about one log group; undefined where there is none. */
export async function fetchLogGroup(
  name: string,
  client: CloudWatchLogsClient = new CloudWatchLogsClient({}),
): Promise<LogGroup | undefined> {
  const group = await findGroup(name, client);
  if (group === undefined) return undefined;
  const streams: { name: string; lastRecordAt: EpochMicros | null }[] = [];
  try {
    const pages = paginateDescribeLogStreams(
      { client },
      { logGroupName: name, orderBy: 'LastEventTime', descending: true },
    );
    for await (const { logStreams = [] } of pages) {
      for (const { logStreamName = '', lastEventTimestamp: at } of logStreams) {
        streams.push({ name: logStreamName, lastRecordAt: at === undefined ? null : microsFromMillis(at) });
      }
      if (streams.length >= MOST_STREAMS) break;
    }
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
  return { name, retentionDays: group.retentionDays, streams };
}

async function findGroup(
  name: string,
  client: CloudWatchLogsClient,
): Promise<Pick<LogGroup, 'retentionDays'> | undefined> {
  for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: name })) {
    const found = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
    if (found !== undefined) return { retentionDays: found.retentionInDays ?? null };
  }
  return undefined;
}
