import { service, type Service } from '../../protocols/service';
import { createSecret } from './create-secret';
import { deleteSecret } from './delete-secret';
import { describeSecret } from './describe-secret';
import { getResourcePolicy } from './get-resource-policy';
import { getSecretValue } from './get-secret-value';
import { listSecretVersionIds } from './list-secret-version-ids';
import { listSecrets } from './list-secrets';
import { putSecretValue } from './put-secret-value';
import { restoreSecret } from './restore-secret';
import type { SecretsState } from './secrets-state';
import { tagResource } from './tag-resource';
import { untagResource } from './untag-resource';
import { updateSecret } from './update-secret';
import { updateSecretVersionStage } from './update-secret-version-stage';

export function secretsService(state: SecretsState): Service {
  return service({
    name: 'secretsmanager',
    wire: { protocol: 'json', targetPrefix: 'secretsmanager' },
    invalidInput: { missing: 'InvalidParameterException', invalid: 'InvalidParameterException' },
    operations: [
      createSecret,
      describeSecret,
      getSecretValue,
      putSecretValue,
      updateSecret,
      updateSecretVersionStage,
      listSecrets,
      listSecretVersionIds,
      getResourcePolicy,
      tagResource,
      untagResource,
      deleteSecret,
      restoreSecret,
    ],
    state,
  });
}
