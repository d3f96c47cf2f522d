import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import { isExchanged, restoredNow, sourcesNow, type ClusterNow } from '../../lib/cutover/clusters-now';
import { patientRds } from '../../lib/cutover/patient-rds';
import { RdsNames } from '../../lib/cutover/rds-names';
import { readSwap } from '../../lib/cutover/swap-journal';
import { RefusalError } from '../../lib/errors';
import { restoredClusters } from './restored';

/** A source cluster, by the name that it has in the plan, as RDS calls it now: a name may belong to another by now. */
export async function fetchSourceNow(plan: RestorePlan, name: string): Promise<ClusterNow> {
  const i = plan.clusters.findIndex(({ source }) => source.clusterIdentifier === name);
  const names = await new RdsNames(patientRds(plan.region)).fetch();
  return sourcesNow(plan, names)[i] ?? gone(name);
}

/** The restored clusters in the order of the plan, with the endpoints that they have now. */
export async function fetchRestoredNow(drill: string, plan: RestorePlan): Promise<ClusterNow[]> {
  const swap = readSwap(drill);
  if (!isExchanged(swap)) return restoredClusters(drill, plan);
  const names = await new RdsNames(patientRds(plan.region)).fetch();
  return restoredNow(plan, swap, names).map(
    (found, i) => found ?? gone(plan.clusters[i]?.restored.clusterIdentifier ?? ''),
  );
}

function gone(name: string): never {
  throw new RefusalError({
    reason: 'cluster-gone',
    message: `the DB cluster that the plan calls '${name}' is gone`,
    hint: 'look at the clusters in RDS, in the account and region of the plan',
  });
}
