import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { integer } from '../../protocols/query-input';
import type { IamState, Role } from '../iam/iam-state';

export const sessionShape = {
  RoleArn: z.string().min(20),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/),
  DurationSeconds: integer(900, 43_200).optional(),
};

export const assumeRole = operation({
  name: 'AssumeRole',
  input: z.strictObject(sessionShape),
  run: ({ RoleArn, RoleSessionName, DurationSeconds = 3600 }, state: IamState) =>
    renderSession(
      state.startSession(findRole(RoleArn, 'AssumeRole', state), RoleSessionName, DurationSeconds),
    ),
});

/** @throws AwsError as STS answers where there is no such role, which it does not tell from one that may not be assumed */
export function findRole(arn: string, operationName: string, state: IamState): Role {
  const role = [...state.roles.values()].find((each) => each.arn === arn);
  if (role !== undefined) return role;
  throw new AwsError('AccessDenied', `Not authorized to perform sts:${operationName}`, 403);
}

export function renderSession({ credentials, principal }: ReturnType<IamState['startSession']>): object {
  return {
    Credentials: credentials,
    AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
  };
}
