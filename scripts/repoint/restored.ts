import { RDSClient } from '@aws-sdk/client-rds';
import { readEvenIfStale } from '../../lib/artefact-files';
import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import type { VerifiedCluster } from '../../lib/artefacts/verification';
import { valueOf } from '../../lib/errors';
import { RdsReader } from '../../lib/plan/rds';
import { resolveRestoredCluster } from '../../lib/verify/restored-cluster';

/** The restored clusters as the verification names them, whatever became of it; as RDS shows them where there is none. */
export async function restoredClusters(
  drill: string,
  plan: RestorePlan,
): Promise<VerifiedCluster['restored'][]> {
  const verified = readEvenIfStale(drill, 'verification');
  return verified.ok ? verified.value.value.clusters.map(({ restored }) => restored) : fetchRestored(plan);
}

/** The restored clusters as RDS shows them now: what a verification would name, where there is none. */
export function fetchRestored(plan: RestorePlan): Promise<VerifiedCluster['restored'][]> {
  const rds = new RdsReader(new RDSClient({ region: plan.region }));
  return Promise.all(
    plan.clusters.map(async (cluster) => {
      const { source: found } = valueOf(await rds.fetchFacts(cluster.restored.clusterIdentifier));
      return valueOf(resolveRestoredCluster(plan, cluster, found));
    }),
  );
}
