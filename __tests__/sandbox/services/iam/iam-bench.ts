import { IamState } from '../../../../sandbox/services/iam/iam-state';

export const ADMINISTRATOR = 'ADMINISTRATOR';

export function openIam(policies: Readonly<Record<string, readonly object[]>> = {}): IamState {
  const state = new IamState('000000000000', 'us-east-2', ADMINISTRATOR);
  for (const [name, Statement] of Object.entries(policies)) {
    state.putRole(name, { [name]: { Version: '2012-10-17', Statement } });
  }
  return state;
}

/** The access key of a session of a role. */
export function keyOf(role: string, state: IamState): string {
  return state.startSession(state.role(role), 'test', 900).credentials.AccessKeyId;
}
