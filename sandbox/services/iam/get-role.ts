import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { IamState } from './iam-state';

export const getRole = operation({
  name: 'GetRole',
  input: z.strictObject({ RoleName: z.string() }),
  run: ({ RoleName }, state: IamState) => {
    const { name, arn, id, createdAt } = state.role(RoleName);
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }],
    };
    return {
      Role: {
        Path: '/',
        RoleName: name,
        RoleId: id,
        Arn: arn,
        CreateDate: createdAt,
        AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trust)),
        MaxSessionDuration: 3600,
      },
    };
  },
});
