import type { SimulatedAction } from './iam';
import type { ReadinessLine } from './readiness-line';
import type { Step } from './actions';

export interface StepPermissions {
  readonly step: Step;
  readonly principalArn: string;
  readonly actions: readonly SimulatedAction[];
}

/**
 * Whether the caller may do what a step needs. `required`: whether the step is the caller's to do;
 * roles of a pipeline rightly lack the others.
 */
export function checkPermissions(
  { step, principalArn, actions }: StepPermissions,
  required: boolean,
): ReadinessLine {
  const title = `permissions to ${step.replace('-', ' ')}`;
  const denied = namesOf(actions, 'denied');
  const depending = namesOf(actions, 'depends').filter((name) => !denied.includes(name));
  const keys = [...new Set(actions.flatMap(({ missingKeys }) => missingKeys))].sort();
  const condition =
    depending.length === 0
      ? ''
      : `; conditions of its policies (${keys.join(', ')}) decide about ${depending.join(', ')}`;
  if (denied.length === 0) {
    const all = new Set(actions.map(({ action }) => action)).size;
    return { verdict: 'pass', title, finding: `${principalArn} has all ${all}${condition}` };
  }
  return {
    verdict: required ? 'fail' : 'warn',
    title,
    finding: `${principalArn} lacks ${denied.join(', ')}${condition}`,
    remedy: 'allow these actions to it, or use the role that is meant for this step',
  };
}

/** Where IAM does not answer, a person can still ask. */
export function permissionsNotSimulated(step: Step, why: string, actions: readonly string[]): ReadinessLine {
  return {
    verdict: 'not-applicable',
    title: `permissions to ${step.replace('-', ' ')}`,
    finding: `not simulated: ${why}; whoever may can ask: aws iam simulate-principal-policy --policy-source-arn ROLE --action-names ${[...new Set(actions)].join(' ')}`,
  };
}

function namesOf(actions: readonly SimulatedAction[], decision: SimulatedAction['decision']): string[] {
  return [...new Set(actions.filter((one) => one.decision === decision).map(({ action }) => action))].sort();
}
