import type { Incident } from '../artefacts/incident';
import type { PlannedCluster, RestorePlan } from '../artefacts/restore-plan';
import { accept, refuse, valueOf, type Outcome, type Refusal } from '../errors';
import { epochMicros, formatInstant, formatWholeSecond, parseInstant, type EpochMicros } from '../time';
import type { ClusterSnapshot } from './backups';
import { checkEngine, checkPlace, checkStatus, type StatusRefusal } from './check-source';
import { chooseMethod, type MethodRefusal, type MethodWish } from './choose-method';
import { checkHolds, planExpiry } from './expiry';
import { planCluster, type ClusterFacts, type ClusterPlanRefusal, type ClusterWishes } from './plan-cluster';
import type { SourceCluster, TakenNames } from './source-cluster';

/** One source, and its snapshots where the choice can fall on one (`needsSnapshots`). */
export interface SourceFacts {
  readonly source: SourceCluster;
  readonly snapshots?: readonly ClusterSnapshot[];
}

/** Everything that the plan is decided from. */
export interface PlanFacts extends SourceFacts {
  readonly drill: string;
  readonly incident: Pick<Incident, 'cluster' | 'restoreTo' | 'effect'>;
  readonly incidentSha256: string;
  readonly account: string;
  readonly region: string;
  /** Clusters beside the incident's, which are restored to the same instant. */
  readonly further?: readonly SourceFacts[];
  readonly taken: TakenNames;
  readonly now: EpochMicros;
}

/** The wishes are for every cluster, but a name or a certain snapshot for the incident's alone. */
export interface PlanWishes extends ClusterWishes {
  readonly validForMs: number;
  /** Undefined lets the facts decide. */
  readonly method?: MethodWish | undefined;
}

export type PlanRefusal =
  | MethodRefusal
  | ClusterPlanRefusal
  | StatusRefusal
  | Refusal<'cluster-named-twice' | 'foreign-cluster' | 'restore-point-leaves-window'>;

export type RestorePlanBody = Omit<RestorePlan, 'schemaVersion'>;

/** Decides the whole restore. Showing the plan and carrying it out both use what this returns. */
export function planRestore(facts: PlanFacts, wishes: PlanWishes): Outcome<RestorePlanBody, PlanRefusal> {
  const { drill, incident, account, region, now, further = [] } = facts;
  const once = checkNamedOnce([facts, ...further]);
  if (!once.ok) return once;
  const restoreTo = valueOf(parseInstant(incident.restoreTo));
  const damagedAt = valueOf(parseInstant(incident.effect.latestAt));

  const first = decideMethod(facts, facts, wishes.method, restoreTo);
  if (!first.ok) return first;
  const others: ClusterFacts[] = [];
  for (const one of further) {
    const decided = decideMethod(one, facts, forFurther(wishes.method), restoreTo);
    if (!decided.ok) return decided;
    others.push(decided.value);
  }
  const expiresAt = earliest([first.value, ...others], wishes.validForMs, restoreTo, now);
  const holds = checkHolds(expiresAt, restoreTo, now);
  if (!holds.ok) return holds;
  const common = { drill, restoreTo, damagedAt, expiresAt, account, region, now };

  const damaged = planCluster(first.value, facts.taken, common, wishes);
  if (!damaged.ok) return damaged;
  const clusters: RestorePlan['clusters'] = [damaged.value];
  for (const one of others) {
    const taken = withNamesOf(clusters, facts.taken);
    const planned = planCluster(one, taken, common, { ...wishes, clusterIdentifier: undefined });
    if (!planned.ok) return planned;
    clusters.push(planned.value);
  }
  return accept({
    drill,
    madeAt: formatInstant(now),
    expiresAt: formatWholeSecond(expiresAt),
    madeFrom: { 'incident.json': facts.incidentSha256 },
    account,
    region,
    restoreTo: formatWholeSecond(restoreTo),
    clusters,
  });
}

function decideMethod(
  { source, snapshots = [] }: SourceFacts,
  facts: PlanFacts,
  wish: MethodWish | undefined,
  restoreTo: EpochMicros,
): Outcome<ClusterFacts, PlanRefusal> {
  const engine = checkEngine(source);
  if (!engine.ok) return engine;
  const place = checkPlace(source, facts);
  if (!place.ok) return place;
  const method = chooseMethod(source, snapshots, restoreTo, wish, facts.now);
  if (!method.ok) return method;
  const status = method.value.kind === 'snapshot' ? accept(undefined) : checkStatus(source);
  return status.ok ? accept({ source, method: method.value }) : status;
}

/** What leaves its window first ends the plan; a snapshot has no window. */
function earliest(
  clusters: readonly ClusterFacts[],
  validForMs: number,
  restoreTo: EpochMicros,
  now: EpochMicros,
): EpochMicros {
  return epochMicros(
    Math.min(
      ...clusters.map(({ source, method }) =>
        planExpiry(
          now,
          validForMs,
          restoreTo,
          method.kind === 'snapshot' ? undefined : source.backupRetentionDays,
          source.earliestRestorableAt,
        ),
      ),
    ),
  );
}

/** A snapshot is of one cluster: the others get their own newest. */
function forFurther(method: MethodWish | undefined): MethodWish | undefined {
  return method?.kind === 'snapshot' ? { kind: 'snapshot', snapshot: undefined } : method;
}

function checkNamedOnce(
  clusters: readonly SourceFacts[],
): Outcome<undefined, Refusal<'cluster-named-twice'>> {
  const names = clusters.map(({ source }) => source.identifier);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return accept(undefined);
  return refuse({
    reason: 'cluster-named-twice',
    message: `DB cluster '${twice}' is named twice`,
    hint: "the incident's cluster is always restored: name only further ones with --with-cluster",
  });
}

/** What is planned already is as good as taken: the names of one drill must not collide among themselves. */
function withNamesOf(clusters: readonly PlannedCluster[], taken: TakenNames): TakenNames {
  return {
    clusters: new Set([...taken.clusters, ...clusters.map(({ restored }) => restored.clusterIdentifier)]),
    instances: new Set([
      ...taken.instances,
      ...clusters.flatMap(({ restored }) => restored.instances.map(({ identifier }) => identifier)),
    ]),
  };
}
