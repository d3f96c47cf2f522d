import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { IamState } from './iam-state';

export const listRolePolicies = operation({
  name: 'ListRolePolicies',
  input: z.strictObject({ RoleName: z.string() }),
  run: ({ RoleName }, state: IamState) => ({
    PolicyNames: [...state.role(RoleName).policies.keys()],
    IsTruncated: false,
  }),
});
