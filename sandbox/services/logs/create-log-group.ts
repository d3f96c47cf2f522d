import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { LogsState } from './logs-state';
import { logGroupName } from './shapes';

export const createLogGroup = operation({
  name: 'CreateLogGroup',
  input: z.strictObject({ logGroupName, logGroupClass: z.literal('STANDARD').optional() }),
  run: ({ logGroupName: name }, { store }: LogsState) => {
    store.createGroup(name);
    return {};
  },
});
