import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { IamState } from '../iam/iam-state';

export const getCallerIdentity = operation({
  name: 'GetCallerIdentity',
  input: z.strictObject({}),
  run: (_input, state: IamState, { accessKeyId }) => {
    const { userId, arn } = state.principalOf(accessKeyId);
    return { UserId: userId, Account: state.accountId, Arn: arn };
  },
});
