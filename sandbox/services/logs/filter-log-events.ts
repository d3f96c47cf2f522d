import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { invalidParameter } from './errors';
import { parseFilterPattern } from './filter-pattern';
import { findGroup, streamOf } from './log-groups';
import type { LogsState } from './logs-state';
import { makeToken, readToken } from './page-token';
import { epochMs, logGroupIdentifier, logGroupName, logStreamName, most, nextToken } from './shapes';
import { fitPage, isBefore, MOST_EVENTS_PER_PAGE, placeAfter, type Place } from './store/event-pages';
import { compareEvents, eventIdOf, type LogEvent } from './store/log-event';
import type { LogGroup, LogStream } from './store/log-store';

/** Events that one call looks at: as at AWS, a page may come back empty and still name a next one. */
const SCANNED_PER_PAGE = 2000;

const input = z.strictObject({
  logGroupName: logGroupName.optional(),
  logGroupIdentifier: logGroupIdentifier.optional(),
  logStreamNames: z.array(logStreamName).min(1).max(100).optional(),
  logStreamNamePrefix: logStreamName.optional(),
  startTime: epochMs.optional(),
  endTime: epochMs.optional(),
  filterPattern: z.string().max(1024).optional(),
  nextToken: nextToken.optional(),
  limit: most(MOST_EVENTS_PER_PAGE).default(MOST_EVENTS_PER_PAGE),
  // deprecated; results are always in the order of time
  interleaved: z.boolean().optional(),
});
type Input = z.infer<typeof input>;

/** Times are in milliseconds and both belong to the window. Oldest first, over all streams. */
export const filterLogEvents = operation({
  name: 'FilterLogEvents',
  input,
  run: ({ limit, nextToken: token, ...scope }: Input, state: LogsState) => {
    const matches = parseFilterPattern(scope.filterPattern ?? '');
    const streams = findStreams(scope, findGroup(scope, state));
    const { startTime = 0, endTime = Infinity } = scope;
    const start = token === undefined ? ([0, 0] as const) : (readToken(scope, token) as unknown as Place);
    const waiting = streams
      .flatMap((stream) => state.store.visibleEvents(stream))
      .filter(({ timestamp }) => timestamp >= startTime && timestamp <= endTime)
      .filter((event) => !isBefore(event, start))
      .sort(compareEvents);
    const scanned = waiting.slice(0, SCANNED_PER_PAGE);
    const matched = scanned.filter(({ message }) => matches(message));
    const page = fitPage(matched, limit);
    const last = page.length < matched.length ? page.at(-1) : scanned.at(-1);
    const isLast = last === undefined || last === waiting.at(-1);
    return {
      events: page.map(render),
      searchedLogStreams: [],
      nextToken: isLast ? undefined : makeToken(scope, placeAfter(last)),
    };
  },
});

function findStreams(scope: Omit<Input, 'limit'>, group: LogGroup): LogStream[] {
  const { logStreamNames, logStreamNamePrefix = '' } = scope;
  if (logStreamNames === undefined) {
    return [...group.streams.values()].filter(({ name }) => name.startsWith(logStreamNamePrefix));
  }
  if (logStreamNamePrefix !== '') {
    throw invalidParameter('logStreamNamePrefix and logStreamNames are mutually exclusive parameters.');
  }
  return [...new Set(logStreamNames)].map((name) => streamOf(group, name));
}

function render(event: LogEvent): object {
  return {
    logStreamName: event.stream,
    timestamp: event.timestamp,
    message: event.message,
    ingestionTime: event.ingestionTime,
    eventId: eventIdOf(event),
  };
}
