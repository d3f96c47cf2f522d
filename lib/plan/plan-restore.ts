import type { Incident, RestorePlan } from '../artefacts';
import { accept, refuse, valueOf, type Outcome, type Refusal } from '../errors';
import { formatDuration, formatInstant, formatWholeSecond, parseInstant, type EpochMicros } from '../time';
import { describeDifferences } from './differences';
import { planExpiry } from './expiry';
import { planNames, type NameRefusal } from './names';
import { planInstanceCount, planSettings, type InstanceRefusal, type InstanceWish } from './settings';
import type { SourceCluster, TakenNames } from './source-cluster';
import { checkWindow, type WindowRefusal } from './window';

/** Everything that the plan is decided from. */
export interface PlanFacts {
  readonly drill: string;
  readonly incident: Pick<Incident, 'cluster' | 'restoreTo' | 'effect'>;
  readonly incidentSha256: string;
  readonly account: string;
  readonly region: string;
  readonly source: SourceCluster;
  readonly taken: TakenNames;
  readonly now: EpochMicros;
}

export interface PlanWishes {
  readonly instances: InstanceWish;
  /** Overrides the name that is made from source and drill. */
  readonly clusterIdentifier: string | undefined;
  readonly validForMs: number;
  /** The restored cluster is meant to stay: it is protected, and no tag says that it expires. */
  readonly earnest?: boolean;
}

export type PlanRefusal =
  WindowRefusal | NameRefusal | InstanceRefusal | Refusal<'unsupported-engine' | 'foreign-cluster'>;

export type RestorePlanBody = Omit<RestorePlan, 'schemaVersion'>;

/** Decides the whole restore. Showing the plan and carrying it out both use what this returns. */
export function planRestore(facts: PlanFacts, wishes: PlanWishes): Outcome<RestorePlanBody, PlanRefusal> {
  const { drill, incident, source, now } = facts;
  const restoreTo = valueOf(parseInstant(incident.restoreTo));

  const engine = checkEngine(source);
  if (!engine.ok) return engine;
  const place = checkPlace(facts);
  if (!place.ok) return place;
  const window = checkWindow(source, restoreTo, now);
  if (!window.ok) return window;
  const count = planInstanceCount(source, wishes.instances);
  if (!count.ok) return count;
  const names = planNames(source.identifier, drill, count.value, facts.taken, wishes.clusterIdentifier);
  if (!names.ok) return names;
  const expiresAt = planExpiry(now, wishes.validForMs, restoreTo, source.backupRetentionDays);

  const tags = {
    'restore-drill': drill,
    'restore-drill-source': source.identifier,
    'restore-drill-point': incident.restoreTo,
    ...(wishes.earnest === true ? {} : { 'restore-drill-expires': formatWholeSecond(expiresAt) }),
  };
  const restored = planSettings(source, names.value, wishes.instances, tags, wishes.earnest);
  const damagedAt = valueOf(parseInstant(incident.effect.latestAt));
  return accept({
    drill,
    madeAt: formatInstant(now),
    expiresAt: formatWholeSecond(expiresAt),
    madeFrom: { 'incident.json': facts.incidentSha256 },
    account: facts.account,
    region: facts.region,
    method: {
      kind: 'point-in-time',
      reason: `the restore point is inside the restorable window, so of what others committed before the damage at most the last ${formatDuration((damagedAt - restoreTo) / 1000)} are lost`,
    },
    restoreTo: formatWholeSecond(restoreTo),
    window: {
      earliestAt: formatInstant(window.value.earliestAt),
      latestAt: formatInstant(window.value.latestAt),
      checkedAt: formatInstant(window.value.checkedAt),
    },
    source: {
      clusterIdentifier: source.identifier,
      resourceId: source.resourceId,
      arn: source.arn,
      engine: engine.value,
      engineVersion: source.engineVersion,
      endpoint: source.endpoint,
      readerEndpoint: source.readerEndpoint,
      port: source.port,
    },
    restored,
    differences: describeDifferences(source, restored),
  });
}

function checkEngine(
  source: SourceCluster,
): Outcome<RestorePlan['source']['engine'], Refusal<'unsupported-engine'>> {
  if (source.engine === 'aurora-mysql' || source.engine === 'aurora-postgresql') {
    if (source.engineMode === 'provisioned') return accept(source.engine);
  }
  return refuse({
    reason: 'unsupported-engine',
    message: `DB cluster '${source.identifier}' is ${source.engine} (${source.engineMode}), expected aurora-mysql or aurora-postgresql (provisioned)`,
    hint: 'restore it by hand: this tool knows Aurora clusters with instances only',
  });
}

/** A cluster's ARN names its account and region: credentials for another account must not plan its restore. */
function checkPlace(facts: PlanFacts): Outcome<undefined, Refusal<'foreign-cluster'>> {
  const [, , , region, account] = facts.source.arn.split(':');
  if (region === facts.region && account === facts.account) return accept(undefined);
  return refuse({
    reason: 'foreign-cluster',
    message: `DB cluster '${facts.source.identifier}' belongs to account ${account ?? '?'} in ${region ?? '?'}, the credentials to ${facts.account} in ${facts.region}`,
    hint: 'use credentials and AWS_REGION of the account that owns the cluster',
  });
}
