import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { groupOf } from './log-groups';
import type { LogsState } from './logs-state';
import { logGroupName, logStreamName } from './shapes';

export const createLogStream = operation({
  name: 'CreateLogStream',
  input: z.strictObject({ logGroupName, logStreamName }),
  run: (request, state: LogsState) => {
    state.store.createStream(groupOf(request.logGroupName, state), request.logStreamName);
    return {};
  },
});
