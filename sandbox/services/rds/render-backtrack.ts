import type { Backtrack, Cluster } from './model';

/** The shape `DBClusterBacktrack` of the API. */
export function renderBacktrack(cluster: Cluster, backtrack: Backtrack): object {
  return {
    DBClusterIdentifier: cluster.identifier,
    BacktrackIdentifier: backtrack.identifier,
    BacktrackTo: backtrack.to,
    BacktrackedFrom: backtrack.from,
    BacktrackRequestCreationTime: backtrack.requestedAt,
    Status: backtrack.status,
  };
}
