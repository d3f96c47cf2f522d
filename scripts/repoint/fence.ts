import { readEvenIfStale, writeArtefact } from '../../lib/artefact-files';
import type { Fence } from '../../lib/artefacts/fence';
import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import { interrupted, output } from '../../lib/cli';
import { ClusterNetworks } from '../../lib/cutover/cluster-network';
import {
  liftFence,
  setFence,
  type FencedCluster,
  type FenceTools,
  type FenceWish,
} from '../../lib/cutover/fence';
import { patientRds } from '../../lib/cutover/patient-rds';
import { RefusalError, valueOf } from '../../lib/errors';
import { formatInstant, microsFromMillis } from '../../lib/time';
import { fetchSourceNow } from './clusters-now';
import type { DrillDatabases } from './databases';

/** The fence of a drill as it was kept last, whatever became of the plan since: it must be possible to lift it. */
export function readFence(drill: string): Fence | undefined {
  const fence = readEvenIfStale(drill, 'fence');
  if (!fence.ok && fence.refusal.reason === 'missing-artefact') return undefined;
  return valueOf(fence).value;
}

export function fenceTools(plan: RestorePlan, databases: DrillDatabases): FenceTools {
  const networks = new ClusterNetworks(patientRds(plan.region));
  return {
    networks: {
      fetch: async (name) => networks.fetch((await fetchSourceNow(plan, name)).clusterIdentifier),
      set: async (name, ...rest) =>
        networks.set((await fetchSourceNow(plan, name)).clusterIdentifier, ...rest),
    },
    databases: (clusterIdentifier) =>
      databases.hasCredentials ? databases.sourceInstances(clusterIdentifier) : Promise.resolve([]),
    pauseMs: 250,
    signal: interrupted,
    onProgress: (text) => {
      output.say(text);
    },
  };
}

/** Sets every fence; what to set back is kept before anything is changed, so that a killed run can be finished or lifted. */
export async function setFences(
  body: Pick<Fence, 'drill' | 'madeFrom'>,
  clusters: readonly FencedCluster[],
  tools: FenceTools,
): Promise<Fence> {
  const keep = (state: Fence['state'], setAt: string | null): Fence =>
    writeArtefact(body.drill, 'fence', {
      ...body,
      madeAt: now(),
      state,
      setAt,
      liftedAt: null,
      clusters: [...clusters],
    }).value;
  keep('setting', null);
  for (const cluster of clusters) valueOf(await setFence(cluster, tools));
  return keep('set', now());
}

/** Gives every cluster back what it had before its fence. */
export async function liftFences(fence: Fence, tools: FenceTools): Promise<Fence> {
  const keep = (state: Fence['state'], liftedAt: string | null): Fence =>
    writeArtefact(fence.drill, 'fence', { ...fence, madeAt: now(), state, liftedAt }).value;
  keep('lifting', null);
  for (const cluster of fence.clusters) valueOf(await liftFence(cluster, tools));
  return keep('lifted', now());
}

/** The fence to go on with: one that was begun or stands already; undefined to begin anew. */
export function standingFence(
  drill: string,
  fence: Fence | undefined,
  asked: FenceWish | undefined,
): Fence | undefined {
  if (fence === undefined || fence.state === 'lifted') return undefined;
  const other = asked !== undefined && fence.clusters.some((cluster) => !isOfThatWay(cluster, asked));
  if (fence.state !== 'lifting' && !other) return fence;
  throw new RefusalError({
    reason: 'other-fence',
    message: `drill '${drill}' has a fence ${fence.state === 'lifting' ? 'that was being lifted' : `by ${waysOf(fence)}`} already`,
    hint: `lift that first: npm run fence -- --drill ${drill} --lift --execute`,
  });
}

/** Whom else a revoke locks is added to it; another group would have to be taken away again. */
function isOfThatWay(cluster: FencedCluster, asked: FenceWish): boolean {
  if (cluster.by !== 'security-group') return cluster.by === asked.by;
  return asked.by === cluster.by && asked.isolatedGroupId === cluster.isolatedGroupId;
}

function waysOf({ clusters }: Fence): string {
  const ways = clusters.map((cluster) =>
    cluster.by === 'security-group' ? `${cluster.by} ${cluster.isolatedGroupId}` : cluster.by,
  );
  return [...new Set(ways)].join(', ');
}

export function toLift(drill: string, fence: Fence | undefined): Fence {
  if (fence !== undefined && fence.state !== 'lifted') return fence;
  throw new RefusalError({
    reason: 'no-fence',
    message: `drill '${drill}' has no fence`,
    hint: 'there is nothing to lift',
  });
}

function now(): string {
  return formatInstant(microsFromMillis(Date.now()));
}
