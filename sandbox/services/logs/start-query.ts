import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { invalidParameter, notFound } from './errors';
import { compileQuery } from './insights/compile-query';
import { malformed } from './insights/malformed';
import { MOST_ROWS } from './insights/parse-query';
import { groupOf } from './log-groups';
import type { LogsState } from './logs-state';
import { logGroupIdentifier, logGroupName, most } from './shapes';
import { compareEvents } from './store/log-event';
import type { LogGroup } from './store/log-store';
import { StoredSourceEvent } from './store/source-event';

const MOST_GROUPS = 50;
/** The year 5138 in seconds, 1973 in milliseconds: what is later was meant as milliseconds. */
const LAST_SECOND = 1e11;
const epochSecond = z
  .int()
  .min(0)
  .refine((value) => value < LAST_SECOND, {
    error: 'the sandbox takes startTime and endTime in seconds since the epoch, not in milliseconds',
  });

const input = z.strictObject({
  queryLanguage: z.enum(['CWLI', 'SQL', 'PPL']).default('CWLI'),
  logGroupName: logGroupName.optional(),
  logGroupNames: z.array(logGroupName).max(MOST_GROUPS).optional(),
  logGroupIdentifiers: z.array(logGroupIdentifier).max(MOST_GROUPS).optional(),
  startTime: epochSecond,
  endTime: epochSecond,
  queryString: z.string().max(10_000),
  limit: most(MOST_ROWS).optional(),
});
type Input = z.infer<typeof input>;

/**
 * Both ends of the window belong to it, to the instant: an event half a second after `endTime` does
 * not. The answer is about what was visible at the start.
 */
export const startQuery = operation({
  name: 'StartQuery',
  input,
  run: (request: Input, state: LogsState) => {
    if (request.queryLanguage !== 'CWLI') {
      throw invalidParameter(
        `the sandbox evaluates queries of the language CWLI only, not ${request.queryLanguage}`,
      );
    }
    if (request.startTime > request.endTime) {
      throw invalidParameter('End time should not be less than start time.');
    }
    const groups = findGroups(request, state);
    const { now, queryDurationMs, accountId } = state.settings;
    const query = compileQuery(request.queryString, request.limit, { startedAtMs: now() });
    checkWindow(request, groups);
    const [startMs, endMs] = [request.startTime * 1000, request.endTime * 1000];
    const events = groups
      .flatMap((group) => [...group.streams.values()])
      .flatMap((stream) => state.store.visibleEvents(stream))
      .filter(({ timestamp }) => timestamp >= startMs && timestamp <= endMs)
      .sort((a, b) => compareEvents(b, a));
    const run = state.queries.start({
      query,
      queryString: request.queryString,
      logGroupNames: groups.map(({ name }) => name),
      events: events.map((event) => new StoredSourceEvent(event, accountId)),
      durationMs: queryDurationMs,
      now,
    });
    return { queryId: run.id };
  },
});

function findGroups(request: Input, state: LogsState): LogGroup[] {
  const given = [
    request.logGroupName === undefined ? undefined : [request.logGroupName],
    request.logGroupNames,
    request.logGroupIdentifiers,
  ].filter((names) => names !== undefined);
  const [identifiers, ...others] = given;
  if (identifiers === undefined || identifiers.length === 0) {
    throw invalidParameter('Either LogGroup name or LogGroup identifier must be specified.');
  }
  if (others.length > 0) {
    throw invalidParameter(
      'Only one of logGroupName, logGroupNames and logGroupIdentifiers may be specified.',
    );
  }
  return [...new Set(identifiers)].map((identifier) => {
    try {
      return groupOf(identifier, state);
    } catch {
      throw notFound(`Log group '${identifier}' does not exist for account ID '${state.settings.accountId}'`);
    }
  });
}

/** In AWS's words, as seen. */
function checkWindow({ endTime, queryString }: Input, groups: readonly LogGroup[]): void {
  const created = Math.min(...groups.map(({ createdAt }) => createdAt));
  if ((endTime + 1) * 1000 > created) return;
  const span = { start: 0, end: queryString.length };
  throw malformed(
    `Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings ([${span.start},${span.end}])`,
    span,
  );
}
