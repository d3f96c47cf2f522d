import type { RestorePlan } from '../artefacts/restore-plan';
import type { Swap } from '../artefacts/swap';
import { accept, refuse, type Outcome, type Refusal } from '../errors';

/**
 * The restore plan as the clusters are called now, after a swap or its way back: what Terraform
 * declares and the guard expects. While a swap is under way nothing may be declared: a name that
 * belongs to nobody yet would look like a cluster to create.
 */
export function namesNow(
  plan: RestorePlan,
  swap: Swap | undefined,
): Outcome<RestorePlan, Refusal<'swap-unfinished'>> {
  if (swap === undefined) return accept(plan);
  if (swap.endedAt === null) {
    const forward = swap.direction === 'forward';
    return refuse({
      reason: 'swap-unfinished',
      message: `the names of drill '${plan.drill}' are being ${forward ? 'exchanged' : 'taken back'}`,
      hint: `finish that first: npm run ${forward ? 'swap' : 'undo'} -- --drill ${plan.drill} --execute`,
    });
  }
  return accept(swap.direction === 'back' ? plan : exchanged(plan, swap));
}

/**
 * What Terraform may declare: as `namesNow`, and of a swap whose first step is not taken the names from
 * before it, so that its state can be made to forget them.
 */
export function namesDeclared(
  plan: RestorePlan,
  swap: Swap | undefined,
): Outcome<RestorePlan, Refusal<'swap-unfinished'>> {
  if (swap?.startedAt !== null) return namesNow(plan, swap);
  return accept(swap.direction === 'back' ? exchanged(plan, swap) : plan);
}

function exchanged(plan: RestorePlan, swap: Swap): RestorePlan {
  const named = (kind: 'cluster' | 'instance', name: string): string =>
    swap.steps.find((step) => step.kind === kind && step.from === name)?.to ?? name;
  const [first, ...further] = plan.clusters.map(({ source, restored, ...cluster }) => {
    const sourceName = named('cluster', source.clusterIdentifier);
    return {
      ...cluster,
      source: {
        ...source,
        clusterIdentifier: sourceName,
        arn: source.arn.replace(/:cluster:.*$/, `:cluster:${sourceName}`),
      },
      restored: {
        ...restored,
        clusterIdentifier: named('cluster', restored.clusterIdentifier),
        instances: restored.instances.map((instance) => ({
          ...instance,
          identifier: named('instance', instance.identifier),
        })),
      },
    };
  });
  if (first === undefined) throw new Error('a restore plan has a cluster');
  return { ...plan, clusters: [first, ...further] };
}
