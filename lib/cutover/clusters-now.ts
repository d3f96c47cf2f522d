import type { RestorePlan } from '../artefacts/restore-plan';
import type { Swap } from '../artefacts/swap';
import type { NamedClusters } from './plan-swap';

/** A cluster of a drill as it is called now. */
export interface ClusterNow {
  readonly clusterIdentifier: string;
  /** Null where nobody can connect to it. */
  readonly endpoint: string | null;
  readonly port: number;
}

/** Whether a swap has changed, or is changing, what the clusters are called. */
export function isExchanged(swap: Swap | undefined): swap is Swap {
  return swap !== undefined && !(swap.direction === 'back' && swap.endedAt !== null);
}

/** The source clusters in the order of the plan, found by what RDS calls them whatever their name is; undefined for one that is gone. */
export function sourcesNow({ clusters }: RestorePlan, names: NamedClusters): (ClusterNow | undefined)[] {
  return clusters.map(({ source }) => byResourceId(source.resourceId, source.port, names));
}

/** The restored clusters in the order of the plan, found by the journal of the swap; undefined for one that is gone. */
export function restoredNow(
  { clusters }: RestorePlan,
  { steps }: Swap,
  names: NamedClusters,
): (ClusterNow | undefined)[] {
  return clusters.map(({ restored }) => {
    const step = steps.find(({ kind, from }) => kind === 'cluster' && from === restored.clusterIdentifier);
    return byResourceId(step?.resourceId, restored.port, names);
  });
}

function byResourceId(
  resourceId: string | undefined,
  port: number,
  { clusters }: NamedClusters,
): ClusterNow | undefined {
  const found = clusters.find((cluster) => cluster.resourceId === resourceId);
  return found && { clusterIdentifier: found.identifier, endpoint: found.endpoint, port };
}
