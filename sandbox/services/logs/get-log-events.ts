import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { findGroup, streamOf } from './log-groups';
import type { LogsState } from './logs-state';
import { makeToken, readToken } from './page-token';
import { epochMs, logGroupIdentifier, logGroupName, logStreamName, most, nextToken } from './shapes';
import {
  fitPage,
  isBefore,
  MOST_EVENTS_PER_PAGE,
  placeAfter,
  placeBefore,
  type Place,
} from './store/event-pages';
import type { LogEvent } from './store/log-event';

type Direction = 'forward' | 'backward';

/**
 * One stream, page by page in either direction, each page oldest first; without a token its end
 * unless `startFromHead`. `startTime` belongs to the window, `endTime` does not (API reference). At
 * the end the token comes back that was sent.
 */
export const getLogEvents = operation({
  name: 'GetLogEvents',
  input: z.strictObject({
    logGroupName: logGroupName.optional(),
    logGroupIdentifier: logGroupIdentifier.optional(),
    logStreamName,
    startTime: epochMs.optional(),
    endTime: epochMs.optional(),
    nextToken: nextToken.optional(),
    limit: most(MOST_EVENTS_PER_PAGE).default(MOST_EVENTS_PER_PAGE),
    startFromHead: z.boolean().default(false),
  }),
  run: ({ limit, nextToken: token, startFromHead, ...scope }, state: LogsState) => {
    const { startTime = 0, endTime = Infinity } = scope;
    const events = state.store
      .visibleEvents(streamOf(findGroup(scope, state), scope.logStreamName))
      .filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
    const given = token === undefined ? undefined : parseToken(readToken(scope, token));
    const direction = given?.direction ?? (startFromHead ? 'forward' : 'backward');
    const place: Place = given?.place ?? (startFromHead ? [0, 0] : [Infinity, 0]);
    const page = direction === 'forward' ? forward(events, place, limit) : backward(events, place, limit);
    const [first, last] = [page[0], page.at(-1)];
    const tokenAt = (to: Direction, at: Place): string => makeToken(scope, [to, ...at]);
    // an empty page is at the end in its direction; the other direction goes on from the same place
    const here: Place = Number.isFinite(place[0]) ? place : [0, 0];
    return {
      events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
      nextForwardToken: tokenAt('forward', last === undefined ? here : placeAfter(last)),
      nextBackwardToken: tokenAt('backward', first === undefined ? here : placeBefore(first)),
    };
  },
});

function forward(events: readonly LogEvent[], place: Place, limit: number): LogEvent[] {
  return fitPage(
    events.filter((event) => !isBefore(event, place)),
    limit,
  );
}

function backward(events: readonly LogEvent[], place: Place, limit: number): LogEvent[] {
  return fitPage(events.filter((event) => isBefore(event, place)).toReversed(), limit).reverse();
}

function parseToken([direction, ...place]: readonly (string | number)[]): {
  direction: Direction;
  place: Place;
} {
  return { direction: direction === 'backward' ? 'backward' : 'forward', place: place as unknown as Place };
}
