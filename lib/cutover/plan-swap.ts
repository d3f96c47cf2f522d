import type { RestorePlan } from '../artefacts/restore-plan';
import type { Swap } from '../artefacts/swap';
import type { Verification } from '../artefacts/verification';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { formatInstant, type EpochMicros } from '../time';
import { checkVerified } from './appliable';

export type SwapStep = Swap['steps'][number];

/** What RDS shows of the names in the account. */
export interface NamedClusters {
  readonly clusters: readonly NamedCluster[];
  readonly instances: readonly NamedInstance[];
}

export interface NamedCluster {
  readonly identifier: string;
  readonly resourceId: string;
  readonly status: string;
  readonly endpoint: string | null;
  readonly members: readonly string[];
}

export interface NamedInstance {
  readonly identifier: string;
  readonly resourceId: string;
  readonly status: string;
}

/** Everything that a swap is decided from. */
export interface SwapFacts {
  readonly restorePlan: RestorePlan;
  readonly restorePlanSha256: string;
  readonly verification: Verification | undefined;
  readonly verificationSha256: string | undefined;
  readonly account: string;
  readonly region: string;
  readonly names: NamedClusters;
  /** What leads the application to a restored cluster now, in words. */
  readonly inUseBy: readonly string[];
  readonly now: EpochMicros;
}

export type SwapRefusal = Refusal<
  | 'not-verified'
  | 'foreign-account'
  | 'already-repointed'
  | 'source-deleted'
  | 'not-the-source'
  | 'journal-lost'
  | 'not-restored'
  | 'name-taken'
>;

export type SwapBody = Omit<Swap, 'schemaVersion'>;

/**
 * The steps by which each restored cluster gets the name of its source. All instances come first:
 * renaming one reboots it, and until the clusters themselves are renamed no application is on the
 * restored one. Between the last two steps of a cluster its name belongs to nobody: that is how long
 * the application is cut off. Source: Amazon Aurora User Guide, "Renaming a DB instance".
 */
export function planSwap(facts: SwapFacts, override: string | undefined): Outcome<SwapBody, SwapRefusal> {
  const { restorePlan, account, region, names, now } = facts;
  const { drill } = restorePlan;
  if (account !== restorePlan.account || region !== restorePlan.region) {
    return refuse({
      reason: 'foreign-account',
      message: `the credentials are for account ${account} in ${region}, the restore plan is for ${restorePlan.account} in ${restorePlan.region}`,
      hint: 'use credentials and AWS_REGION of the account that holds the restored cluster',
    });
  }
  const verified = checkVerified(drill, facts.verification);
  if (!verified.ok && override === undefined) return verified;

  if (facts.inUseBy.length > 0) {
    return refuse({
      reason: 'already-repointed',
      message: `the application is on the restored cluster already (${facts.inUseBy.join(', ')}): its host would belong to nobody`,
      hint: `take that back first, or leave the names as they are: npm run undo -- --drill ${drill}`,
    });
  }

  const retired = retiredNames(names, `-retired-${formatInstant(now).slice(0, 10).replaceAll('-', '')}`);
  const steps: SwapStep[] = [];
  for (const cluster of restorePlan.clusters) {
    const ofCluster = stepsOf(cluster, drill, names, retired);
    if (!ofCluster.ok) return ofCluster;
    steps.push(...ofCluster.value);
  }
  const free = checkFree(steps, names);
  if (!free.ok) return free;
  return accept({
    drill,
    madeAt: formatInstant(now),
    madeFrom: {
      'restore-plan.json': facts.restorePlanSha256,
      ...(facts.verificationSha256 === undefined ? {} : { 'verification.json': facts.verificationSha256 }),
    },
    account,
    region,
    direction: 'forward',
    startedAt: null,
    endedAt: null,
    adoptedAt: null,
    ...(verified.ok || override === undefined
      ? {}
      : { overriddenVerification: { reason: override, instead: verified.refusal.message } }),
    steps,
  });
}

/** The steps in the order in which the direction takes them, each from the name that it has to the one that it gets. */
export function stepsToTake({ direction, steps }: Pick<Swap, 'direction' | 'steps'>): readonly SwapStep[] {
  if (direction === 'forward') return steps;
  return steps.toReversed().map(({ from, to, fromEndpoint, toEndpoint, ...step }) => ({
    ...step,
    from: to,
    to: from,
    fromEndpoint: toEndpoint,
    toEndpoint: fromEndpoint,
  }));
}

export function describeSwapStep({ kind, from, to }: Pick<SwapStep, 'kind' | 'from' | 'to'>): string {
  const note = kind === 'instance' ? 'it reboots' : 'its endpoints change with it';
  return `DB ${kind} ${from} → ${to} (${note})`;
}

