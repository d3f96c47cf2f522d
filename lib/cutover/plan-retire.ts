import type { Arrival } from '../artefacts/arrival';
import type { RestorePlan } from '../artefacts/restore-plan';
import type { Swap } from '../artefacts/swap';
import { accept, refuse, valueOf, type Outcome, type Refusal } from '../errors';
import { formatDuration, formatInstant, parseInstant, type EpochMicros } from '../time';

/** A cluster as RDS shows it when its end is planned. */
export interface DoomedCluster {
  readonly identifier: string;
  readonly resourceId: string;
  readonly deletionProtection: boolean;
  /** Readers first: the end of a writer would only make another one of them. */
  readonly instances: readonly string[];
  /** Whether its end was begun already, so that nobody can connect any more. */
  readonly ending: boolean;
  /** Manual snapshots of it, oldest first. */
  readonly snapshots: readonly string[];
  /** Sessions of applications, in words; null where there are none. */
  readonly sessions: string | null;
}

export interface RetireFacts {
  /** As the clusters are called now. */
  readonly plan: RestorePlan;
  /** What leads the application to a restored cluster now, in words. */
  readonly inUseBy: readonly string[];
  readonly arrival: Arrival | undefined;
  readonly swap: Swap | undefined;
  /** Those that are about to end, by identifier; undefined where there is none of that name. */
  readonly find: (identifier: string) => DoomedCluster | undefined;
  readonly waitMs: number;
  readonly now: EpochMicros;
}

export type PlannedRetirement =
  /** What the drill restored, which Terraform destroys. */
  | { readonly kind: 'restored'; readonly clusters: readonly DoomedCluster[] }
  /** The old clusters, after a restore in earnest. */
  | {
      readonly kind: 'old';
      readonly clusters: readonly (DoomedCluster & { readonly finalSnapshot: string })[];
    };

export type RetireRefusal = Refusal<
  | 'drill-keeps-source'
  | 'not-arrived'
  | 'too-early'
  | 'not-the-source'
  | 'deletion-protected'
  | 'connections-open'
  | 'nothing-to-retire'
>;

/**
 * Decides whose end it is: the restored clusters' while no application is on them, else the old
 * ones'. The old cluster of a drill is never deleted; that of a restore in earnest only when the
 * application has been away from it for a while, nobody is connected, and its deletion protection
 * was taken off by a person.
 */
export function planRetire(facts: RetireFacts): Outcome<PlannedRetirement, RetireRefusal> {
  return facts.inUseBy.length === 0 ? planRestored(facts) : planOld(facts);
}

function planRestored({ plan, find }: RetireFacts): Outcome<PlannedRetirement, RetireRefusal> {
  const clusters = plan.clusters.flatMap(({ restored }) => find(restored.clusterIdentifier) ?? []);
  if (clusters.length === 0) {
    return refuse({
      reason: 'nothing-to-retire',
      message: `nothing of what drill '${plan.drill}' restored is there any more`,
      hint: 'there is nothing left to do',
    });
  }
  for (const cluster of clusters) {
    const unprotected = checkUnprotected(cluster);
    if (!unprotected.ok) return unprotected;
  }
  const idle = checkIdle(clusters);
  return idle.ok ? accept({ kind: 'restored', clusters }) : idle;
}

function planOld(facts: RetireFacts): Outcome<PlannedRetirement, RetireRefusal> {
  const { plan, inUseBy, find, now } = facts;
  if (!isEarnest(plan)) {
    return refuse({
      reason: 'drill-keeps-source',
      message: `drill '${plan.drill}' is a rehearsal, and the application is on its restored cluster (${inUseBy.join(', ')}): neither cluster may end now`,
      hint: `take the application back first: npm run undo -- --drill ${plan.drill}`,
    });
  }
  const away = checkAway(facts);
  if (!away.ok) return away;
  const day = formatInstant(now).slice(0, 10).replaceAll('-', '');
  const clusters = [];
  for (const { source } of plan.clusters) {
    const found = find(source.clusterIdentifier);
    // ended already, by an earlier run that was cut short
    if (found === undefined) continue;
    if (found.resourceId !== source.resourceId) {
      return refuse({
        reason: 'not-the-source',
        message: `DB cluster '${found.identifier}' is ${found.resourceId}, expected ${source.resourceId}: it is not the old one`,
        hint: 'look at both clusters in RDS: names have changed since',
      });
    }
    const unprotected = found.ending ? accept(undefined) : checkUnprotected(found);
    if (!unprotected.ok) return unprotected;
    clusters.push({ ...found, finalSnapshot: finalSnapshotOf(found, day) });
  }
  if (clusters.length === 0) {
    return refuse({
      reason: 'nothing-to-retire',
      message: 'the old cluster is gone already',
      hint: 'there is nothing left to do',
    });
  }
  const idle = checkIdle(clusters);
  return idle.ok ? accept({ kind: 'old', clusters }) : idle;
}

