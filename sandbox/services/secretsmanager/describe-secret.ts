import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { stagesByVersion, type Secret } from './secret';
import type { SecretsState } from './secrets-state';
import { secretId, tagList } from './shapes';

export const describeSecret = operation({
  name: 'DescribeSecret',
  input: z.strictObject({ SecretId: secretId }),
  run: ({ SecretId }, state: SecretsState) => {
    const secret = state.find(SecretId);
    return { ...describe(secret), VersionIdsToStages: stagesByVersion(secret) };
  },
});

/** What DescribeSecret and ListSecrets both tell. */
export function describe(secret: Secret): object {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    LastChangedDate: secret.changedAt,
    LastAccessedDate: secret.accessedAt,
    DeletedDate: secret.deletedAt,
    Tags: tagList(secret.tags),
    CreatedDate: secret.createdAt,
  };
}
