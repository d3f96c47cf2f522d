import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { invalidParameter } from './errors';
import type { LogsState } from './logs-state';

/** Refused for a query that has ended, as AWS documents it. */
export const stopQuery = operation({
  name: 'StopQuery',
  input: z.strictObject({ queryId: z.string().max(256) }),
  run: ({ queryId }, state: LogsState) => {
    const run = state.queries.find(queryId);
    if (!run.isActive) throw invalidParameter(`Query ${queryId} is not running: its status is ${run.status}`);
    run.cancel();
    return { success: true };
  },
});
