import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import type { IamState } from './iam-state';

export const getRolePolicy = operation({
  name: 'GetRolePolicy',
  input: z.strictObject({ RoleName: z.string(), PolicyName: z.string() }),
  run: ({ RoleName, PolicyName }, state: IamState) => {
    const policy = state.role(RoleName).policies.get(PolicyName);
    if (policy === undefined) {
      throw new AwsError('NoSuchEntity', `The role policy with name ${PolicyName} cannot be found.`, 404);
    }
    return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(JSON.stringify(policy)) };
  },
});
