import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { SecretsState } from './secrets-state';
import { secretId } from './shapes';

/** Takes a scheduled deletion back. */
export const restoreSecret = operation({
  name: 'RestoreSecret',
  input: z.strictObject({ SecretId: secretId }),
  run: ({ SecretId }, state: SecretsState) => {
    const secret = state.find(SecretId);
    secret.deletedAt = undefined;
    return { ARN: secret.arn, Name: secret.name };
  },
});
