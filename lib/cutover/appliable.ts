import type { RepointPlan, Verification } from '../artefacts';
import { accept, refuse, type Outcome, type Refusal } from '../errors';

export type RepointApplyRefusal = Refusal<'not-verified' | 'target-dropped'>;

/**
 * Whether a repoint plan may be synthesized: forward only onto a database that passed verification,
 * back always. A target that Terraform manages already must stay in the plan, since one that is
 * missing from the configuration would be deleted, whatever its lifecycle says.
 */
export function checkRepointAppliable(
  plan: RepointPlan,
  verification: Verification,
  managedParameters: readonly string[],
): Outcome<undefined, RepointApplyRefusal> {
  if (plan.direction === 'forward') {
    const verified = checkVerified(verification);
    if (!verified.ok) return verified;
  }
  const planned = new Set(plan.targets.map(({ name }) => name));
  const dropped = managedParameters.filter((name) => !planned.has(name));
  if (dropped.length === 0) return accept(undefined);
  return refuse({
    reason: 'target-dropped',
    message: `the repoint plan of drill '${plan.drill}' no longer has ${dropped.join(', ')}, which an earlier one repointed: applying it would delete that`,
    hint: `plan again with ${dropped.map((name) => `--ssm-parameter ${name}`).join(' ')} as well`,
  });
}

/** The gate in front of every way to bring the application over. */
export function checkVerified(verification: Verification): Outcome<undefined, Refusal<'not-verified'>> {
  if (verification.verdict === 'pass') return accept(undefined);
  const failed = verification.checks.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
  return refuse({
    reason: 'not-verified',
    message: `the verification of drill '${verification.drill}' failed: ${failed.join(', ')}`,
    hint: `look into verification.json; when the cause is gone, run 'npm run verify -- --drill ${verification.drill}' again; to go back: npm run plan-repoint -- --drill ${verification.drill} --back; to give up: STACK=restore DRILL=${verification.drill} npx cdktf destroy restore`,
  });
}
