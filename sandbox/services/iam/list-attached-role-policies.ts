import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { IamState } from './iam-state';

/** Roles have inline policies only. */
export const listAttachedRolePolicies = operation({
  name: 'ListAttachedRolePolicies',
  input: z.strictObject({ RoleName: z.string() }),
  run: ({ RoleName }, state: IamState) => {
    state.role(RoleName);
    return { AttachedPolicies: [], IsTruncated: false };
  },
});
