import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { StsState } from './sts-state';

export const getCallerIdentity = operation({
  name: 'GetCallerIdentity',
  input: z.strictObject({}),
  run: (_input, { accountId }: StsState) => ({
    UserId: 'AIDASANDBOX0000000000',
    Account: accountId,
    Arn: `arn:aws:iam::${accountId}:user/sandbox`,
  }),
});
