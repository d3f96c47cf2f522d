import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { attachStages, CURRENT } from './secret';
import { invalidParameter, notFound, type SecretsState } from './secrets-state';
import { secretId, stage, versionId } from './shapes';

/** Moves, attaches or detaches a label; one that is attached moves only with RemoveFromVersionId naming where it is. */
export const updateSecretVersionStage = operation({
  name: 'UpdateSecretVersionStage',
  input: z.strictObject({
    SecretId: secretId,
    VersionStage: stage,
    RemoveFromVersionId: versionId.optional(),
    MoveToVersionId: versionId.optional(),
  }),
  run: ({ SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId }, state: SecretsState) => {
    const secret = state.findLive(SecretId);
    for (const id of [RemoveFromVersionId, MoveToVersionId]) {
      if (id !== undefined && !secret.versions.has(id)) {
        throw notFound(`Secrets Manager can't find the specified secret version: ${id}`);
      }
    }
    const attachedTo = secret.stages.get(VersionStage);
    if (RemoveFromVersionId !== undefined && RemoveFromVersionId !== attachedTo) {
      throw invalidParameter(
        `The parameter RemoveFromVersionId can't be ${RemoveFromVersionId}. Staging label ${VersionStage} is not attached to that version.`,
      );
    }
    if (MoveToVersionId === undefined) {
      if (RemoveFromVersionId === undefined) {
        throw invalidParameter('You must specify at least one of RemoveFromVersionId and MoveToVersionId.');
      }
      if (VersionStage === CURRENT) {
        throw invalidParameter(
          `You can't remove the staging label ${CURRENT} from version ${RemoveFromVersionId} without moving it to another version.`,
        );
      }
      secret.stages.delete(VersionStage);
    } else {
      if (attachedTo !== undefined && attachedTo !== MoveToVersionId && RemoveFromVersionId === undefined) {
        throw invalidParameter(
          `The parameter RemoveFromVersionId can't be empty. Staging label ${VersionStage} is currently attached to version ${attachedTo}, so you must explicitly reference that version in RemoveFromVersionId.`,
        );
      }
      attachStages(secret, MoveToVersionId, [VersionStage]);
    }
    secret.changedAt = new Date();
    return { ARN: secret.arn, Name: secret.name };
  },
});
