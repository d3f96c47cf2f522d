import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { readParameter } from './read-parameter';
import type { SsmState } from './ssm-state';

/** Names that are not there are listed, not refused. */
export const getParameters = operation({
  name: 'GetParameters',
  input: z.strictObject({
    Names: z.array(z.string().min(1)).min(1).max(10),
    WithDecryption: z.boolean().default(false),
  }),
  run: ({ Names, WithDecryption }, state: SsmState) => {
    const found: object[] = [];
    const missing: string[] = [];
    for (const name of Names) {
      try {
        found.push(readParameter(name, WithDecryption, state));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        missing.push(name);
      }
    }
    return { Parameters: found, InvalidParameters: missing };
  },
});
