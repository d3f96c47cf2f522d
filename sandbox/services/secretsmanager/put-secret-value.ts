import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { addVersion } from './add-version';
import { CURRENT, stagesOf } from './secret';
import { invalidRequest, type SecretsState } from './secrets-state';
import { contentOf, contentShape, secretId, stage, versionId } from './shapes';

export const putSecretValue = operation({
  name: 'PutSecretValue',
  input: z.strictObject({
    SecretId: secretId,
    ClientRequestToken: versionId.optional(),
    ...contentShape,
    VersionStages: z.array(stage).min(1).max(20).default([CURRENT]),
  }),
  run: (request, state: SecretsState) => {
    const { SecretId, VersionStages, ClientRequestToken = randomUUID() } = request;
    const content = contentOf(request);
    if (content === undefined) throw invalidRequest('You must provide either SecretString or SecretBinary.');
    const secret = state.findLive(SecretId);
    addVersion(secret, ClientRequestToken, content, VersionStages);
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: ClientRequestToken,
      VersionStages: stagesOf(secret, ClientRequestToken),
    };
  },
});
