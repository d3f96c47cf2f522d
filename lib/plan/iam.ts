import {
  GetRoleCommand,
  IAMClient,
  paginateSimulatePrincipalPolicy,
  type EvaluationResult,
} from '@aws-sdk/client-iam';
import { messageOf } from '../errors';

/** What IAM would answer to one action. */
export interface SimulatedAction {
  readonly action: string;
  readonly decision: 'allowed' | 'denied' | 'depends';
  /** Condition keys of policies on which it depends. */
  readonly missingKeys: readonly string[];
}

/**
 * Asks IAM what a principal may do. A session of a role stands for its role.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export class PolicySimulator {
  constructor(private readonly client: IAMClient = new IAMClient({})) {}

  /** The ARN that IAM simulates for a caller as STS names it; undefined for what it cannot simulate, such as the root user. */
  async principalOf(callerArn: string): Promise<string | undefined> {
    const [, partition = 'aws', , , account = '', resource = ''] = callerArn.split(':');
    const [kind, role = ''] = resource.split('/');
    if (kind === 'user') return callerArn;
    if (kind !== 'assumed-role') return undefined;
    try {
      // the session's ARN lacks the role's path, which its own has
      const { Role: found } = await this.client.send(new GetRoleCommand({ RoleName: role }));
      if (found?.Arn !== undefined) return found.Arn;
    } catch (error) {
      if (!isDenied(error)) throw error;
    }
    return `arn:${partition}:iam::${account}:role/${role}`;
  }

  async simulate(
    principalArn: string,
    actions: readonly string[],
    resourceArns: readonly string[],
  ): Promise<SimulatedAction[]> {
    const found: SimulatedAction[] = [];
    const pages = paginateSimulatePrincipalPolicy(
      { client: this.client },
      {
        PolicySourceArn: principalArn,
        ActionNames: [...actions],
        ...(resourceArns.includes('*') ? {} : { ResourceArns: [...resourceArns] }),
      },
    );
    for await (const page of pages) found.push(...(page.EvaluationResults ?? []).map(toAction));
    return found;
  }
}

/** Whether IAM refuses to tell, which says nothing about the actions themselves. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && /AccessDenied|not authorized/i.test(`${error.name} ${messageOf(error)}`);
}

function toAction({
  EvalActionName,
  EvalDecision,
  MissingContextValues = [],
}: EvaluationResult): SimulatedAction {
  if (EvalActionName === undefined) throw new Error('IAM answered without an action');
  const allowed = EvalDecision === 'allowed';
  const decision = allowed ? 'allowed' : MissingContextValues.length > 0 ? 'depends' : 'denied';
  return { action: EvalActionName, decision, missingKeys: allowed ? [] : MissingContextValues };
}
