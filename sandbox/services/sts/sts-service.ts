import { service, type Service } from '../../protocols/service';
import type { IamState } from '../iam/iam-state';
import { assumeRole } from './assume-role';
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity';
import { getCallerIdentity } from './get-caller-identity';

export function stsService(state: IamState): Service {
  return service({
    name: 'sts',
    wire: {
      protocol: 'query',
      version: '2011-06-15',
      xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
      listItems: {},
    },
    invalidInput: { missing: 'ValidationError', invalid: 'ValidationError' },
    operations: [getCallerIdentity, assumeRole, assumeRoleWithWebIdentity],
    state,
  });
}
