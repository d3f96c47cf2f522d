import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { invalidParameter } from './errors';
import { findGroup, streamArn } from './log-groups';
import type { LogsState } from './logs-state';
import { makeToken, readToken } from './page-token';
import { logGroupIdentifier, logGroupName, logStreamName, most, nextToken } from './shapes';
import type { LogEvent } from './store/log-event';
import type { LogGroup, LogStream } from './store/log-store';

interface Described {
  readonly stream: LogStream;
  readonly events: readonly LogEvent[];
}

export const describeLogStreams = operation({
  name: 'DescribeLogStreams',
  input: z.strictObject({
    logGroupName: logGroupName.optional(),
    logGroupIdentifier: logGroupIdentifier.optional(),
    logStreamNamePrefix: logStreamName.optional(),
    orderBy: z.enum(['LogStreamName', 'LastEventTime']).default('LogStreamName'),
    descending: z.boolean().default(false),
    limit: most(50).default(50),
    nextToken: nextToken.optional(),
  }),
  run: ({ limit, nextToken: token, ...scope }, state: LogsState) => {
    if (scope.orderBy === 'LastEventTime' && scope.logStreamNamePrefix !== undefined) {
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const group = findGroup(scope, state);
    const [offset = 0] = token === undefined ? [] : readToken(scope, token);
    const from = Number(offset);
    const matching = [...group.streams.values()]
      .filter(({ name }) => name.startsWith(scope.logStreamNamePrefix ?? ''))
      .map((stream) => ({ stream, events: state.store.visibleEvents(stream) }))
      .sort((a, b) => compare(a, b, scope.orderBy) * (scope.descending ? -1 : 1));
    const page = matching.slice(from, from + limit);
    const end = from + page.length;
    return {
      logStreams: page.map((each) => describe(each, group, state)),
      nextToken: end < matching.length ? makeToken(scope, [end]) : undefined,
    };
  },
});

function compare(a: Described, b: Described, orderBy: 'LogStreamName' | 'LastEventTime'): number {
  const byName = a.stream.name < b.stream.name ? -1 : 1;
  if (orderBy === 'LogStreamName') return byName;
  return (a.events.at(-1)?.timestamp ?? 0) - (b.events.at(-1)?.timestamp ?? 0) || byName;
}

/** `storedBytes` of a stream is always 0 at AWS since 2019. */
function describe({ stream, events }: Described, group: LogGroup, state: LogsState): object {
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    firstEventTimestamp: events[0]?.timestamp,
    lastEventTimestamp: events.at(-1)?.timestamp,
    lastIngestionTime: events.reduce<number | undefined>(
      (last, { ingestionTime }) => Math.max(last ?? 0, ingestionTime),
      undefined,
    ),
    arn: streamArn(group.name, stream.name, state),
    storedBytes: 0,
  };
}
