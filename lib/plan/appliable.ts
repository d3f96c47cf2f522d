import type { RestorePlan } from '../artefacts';
import { accept, refuse, valueOf, type Outcome, type Refusal } from '../errors';
import { parseInstant, type EpochMicros } from '../time';
import { checkNotExpired, type ExpiryRefusal } from './expiry';

/** The cluster that the drill's Terraform state says was restored. */
export interface RestoredInState {
  readonly clusterIdentifier: string;
  /** As it was asked for; null for a cluster that was imported. */
  readonly restoreTo: string | null;
}

export type ApplyRefusal = ExpiryRefusal | Refusal<'restored-by-another-plan'>;

/**
 * Whether `plan` may be synthesized. Before the restore an expired plan is refused. Afterwards it
 * has done its work: applying again changes nothing and destroying must stay possible, so the
 * expiry no longer matters, but a plan that says something else than what was restored does.
 */
export function checkAppliable(
  plan: RestorePlan,
  inState: RestoredInState | undefined,
  now: EpochMicros,
): Outcome<undefined, ApplyRefusal> {
  if (inState === undefined) return checkNotExpired(plan.drill, valueOf(parseInstant(plan.expiresAt)), now);
  const planned = { clusterIdentifier: plan.restored.clusterIdentifier, restoreTo: plan.restoreTo };
  const same =
    inState.clusterIdentifier === planned.clusterIdentifier &&
    (inState.restoreTo === null || inState.restoreTo === planned.restoreTo);
  if (same) return accept(undefined);
  return refuse({
    reason: 'restored-by-another-plan',
    message: `drill '${plan.drill}' has restored ${describe(inState)} already, but its plan now says ${describe(planned)}`,
    hint: "bring back the restore-plan.json that was applied, then 'npx cdktf destroy restore' removes what was restored; or begin another drill",
  });
}

function describe({ clusterIdentifier, restoreTo }: RestoredInState): string {
  return `'${clusterIdentifier}'${restoreTo === null ? '' : ` to ${restoreTo}`}`;
}
