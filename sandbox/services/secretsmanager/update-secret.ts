import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { addVersion } from './add-version';
import { CURRENT } from './secret';
import type { SecretsState } from './secrets-state';
import { contentOf, contentShape, secretId, versionId } from './shapes';

/** Changes what describes a secret, and with a value makes a new current version. */
export const updateSecret = operation({
  name: 'UpdateSecret',
  input: z.strictObject({
    SecretId: secretId,
    ClientRequestToken: versionId.optional(),
    Description: z.string().max(2048).optional(),
    KmsKeyId: z.string().max(2048).optional(),
    ...contentShape,
  }),
  run: (request, state: SecretsState) => {
    const { SecretId, Description, KmsKeyId, ClientRequestToken = randomUUID() } = request;
    const content = contentOf(request);
    const secret = state.findLive(SecretId);
    if (content !== undefined) addVersion(secret, ClientRequestToken, content, [CURRENT]);
    secret.description = Description ?? secret.description;
    secret.kmsKeyId = KmsKeyId ?? secret.kmsKeyId;
    secret.changedAt = new Date();
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: content === undefined ? undefined : ClientRequestToken,
    };
  },
});
