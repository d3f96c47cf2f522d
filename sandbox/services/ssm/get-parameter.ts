import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { readParameter } from './read-parameter';
import type { SsmState } from './ssm-state';

export const getParameter = operation({
  name: 'GetParameter',
  input: z.strictObject({
    Name: z.string().min(1).max(2048),
    WithDecryption: z.boolean().default(false),
  }),
  run: ({ Name, WithDecryption }, state: SsmState) => ({
    Parameter: readParameter(Name, WithDecryption, state),
  }),
});
