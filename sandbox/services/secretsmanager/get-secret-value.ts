import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { CURRENT, stagesOf, startOfDay, type Secret, type SecretVersion } from './secret';
import { invalidRequest, notFound, type SecretsState } from './secrets-state';
import { secretId, stage, versionId } from './shapes';

export const getSecretValue = operation({
  name: 'GetSecretValue',
  input: z.strictObject({
    SecretId: secretId,
    VersionId: versionId.optional(),
    VersionStage: stage.optional(),
  }),
  run: ({ SecretId, VersionId, VersionStage }, state: SecretsState) => {
    const secret = state.findLive(SecretId);
    const version = select(secret, VersionId, VersionStage);
    secret.accessedAt = startOfDay(new Date());
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      ...version.content,
      VersionStages: stagesOf(secret, version.id),
      CreatedDate: version.createdAt,
    };
  },
});

function select(secret: Secret, id: string | undefined, asked: string | undefined): SecretVersion {
  const stage = asked ?? (id === undefined ? CURRENT : undefined);
  const wanted = id ?? secret.stages.get(stage ?? CURRENT);
  const version = wanted === undefined ? undefined : secret.versions.get(wanted);
  if (version === undefined) {
    const by = id === undefined ? `staging label: ${stage ?? CURRENT}` : `VersionId: ${id}`;
    throw notFound(`Secrets Manager can't find the specified secret value for ${by}`);
  }
  if (stage !== undefined && secret.stages.get(stage) !== version.id) {
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
  }
  return version;
}