/**
 * Whether what was to end is gone: Terraform destroys what its state holds, and is content with nothing.
 *
 * @param left those that RDS still shows after the end
 */
export function checkEnded(
  { clusters }: Pick<PlannedRetirement, 'clusters'>,
  left: readonly Pick<DoomedCluster, 'identifier' | 'resourceId' | 'instances'>[],
): Outcome<undefined, Refusal<'still-there'>> {
  const found = left.find(({ resourceId }) => clusters.some((one) => one.resourceId === resourceId));
  if (found === undefined) return accept(undefined);
  const { identifier, resourceId, instances } = found;
  const byHand = [
    ...instances.map((name) => `aws rds delete-db-instance --db-instance-identifier ${name}`),
    `aws rds delete-db-cluster --db-cluster-identifier ${identifier} --final-db-snapshot-identifier ${identifier}-final`,
  ];
  return refuse({
    reason: 'still-there',
    message: `DB cluster '${identifier}' (${resourceId}) is still there: Terraform's state does not hold it`,
    hint: `find out who has taken it out of the state; to end it by hand: ${byHand.join(' && ')}`,
  });
}

/** Of a cluster whose end was begun, on whatever day, the one that it was begun with. */
function finalSnapshotOf({ identifier, ending, snapshots }: DoomedCluster, day: string): string {
  const prefix = `${identifier}-final-`;
  const begun = snapshots.findLast((name) => name.startsWith(prefix));
  if (ending && begun !== undefined) return begun;
  const name = `${prefix}${day}`;
  if (!snapshots.includes(name)) return name;
  return `${name}-${snapshots.filter((other) => other.startsWith(name)).length + 1}`;
}

/** What is to stay carries no tag that says when it expires. */
function isEarnest({ clusters }: RestorePlan): boolean {
  return clusters.every(({ restored }) => restored.drillTags['restore-drill-expires'] === undefined);
}

function checkAway({
  plan: { drill },
  arrival,
  swap,
  waitMs,
  now,
}: RetireFacts): Outcome<undefined, Refusal<'not-arrived' | 'too-early'>> {
  const arrivedAt = arrival?.direction === 'forward' ? arrival.arrivedAt : null;
  const swappedAt = swap?.direction === 'forward' ? swap.endedAt : null;
  const awayAt = [arrivedAt, swappedAt].flatMap((at) => (at === null ? [] : [valueOf(parseInstant(at))]));
  if (awayAt.length === 0) {
    return refuse({
      reason: 'not-arrived',
      message: `nothing shows that the application has arrived on the restored cluster of drill '${drill}'`,
      hint: `let it be seen: npm run arrival -- --drill ${drill}`,
    });
  }
  const sinceMs = (now - Math.max(...awayAt)) / 1000;
  if (sinceMs >= waitMs) return accept(undefined);
  return refuse({
    reason: 'too-early',
    message: `the application left the old cluster ${formatDuration(sinceMs)} ago, expected at least ${formatDuration(waitMs)}`,
    hint: 'wait: until then it is the quickest way back, and the only place of the writes that were given up; --after shortens the wait',
  });
}

/** RDS refuses the end of a protected cluster only when its instances are gone already. */
export function checkUnprotected({
  identifier,
  deletionProtection,
}: Pick<DoomedCluster, 'identifier' | 'deletionProtection'>): Outcome<
  undefined,
  Refusal<'deletion-protected'>
> {
  if (!deletionProtection) return accept(undefined);
  return refuse({
    reason: 'deletion-protected',
    message: `DB cluster '${identifier}' is protected from deletion`,
    hint: `whoever decides that it may end takes that off: aws rds modify-db-cluster --db-cluster-identifier ${identifier} --no-deletion-protection --apply-immediately`,
  });
}

function checkIdle(clusters: readonly DoomedCluster[]): Outcome<undefined, Refusal<'connections-open'>> {
  const busy = clusters.find(({ sessions }) => sessions !== null);
  if (busy === undefined) return accept(undefined);
  return refuse({
    reason: 'connections-open',
    message: `DB cluster '${busy.identifier}' has sessions: ${busy.sessions ?? ''}`,
    hint: 'find out who still needs it, and end those sessions first',
  });
}
