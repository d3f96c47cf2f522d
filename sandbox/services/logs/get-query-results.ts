import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { LogsState } from './logs-state';
import { makeToken, readToken } from './page-token';
import { most, nextToken } from './shapes';

const MOST_PER_PAGE = 10_000;

/** Rows come from the first moment on; until the status is Complete they are some of them. */
export const getQueryResults = operation({
  name: 'GetQueryResults',
  input: z.strictObject({
    queryId: z.string().max(256),
    nextToken: nextToken.optional(),
    maxItems: most(MOST_PER_PAGE).default(MOST_PER_PAGE),
  }),
  run: async ({ queryId, nextToken: token, maxItems }, state: LogsState) => {
    const run = state.queries.find(queryId);
    const [offset = 0] = token === undefined ? [] : readToken({ queryId }, token);
    const result = await run.look();
    const from = Number(offset);
    const page = result.rows.slice(from, from + maxItems);
    const isLast = from + page.length >= result.rows.length;
    return {
      queryLanguage: 'CWLI',
      results: page,
      status: result.status,
      statistics: {
        recordsMatched: result.recordsMatched,
        recordsScanned: result.recordsScanned,
        bytesScanned: result.bytesScanned,
        estimatedRecordsSkipped: 0,
        estimatedBytesSkipped: 0,
        logGroupsScanned: result.status === 'Scheduled' ? 0 : run.logGroupNames.length,
      },
      nextToken: isLast ? undefined : makeToken({ queryId }, [from + page.length]),
    };
  },
});
