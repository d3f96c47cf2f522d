import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { addVersion } from './add-version';
import { CURRENT, type Secret } from './secret';
import { invalidRequest, type SecretsState } from './secrets-state';
import { contentOf, contentShape, secretName, tagListSchema, tagMap, versionId } from './shapes';

export const createSecret = operation({
  name: 'CreateSecret',
  input: z.strictObject({
    Name: secretName,
    ClientRequestToken: versionId.optional(),
    Description: z.string().max(2048).optional(),
    KmsKeyId: z.string().max(2048).optional(),
    ...contentShape,
    Tags: tagListSchema.default([]),
    /** There are no replicas that it could overwrite. */
    ForceOverwriteReplicaSecret: z.boolean().optional(),
  }),
  run: (request, state: SecretsState) => {
    const { Name, Description, KmsKeyId, Tags, ClientRequestToken = randomUUID() } = request;
    const content = contentOf(request);
    const existing = state.secrets.get(Name);
    if (existing?.deletedAt !== undefined && existing.deletedAt > new Date()) {
      throw invalidRequest(
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    }
    if (existing !== undefined && existing.deletedAt === undefined) {
      throw new AwsError(
        'ResourceExistsException',
        `The operation failed because the secret ${Name} already exists.`,
      );
    }
    const now = new Date();
    const secret: Secret = {
      name: Name,
      arn: state.newArn(Name),
      createdAt: now,
      description: Description,
      kmsKeyId: KmsKeyId,
      changedAt: now,
      accessedAt: undefined,
      deletedAt: undefined,
      versions: new Map(),
      stages: new Map(),
      tags: tagMap(Tags),
    };
    if (content !== undefined) addVersion(secret, ClientRequestToken, content, [CURRENT]);
    state.secrets.set(Name, secret);
    return { ARN: secret.arn, Name, VersionId: content === undefined ? undefined : ClientRequestToken };
  },
});
