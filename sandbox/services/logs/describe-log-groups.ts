import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { invalidParameter } from './errors';
import { groupArn } from './log-groups';
import type { LogsState } from './logs-state';
import { makeToken, readToken } from './page-token';
import { logGroupName, most, nextToken } from './shapes';
import { bytesOf } from './store/log-event';
import type { LogGroup, LogStore } from './store/log-store';

export const describeLogGroups = operation({
  name: 'DescribeLogGroups',
  input: z.strictObject({
    logGroupNamePrefix: logGroupName.optional(),
    logGroupNamePattern: logGroupName.optional(),
    limit: most(50).default(50),
    nextToken: nextToken.optional(),
  }),
  run: ({ limit, nextToken: token, ...scope }, state: LogsState) => {
    const { logGroupNamePrefix: prefix = '', logGroupNamePattern: pattern } = scope;
    if (prefix !== '' && pattern !== undefined) {
      throw invalidParameter(
        'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
      );
    }
    const [after = ''] = token === undefined ? [] : readToken(scope, token);
    const matching = [...state.store.groups.values()]
      .filter(({ name }) => name.startsWith(prefix) && matchesPattern(name, pattern) && name > String(after))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = matching.slice(0, limit);
    const last = page.at(-1);
    return {
      logGroups: page.map((group) => describe(group, state)),
      nextToken:
        last !== undefined && matching.length > page.length ? makeToken(scope, [last.name]) : undefined,
    };
  },
});

/** A case-sensitive substring anywhere in the name (API reference). */
function matchesPattern(name: string, pattern: string | undefined): boolean {
  return pattern === undefined || name.includes(pattern);
}

function describe(group: LogGroup, state: LogsState): object {
  const arn = groupArn(group.name, state);
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    storedBytes: storedBytes(group, state.store),
    logGroupClass: 'STANDARD',
  };
}

function storedBytes(group: LogGroup, store: LogStore): number {
  return [...group.streams.values()]
    .flatMap((stream) => store.visibleEvents(stream))
    .reduce((sum, { message }) => sum + bytesOf(message), 0);
}
