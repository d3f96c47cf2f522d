import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { invalidParameter, type SecretsState } from './secrets-state';
import { secretId, tagListSchema, tagMap } from './shapes';

export const tagResource = operation({
  name: 'TagResource',
  input: z.strictObject({ SecretId: secretId, Tags: tagListSchema }),
  run: ({ SecretId, Tags }, state: SecretsState) => {
    const secret = state.findLive(SecretId);
    const tags = new Map([...secret.tags, ...tagMap(Tags)]);
    if (tags.size > 50) throw invalidParameter('A secret can have at most 50 tags.');
    secret.tags = tags;
    return {};
  },
});
