import type { PlannedCluster, RestorePlan } from '../artefacts/restore-plan';
import type { VerifiedCluster } from '../artefacts/verification';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { guardedApply } from '../terraform/commands';
import type { SourceCluster } from '../plan/source-cluster';

export type RestoredClusterRefusal = Refusal<'not-the-restored-cluster' | 'not-available' | 'no-writer'>;

/**
 * Whether the cluster that RDS shows under the plan's name is the one that the plan restores, and
 * ready to be looked at. RDS does not say what a cluster was restored from: its tags do, which the
 * plan gave it.
 */
export function resolveRestoredCluster(
  plan: RestorePlan,
  cluster: PlannedCluster,
  found: SourceCluster,
): Outcome<VerifiedCluster['restored'], RestoredClusterRefusal> {
  const name = `DB cluster '${found.identifier}'`;
  const doubt = doubtAbout(plan, cluster, found);
  if (doubt !== undefined) {
    return refuse({
      reason: 'not-the-restored-cluster',
      message: `${name} is not the one that the plan of drill '${plan.drill}' restores: ${doubt}`,
      hint: `check account, region and name; restore by: ${restoreCommands(plan.drill)}`,
    });
  }
  if (found.status !== 'available' || found.endpoint === null) {
    return refuse({
      reason: 'not-available',
      message: `${name} is ${found.status}, expected available`,
      hint: 'wait until the restore is complete, then verify again',
    });
  }
  if (!found.instances.some((instance) => instance.isWriter)) {
    return refuse({
      reason: 'no-writer',
      message: `${name} has no writer instance to connect to`,
      hint: `finish the restore by: ${restoreCommands(plan.drill)}`,
    });
  }
  return accept({
    clusterIdentifier: found.identifier,
    endpoint: found.endpoint,
    readerEndpoint: found.readerEndpoint,
    port: found.port,
  });
}

function doubtAbout(
  plan: RestorePlan,
  { source, restored }: PlannedCluster,
  found: SourceCluster,
): string | undefined {
  if (found.resourceId === source.resourceId || found.endpoint === source.endpoint) {
    return 'it is the damaged cluster itself';
  }
  const [, , , region, account] = found.arn.split(':');
  if (region !== plan.region || account !== plan.account) {
    return `it belongs to account ${account ?? '?'} in ${region ?? '?'}, the plan to ${plan.account} in ${plan.region}`;
  }
  if (found.engine !== source.engine) return `its engine is ${found.engine}, expected ${source.engine}`;
  const wrong = Object.entries({ ...restored.tags, ...restored.drillTags }).find(
    ([key, value]) => found.tags[key] !== value,
  );
  if (wrong === undefined) return undefined;
  const [key, expected] = wrong;
  const actual = found.tags[key];
  return `its tag '${key}' is ${actual === undefined ? 'missing' : `'${actual}'`}, expected '${expected}'`;
}

function restoreCommands(drill: string): string {
  return guardedApply({ drill, stack: 'restore', destroy: false });
}
