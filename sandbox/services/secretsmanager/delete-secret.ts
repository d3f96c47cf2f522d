import { z } from 'zod';
import { operation } from '../../protocols/operation';
import { invalidParameter, type SecretsState } from './secrets-state';
import { secretId } from './shapes';

const DAY_MS = 24 * 60 * 60_000;

/** Schedules the deletion, 30 days from now unless told otherwise; or deletes at once. */
export const deleteSecret = operation({
  name: 'DeleteSecret',
  input: z.strictObject({
    SecretId: secretId,
    RecoveryWindowInDays: z
      .int()
      .refine(
        (days) => days >= 7 && days <= 30,
        'RecoveryWindowInDays must be between 7 and 30 days (inclusive).',
      )
      .optional(),
    ForceDeleteWithoutRecovery: z.boolean().default(false),
  }),
  run: ({ SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery }, state: SecretsState) => {
    if (ForceDeleteWithoutRecovery && RecoveryWindowInDays !== undefined) {
      throw invalidParameter(
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      );
    }
    const secret = ForceDeleteWithoutRecovery ? state.find(SecretId) : state.findLive(SecretId);
    const now = new Date();
    if (ForceDeleteWithoutRecovery) {
      state.secrets.delete(secret.name);
      return { ARN: secret.arn, Name: secret.name, DeletionDate: now };
    }
    secret.deletedAt = new Date(now.getTime() + (RecoveryWindowInDays ?? 30) * DAY_MS);
    return { ARN: secret.arn, Name: secret.name, DeletionDate: secret.deletedAt };
  },
});
