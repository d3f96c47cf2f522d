import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { stagesOf } from './secret';
import type { SecretsState } from './secrets-state';
import { pageOf, secretId } from './shapes';

/** Versions without a label are deprecated, and told only where they are asked for. */
export const listSecretVersionIds = operation({
  name: 'ListSecretVersionIds',
  input: z.strictObject({
    SecretId: secretId,
    IncludeDeprecated: z.boolean().default(false),
    MaxResults: z.int().min(1).max(100).default(100),
    NextToken: z.string().optional(),
  }),
  run: ({ SecretId, IncludeDeprecated, MaxResults, NextToken }, state: SecretsState) => {
    const secret = state.find(SecretId);
    const versions = [...secret.versions.values()]
      .map(({ id, createdAt }) => ({
        VersionId: id,
        VersionStages: stagesOf(secret, id),
        LastAccessedDate: secret.accessedAt,
        CreatedDate: createdAt,
      }))
      .filter(({ VersionStages }) => IncludeDeprecated || VersionStages.length > 0);
    const { page, ...next } = pageOf(versions, MaxResults, NextToken);
    return { Versions: page, ...next, ARN: secret.arn, Name: secret.name };
  },
});