function stepsOf(
  { source, restored }: RestorePlan['clusters'][number],
  drill: string,
  { clusters, instances }: NamedClusters,
  retired: (kind: SwapStep['kind'], name: string) => string,
): Outcome<SwapStep[], Refusal<'source-deleted' | 'not-the-source' | 'journal-lost' | 'not-restored'>> {
  if (source.deleted) {
    return refuse({
      reason: 'source-deleted',
      message: `DB cluster '${source.clusterIdentifier}' is deleted: its name is free, and there is nothing to swap with`,
      hint: `bring the application over by its config: npm run plan-repoint -- --drill ${drill}`,
    });
  }
  const begun = checkNotBegun(source, drill, clusters);
  if (!begun.ok) return begun;
  const old = clusters.find(({ identifier }) => identifier === source.clusterIdentifier);
  if (old?.resourceId !== source.resourceId) {
    return refuse({
      reason: 'not-the-source',
      message: `DB cluster '${source.clusterIdentifier}' is ${old?.resourceId ?? 'gone'}, expected ${source.resourceId}`,
      hint: 'look at both clusters in RDS: names may have been exchanged since the restore was planned',
    });
  }
  const made = clusters.find(({ identifier }) => identifier === restored.clusterIdentifier);
  const unmade = restored.instances.find(({ identifier }) => !made?.members.includes(identifier));
  if (made === undefined || made.endpoint === null || unmade !== undefined) {
    return refuse({
      reason: 'not-restored',
      message: `DB cluster '${restored.clusterIdentifier}' is not restored with ${unmade === undefined ? 'an endpoint' : `its instance '${unmade.identifier}'`} yet`,
      hint: `restore it first: npm run guard -- --drill ${drill} --stack restore`,
    });
  }
  const instanceStep = (from: string, to: string): SwapStep => ({
    kind: 'instance',
    resourceId: resourceIdOf(from, instances),
    from,
    to,
    fromEndpoint: null,
    toEndpoint: null,
    endedAt: null,
  });
  return accept([
    ...old.members.map((name) => instanceStep(name, retired('instance', name))),
    ...nameless(restored.instances, old.members).map(({ from, to }) => instanceStep(from, to)),
    {
      kind: 'cluster',
      resourceId: old.resourceId,
      from: old.identifier,
      to: retired('cluster', old.identifier),
      fromEndpoint: old.endpoint,
      toEndpoint: null,
      endedAt: null,
    },
    {
      kind: 'cluster',
      resourceId: made.resourceId,
      from: made.identifier,
      to: old.identifier,
      fromEndpoint: made.endpoint,
      toEndpoint: old.endpoint,
      endedAt: null,
    },
  ]);
}

/**
 * A swap is planned where no journal is: names that one has given already would be taken for those
 * from before it.
 */
function checkNotBegun(
  { clusterIdentifier, resourceId }: RestorePlan['clusters'][number]['source'],
  drill: string,
  clusters: NamedClusters['clusters'],
): Outcome<undefined, Refusal<'journal-lost'>> {
  const old = clusters.find((cluster) => cluster.resourceId === resourceId);
  if (old === undefined || isRetired(clusterIdentifier)) return accept(undefined);
  const named = clusters.find(({ identifier }) => identifier === clusterIdentifier);
  const renamed = [
    ...(isRetired(old.identifier)
      ? [
          `DB cluster ${resourceId}, expected as '${clusterIdentifier}', is '${old.identifier}'`,
          `'${clusterIdentifier}' is ${named?.resourceId ?? 'nobody'}`,
        ]
      : []),
    ...old.members.filter(isRetired).map((name) => `an instance of ${resourceId} is '${name}'`),
  ];
  if (renamed.length === 0) return accept(undefined);
  return refuse({
    reason: 'journal-lost',
    message: `a swap has renamed what drill '${drill}' is to swap, and its journal is not there: ${renamed.join('; ')}`,
    hint: `bring drills/${drill}/swap.json back from version control or from where the swap was begun, then run the same command again, or npm run undo -- --drill ${drill} --execute; without it, give the clusters and their instances the names of restore-plan.json in RDS`,
  });
}

function isRetired(name: string): boolean {
  return /-retired-\d{8}(-\d+)?$/.test(name);
}

function resourceIdOf(name: string, instances: readonly NamedInstance[]): string {
  const found = instances.find(({ identifier }) => identifier === name);
  if (found === undefined) throw new Error(`RDS names '${name}' as a member, and does not describe it`);
  return found.resourceId;
}

/** Each restored instance gets the name of the one that it is modelled on; where several are, or more than there were, a further one keeps its own. */
function nameless(
  restored: RestorePlan['clusters'][number]['restored']['instances'],
  members: readonly string[],
): { from: string; to: string }[] {
  const left = new Set(members);
  return restored.flatMap(({ identifier, modelledOn }) => {
    if (modelledOn === null || !left.delete(modelledOn)) return [];
    return [{ from: identifier, to: modelledOn }];
  });
}

/**
 * Gives each name another one that is free: cut short, long ones can come out the same, and an earlier
 * swap of the day may have left some. RDS allows 63 characters, no hyphen last and no two in a row.
 */
function retiredNames(
  { clusters, instances }: NamedClusters,
  suffix: string,
): (kind: SwapStep['kind'], name: string) => string {
  const taken = {
    cluster: new Set(clusters.map(({ identifier }) => identifier)),
    instance: new Set(instances.map(({ identifier }) => identifier)),
  };
  return (kind, name) => {
    for (let count = 1; ; count += 1) {
      const end = count === 1 ? suffix : `${suffix}-${count}`;
      const found = `${name.slice(0, 63 - end.length).replace(/-$/, '')}${end}`;
      if (taken[kind].has(found)) continue;
      taken[kind].add(found);
      return found;
    }
  };
}

/** A name is free where nothing has it now, or an earlier step takes it away. */
function checkFree(
  steps: readonly SwapStep[],
  { clusters, instances }: NamedClusters,
): Outcome<undefined, Refusal<'name-taken'>> {
  const taken = {
    cluster: new Set(clusters.map(({ identifier }) => identifier)),
    instance: new Set(instances.map(({ identifier }) => identifier)),
  };
  for (const { kind, from, to } of steps) {
    if (taken[kind].has(to)) {
      return refuse({
        reason: 'name-taken',
        message: `DB ${kind} '${to}' exists already`,
        hint: 'an earlier drill may have left it: retire that one first, or rename it',
      });
    }
    taken[kind].delete(from);
    taken[kind].add(to);
  }
  return accept(undefined);
}
