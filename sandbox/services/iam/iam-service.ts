import { service, type Service } from '../../protocols/service';
import { getRole } from './get-role';
import { getRolePolicy } from './get-role-policy';
import type { IamState } from './iam-state';
import { listAttachedRolePolicies } from './list-attached-role-policies';
import { listRolePolicies } from './list-role-policies';
import { simulatePrincipalPolicy } from './simulate-principal-policy';

export function iamService(state: IamState): Service {
  return service({
    name: 'iam',
    wire: {
      protocol: 'query',
      version: '2010-05-08',
      xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
      listItems: {
        AttachedPolicies: 'member',
        EvaluationResults: 'member',
        MatchedStatements: 'member',
        MissingContextValues: 'member',
        PolicyNames: 'member',
      },
    },
    invalidInput: { missing: 'ValidationError', invalid: 'ValidationError' },
    operations: [getRole, listRolePolicies, getRolePolicy, listAttachedRolePolicies, simulatePrincipalPolicy],
    state,
  });
}
