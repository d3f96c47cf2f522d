import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { SecretsState } from './secrets-state';
import { secretId } from './shapes';

export const untagResource = operation({
  name: 'UntagResource',
  input: z.strictObject({ SecretId: secretId, TagKeys: z.array(z.string().min(1).max(128)) }),
  run: ({ SecretId, TagKeys }, state: SecretsState) => {
    const secret = state.findLive(SecretId);
    secret.tags = new Map([...secret.tags].filter(([key]) => !TagKeys.includes(key)));
    return {};
  },
});
