import { fillIn, judgeConditions, type Context } from './conditions';
import { matchesWildcard, type PolicyDocument, type Statement } from './policy-document';

export interface Decision {
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  /** Condition keys that were not known, of statements that spoke of the action and resource. */
  readonly missingKeys: readonly string[];
}

/**
 * What a principal's policies say of one action on one resource: a Deny wins, an Allow is needed.
 * @param action such as `rds:DescribeDBClusters`
 */
export function evaluatePolicies(
  policies: readonly PolicyDocument[],
  action: string,
  resource: string,
  context: Context,
): Decision {
  const missingKeys = new Set<string>();
  let allowed = false;
  for (const statement of policies.flatMap(({ Statement: statements }) => statements)) {
    if (!speaksOf(statement, action, resource, context)) continue;
    const judged = judgeConditions(statement, context);
    for (const key of judged.missingKeys) missingKeys.add(key);
    if (!judged.met) continue;
    if (statement.Effect === 'Deny') return { decision: 'explicitDeny', missingKeys: [] };
    allowed = true;
  }
  return { decision: allowed ? 'allowed' : 'implicitDeny', missingKeys: [...missingKeys] };
}

function speaksOf(
  { Action, NotAction, Resource, NotResource }: Statement,
  action: string,
  resource: string,
  context: Context,
): boolean {
  const ofAction = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesWildcard(pattern, action, true));
  const ofResource = (patterns: readonly string[]): boolean =>
    patterns.some((pattern) => matchesWildcard(fillIn(pattern, context), resource));
  return (
    (Action === undefined ? !ofAction(NotAction ?? []) : ofAction(Action)) &&
    (Resource === undefined ? !ofResource(NotResource ?? []) : ofResource(Resource))
  );
}
