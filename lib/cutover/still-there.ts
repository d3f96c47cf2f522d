import type { RestorePlan } from '../artefacts/restore-plan';
import type { Swap } from '../artefacts/swap';
import type { VerifiedCluster } from '../artefacts/verification';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { isExchanged } from './clusters-now';
import type { NamedClusters } from './plan-swap';

type Restored = VerifiedCluster['restored'];

/** Hosts belong to names: once those are exchanged, what a repoint plan calls old and new leads elsewhere. */
export function checkNotExchanged(
  drill: string,
  swap: Swap | undefined,
): Outcome<undefined, Refusal<'names-exchanged'>> {
  if (!isExchanged(swap)) return accept(undefined);
  return refuse({
    reason: 'names-exchanged',
    message: `drill '${drill}' brings the application over by name: the old cluster's host leads to the restored one, and the restored one's to nothing`,
    hint: `leave the config as it is, or take the names back first: npm run undo -- --drill ${drill}`,
  });
}

/** Whether the clusters that RDS shows now are those that were verified. */
export function checkStillVerified(
  verified: readonly Restored[],
  now: readonly Restored[],
): Outcome<undefined, Refusal<'verified-another'>> {
  const other = verified.find(({ endpoint }, i) => endpoint !== now[i]?.endpoint);
  if (other === undefined) return accept(undefined);
  return refuse({
    reason: 'verified-another',
    message: `DB cluster '${other.clusterIdentifier}' was verified at ${other.endpoint}, and is at ${now.map(({ endpoint }) => endpoint).join(', ')} now`,
    hint: 'it was made again or renamed since: verify it again',
  });
}

/** The way back leads to the old clusters: one that has gone since takes no application. A config that led to a deleted one gets that back. */
export function checkOldThere(
  { clusters }: RestorePlan,
  names: NamedClusters,
): Outcome<undefined, Refusal<'cluster-gone'>> {
  const missing = clusters.find(
    ({ source }) =>
      !source.deleted && !names.clusters.some(({ resourceId }) => resourceId === source.resourceId),
  );
  if (missing === undefined) return accept(undefined);
  return refuse({
    reason: 'cluster-gone',
    message: `the old DB cluster '${missing.source.clusterIdentifier}' (${missing.source.resourceId}) is gone: there is nothing to go back to`,
    hint: 'leave the application where it is; where the old one was retired, its data is in the final snapshot',
  });
}
