import type { RepointPlan } from '../artefacts/repoint-plan';
import type { Verification } from '../artefacts/verification';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { destroyCommands } from '../terraform/commands';
import type { ChecksFile } from './checks-file';

export type RepointApplyRefusal = Refusal<'not-verified' | 'target-dropped'>;

/**
 * Whether a repoint plan may be synthesized: forward only onto a database that passed verification,
 * unless a person gave a reason to do without; back always. A target that Terraform manages already
 * must stay in the plan, since one that is missing from the configuration would be deleted, whatever
 * its lifecycle says.
 *
 * @param managed what the stack's state holds, by kind and name
 */
export function checkRepointAppliable(
  plan: RepointPlan,
  verification: Verification | undefined,
  managed: readonly { readonly kind: 'ssm-parameter' | 'dns-record'; readonly name: string }[],
): Outcome<undefined, RepointApplyRefusal> {
  if (plan.direction === 'forward' && plan.overriddenVerification === undefined) {
    const verified = checkVerified(plan.drill, verification);
    if (!verified.ok) return verified;
  }
  const dropped = managed.filter(
    ({ kind, name }) => !plan.targets.some((target) => target.kind === kind && target.name === name),
  );
  if (dropped.length === 0) return accept(undefined);
  return refuse({
    reason: 'target-dropped',
    message: `the repoint plan of drill '${plan.drill}' no longer has ${dropped.map(({ name }) => name).join(', ')}, which an earlier one repointed: applying it would delete that`,
    hint: `plan again with ${dropped.map(({ kind, name }) => (kind === 'ssm-parameter' ? `--ssm-parameter ${name}` : `--dns-record ZONE/${name}`)).join(' ')} as well, as it was: nothing but a host`,
  });
}

/** A pass is one of the team's own checks as they were: those that were changed or added since show nothing. */
export function checkSameChecks(
  drill: string,
  { verdict, ownChecks, madeAt }: Verification,
  now: ChecksFile,
): Outcome<undefined, Refusal<'stale-verification'>> {
  if (verdict !== 'pass' || ownChecks?.sha256 === now.sha256) return accept(undefined);
  const what = now.sha256 === undefined ? 'is gone' : ownChecks === undefined ? 'was added' : 'was changed';
  return refuse({
    reason: 'stale-verification',
    message: `the verification of drill '${drill}' is of ${madeAt}, and ${now.file} ${what} since`,
    hint: `verify again: npm run verify -- --drill ${drill}${ownChecks === undefined || now.sha256 === undefined ? '' : ` --checks ${now.file}`}`,
  });
}

/** The gate in front of every way to bring the application over. */
export function checkVerified(
  drill: string,
  verification: Verification | undefined,
): Outcome<undefined, Refusal<'not-verified'>> {
  if (verification?.verdict === 'pass') return accept(undefined);
  if (verification === undefined) {
    return refuse({
      reason: 'not-verified',
      message: `the restore plan of drill '${drill}' has no verification`,
      hint: `run 'npm run verify -- --drill ${drill}'`,
    });
  }
  return refuse({
    reason: 'not-verified',
    message: `the verification of drill '${drill}' failed: ${failedChecks(verification)}`,
    hint: `look into verification.json; when the cause is gone, run 'npm run verify -- --drill ${drill}' again; to go back: npm run undo -- --drill ${drill}; to give up: ${destroyCommands(drill)}; to go on all the same: --override-verification "REASON"`,
  });
}

/** The names of the checks that failed, by cluster where there are several. */
function failedChecks({ clusters }: Verification): string {
  return clusters
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ source, checks }) => {
      const names = checks.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
      return `${clusters.length > 1 ? `${source}: ` : ''}${names.join(', ')}`;
    })
    .join('; ');
}
