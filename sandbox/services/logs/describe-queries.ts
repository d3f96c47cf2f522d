import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { LogsState } from './logs-state';
import { makeToken, readToken } from './page-token';
import type { QueryRun } from './queries/query-run';
import { logGroupName, most, nextToken } from './shapes';

/** Latest first. A query over several log groups is listed under its first. */
export const describeQueries = operation({
  name: 'DescribeQueries',
  input: z.strictObject({
    logGroupName: logGroupName.optional(),
    status: z
      .enum(['Scheduled', 'Running', 'Complete', 'Failed', 'Cancelled', 'Timeout', 'Unknown'])
      .optional(),
    maxResults: most(1000).default(1000),
    nextToken: nextToken.optional(),
    queryLanguage: z.enum(['CWLI', 'SQL', 'PPL']).optional(),
  }),
  run: ({ maxResults, nextToken: token, ...scope }, state: LogsState) => {
    const [last = Infinity] = token === undefined ? [] : readToken(scope, token);
    const matching = state.queries
      .list()
      .filter((run) => scope.logGroupName === undefined || run.logGroupNames[0] === scope.logGroupName)
      .filter((run) => scope.status === undefined || run.status === scope.status)
      .filter(() => scope.queryLanguage === undefined || scope.queryLanguage === 'CWLI')
      .filter((run) => run.number < Number(last));
    const page = matching.slice(0, maxResults);
    const end = page.at(-1);
    return {
      queries: page.map(describe),
      nextToken:
        end !== undefined && matching.length > page.length ? makeToken(scope, [end.number]) : undefined,
    };
  },
});

function describe(run: QueryRun): object {
  return {
    queryLanguage: 'CWLI',
    queryId: run.id,
    queryString: run.queryString,
    status: run.status,
    createTime: run.startedAt,
    logGroupName: run.logGroupNames[0],
    queryDuration: run.ageMs,
  };
}
