import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { SecretsState } from './secrets-state';
import { secretId } from './shapes';

/** No secret of the sandbox has a policy of its own: the answer has none, as AWS's then. */
export const getResourcePolicy = operation({
  name: 'GetResourcePolicy',
  input: z.strictObject({ SecretId: secretId }),
  run: ({ SecretId }, state: SecretsState) => {
    const { arn, name } = state.find(SecretId);
    return { ARN: arn, Name: name };
  },
});
