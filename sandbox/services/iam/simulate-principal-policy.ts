import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { list } from '../../protocols/query-input';
import { evaluatePolicies } from './evaluate-policies';
import type { IamState } from './iam-state';

const contextEntry = z.strictObject({
  ContextKeyName: z.string(),
  ContextKeyValues: list(z.string()),
  ContextKeyType: z.string(),
});

/** Judges actions as if the principal called them; the administrator may do everything. */
export const simulatePrincipalPolicy = operation({
  name: 'SimulatePrincipalPolicy',
  input: z.strictObject({
    PolicySourceArn: z.string(),
    ActionNames: list(z.string()),
    ResourceArns: list(z.string()).default(['*']),
    ContextEntries: list(contextEntry).default([]),
  }),
  run: ({ PolicySourceArn, ActionNames, ResourceArns, ContextEntries }, state: IamState) => {
    const policies = policiesOf(PolicySourceArn, state);
    const context = new Map(
      ContextEntries.map(({ ContextKeyName: key, ContextKeyValues: values }) => [key.toLowerCase(), values]),
    );
    return {
      EvaluationResults: ActionNames.flatMap((action) =>
        ResourceArns.map((resource) => {
          const { decision, missingKeys } =
            policies === undefined
              ? ({ decision: 'allowed', missingKeys: [] } as const)
              : evaluatePolicies(policies, action, resource, context);
          return {
            EvalActionName: action,
            EvalResourceName: resource,
            EvalDecision: decision,
            MatchedStatements: [],
            MissingContextValues: missingKeys,
          };
        }),
      ),
      IsTruncated: false,
    };
  },
});

function policiesOf(arn: string, state: IamState): Parameters<typeof evaluatePolicies>[0] | undefined {
  if (arn === `arn:aws:iam::${state.accountId}:user/sandbox`) return undefined;
  const role = [...state.roles.values()].find((each) => each.arn === arn);
  if (role === undefined) {
    throw new AwsError('NoSuchEntity', `The principal ${arn} cannot be found.`, 404);
  }
  return [...role.policies.values()];
}
