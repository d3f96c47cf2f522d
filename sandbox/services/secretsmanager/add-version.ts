import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../../protocols/operation';
import { attachStages, stagesOf, type Secret, type SecretContent } from './secret';

/** Versions without a label that are kept. Source: Secrets Manager user guide, quotas: about 100 versions. */
const KEPT_WITHOUT_STAGE = 100;

/**
 * Makes a version under an id that the caller chose, once: the same id with the same content is the
 * same write again.
 * @throws AwsError where the id is that of another content
 */
export function addVersion(
  secret: Secret,
  id: string,
  content: SecretContent,
  stages: readonly string[],
): void {
  const existing = secret.versions.get(id);
  if (existing !== undefined) {
    if (isDeepStrictEqual(existing.content, content)) return;
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`,
    );
  }
  const first = secret.versions.size === 0;
  secret.versions.set(id, { id, content, createdAt: new Date() });
  secret.changedAt = new Date();
  attachStages(secret, id, first ? [...new Set(['AWSCURRENT', ...stages])] : stages);
  const unattached = [...secret.versions.keys()].filter((each) => stagesOf(secret, each).length === 0);
  for (const old of unattached.slice(0, -KEPT_WITHOUT_STAGE)) secret.versions.delete(old);
}
