import type { RestorePlan } from '../artefacts/restore-plan';
import { accept, refuse, valueOf, type Outcome, type Refusal } from '../errors';
import { destroyCommands } from '../terraform/commands';
import { parseInstant, type EpochMicros } from '../time';
import { checkNotExpired, type ExpiryRefusal } from './expiry';

/** A cluster that the drill's Terraform state says was restored. */
export interface RestoredInState {
  readonly clusterIdentifier: string;
  /** The time that it was restored to, or the ARN of its snapshot; null for a cluster that was imported. */
  readonly origin: string | null;
}

export type ApplyRefusal = ExpiryRefusal | Refusal<'restored-by-another-plan'>;

/**
 * Whether `plan` may be synthesized. Before the restore an expired plan is refused. Afterwards it
 * has done its work: applying again changes nothing and destroying must stay possible, so the
 * expiry no longer matters (the guard still refuses to create a cluster that a broken apply left
 * out), but a plan that says something else than what was restored does.
 */
export function checkAppliable(
  plan: RestorePlan,
  inState: readonly RestoredInState[],
  now: EpochMicros,
): Outcome<undefined, ApplyRefusal> {
  if (inState.length === 0) {
    return checkNotExpired(plan.drill, valueOf(parseInstant(plan.expiresAt)), now);
  }
  const planned = plan.clusters.map(({ restored, method }) => ({
    clusterIdentifier: restored.clusterIdentifier,
    origin: method.kind === 'snapshot' ? method.snapshot.arn : plan.restoreTo,
  }));
  const other = inState.find((found) => !planned.some((one) => isSame(found, one)));
  if (other === undefined) return accept(undefined);
  return refuse({
    reason: 'restored-by-another-plan',
    message: `drill '${plan.drill}' has restored ${describe(other)} already, but its plan now says ${planned.map(describe).join(', ')}`,
    hint: `bring back the restore-plan.json that was applied, then ${destroyCommands(plan.drill)} removes what was restored; or begin another drill`,
  });
}

function isSame(found: RestoredInState, planned: RestoredInState): boolean {
  return (
    found.clusterIdentifier === planned.clusterIdentifier &&
    (found.origin === null || found.origin === planned.origin)
  );
}

function describe({ clusterIdentifier, origin }: RestoredInState): string {
  if (origin === null) return `'${clusterIdentifier}'`;
  return `'${clusterIdentifier}' ${origin.startsWith('arn:') ? 'from' : 'to'} ${origin}`;
}
