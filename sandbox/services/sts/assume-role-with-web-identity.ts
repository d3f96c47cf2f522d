import { z } from 'zod';
import { operation } from '../../protocols/operation';
import type { IamState } from '../iam/iam-state';
import { findRole, renderSession, sessionShape } from './assume-role';

/** Not signed: the token of an identity provider takes the signature's place. It is not verified. */
export const assumeRoleWithWebIdentity = operation({
  name: 'AssumeRoleWithWebIdentity',
  input: z.strictObject({ ...sessionShape, WebIdentityToken: z.string().min(4).max(20_000) }),
  run: ({ RoleArn, RoleSessionName, DurationSeconds = 3600 }, state: IamState) => ({
    ...renderSession(
      state.startSession(
        findRole(RoleArn, 'AssumeRoleWithWebIdentity', state),
        RoleSessionName,
        DurationSeconds,
      ),
    ),
    SubjectFromWebIdentityToken: 'sandbox',
    Provider: 'arn:aws:iam::000000000000:oidc-provider/sandbox',
  }),
});
