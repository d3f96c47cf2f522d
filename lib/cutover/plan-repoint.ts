import type { RepointPlan } from '../artefacts/repoint-plan';
import type { RestorePlan } from '../artefacts/restore-plan';
import type { Verification, VerifiedCluster } from '../artefacts/verification';
import { accept, refuse, unreachable, type Outcome, type Refusal } from '../errors';
import { formatInstant, type EpochMicros } from '../time';
import { checkVerified } from './appliable';
import { locateHost, type Document, type EditRefusal } from './edit-document';
import { isHostName } from './host-in-text';
import { describeTarget, identityOf, pathOf } from './targets';
import { locateValue } from './value-in-document';

type Target = RepointPlan['targets'][number];
export type RepointPlanBody = Omit<RepointPlan, 'schemaVersion'>;

/** A target as it is now; its text may hold secrets. */
export type FoundTarget = { readonly name: string; readonly document: Document } & (
  | { readonly kind: 'ssm-parameter'; readonly type: string }
  | { readonly kind: 'dns-record'; readonly zoneId: string; readonly ttlSeconds: number }
  | { readonly kind: 'secret'; readonly key: string | null }
  | {
      readonly kind: 'appconfig';
      readonly key: string | null;
      readonly applicationId: string;
      readonly environmentId: string;
      readonly profileId: string;
      readonly deploymentStrategy: string;
    }
);

/** Everything that the repoint is decided from. */
export interface RepointFacts {
  readonly restorePlan: RestorePlan;
  readonly restorePlanSha256: string;
  /** Undefined where there is none of this very restore plan. */
  readonly verification: { readonly value: Verification; readonly sha256: string } | undefined;
  /** Why to go on without a passed verification; undefined where nobody wants that. */
  readonly override: string | undefined;
  /** In the order of the restore plan's clusters. Not needed for the way back. */
  readonly restored: readonly Pick<VerifiedCluster['restored'], 'endpoint' | 'readerEndpoint'>[];
  readonly account: string;
  readonly region: string;
  /** Those asked for, and those of the previous plan. */
  readonly found: readonly FoundTarget[];
  /** The drill's repoint plan so far, which holds the hosts from before the first repoint. */
  readonly previous: RepointPlan | undefined;
  readonly now: EpochMicros;
}

export type RepointRefusal =
  | EditRefusal
  | Refusal<
      | 'not-verified'
      | 'foreign-account'
      | 'no-targets'
      | 'unsupported-parameter-type'
      | 'nothing-to-take-back'
    >;

/** The plan, and which host each target holds now, for showing what an apply changes. */
export interface PlannedRepoint {
  readonly plan: RepointPlanBody;
  readonly changes: readonly { readonly target: Target; readonly from: string; readonly to: string }[];
}

/**
 * Decides what a repoint sets. Forward needs a passed verification of this very restore plan, or a
 * reason to do without; back takes the saved hosts and needs neither. Within each target it is the
 * host alone that changes. A target that holds neither a source's host nor one of this drill was
 * changed by someone else, and is refused unless `anyValue` and it is nothing but a host.
 */
export function planRepoint(
  facts: RepointFacts,
  direction: RepointPlan['direction'],
  anyValue: boolean,
): Outcome<PlannedRepoint, RepointRefusal> {
  const allowed = direction === 'forward' ? checkForward(facts) : checkBack(facts);
  if (!allowed.ok) return allowed;
  const place = checkPlace(facts);
  if (!place.ok) return place;

  const changes: { target: Target; from: string; to: string }[] = [];
  for (const found of facts.found) {
    const planned = planTarget(found, facts, direction, anyValue);
    if (!planned.ok) return named(found, planned);
    const { target, holds } = planned.value;
    const to = direction === 'forward' ? target.newValue : target.oldValue;
    changes.push({ target, from: holds, to });
  }
  const { restorePlan, verification } = facts;
  return accept({
    plan: {
      drill: restorePlan.drill,
      madeAt: formatInstant(facts.now),
      madeFrom: {
        'restore-plan.json': facts.restorePlanSha256,
        ...(direction === 'back' || verification === undefined
          ? {}
          : { 'verification.json': verification.sha256 }),
      },
      account: facts.account,
      region: facts.region,
      direction,
      ...overriding(facts, direction),
      targets: changes.map(({ target }) => target),
    },
    changes,
  });
}

function checkForward({
  restorePlan: { drill },
  verification,
  override,
  found,
}: RepointFacts): Outcome<undefined, Refusal<'not-verified' | 'no-targets'>> {
  if (found.length > 0) {
    return override === undefined ? checkVerified(drill, verification?.value) : accept(undefined);
  }
  return refuse({
    reason: 'no-targets',
    message: 'nothing to repoint was named',
    hint: `name what holds the application's database host, such as 'npm run plan-repoint -- --drill ${drill} --ssm-parameter /app/db/host'`,
  });
}

/** An override that nothing stands against is none. */
function overriding(
  { restorePlan: { drill }, verification, override }: RepointFacts,
  direction: RepointPlan['direction'],
): Pick<RepointPlanBody, 'overriddenVerification'> {
  if (direction === 'back' || override === undefined) return {};
  const verified = checkVerified(drill, verification?.value);
  return verified.ok
    ? {}
    : { overriddenVerification: { reason: override, instead: verified.refusal.message } };
}

function checkBack({
  restorePlan: { drill },
  previous,
}: RepointFacts): Outcome<undefined, Refusal<'nothing-to-take-back'>> {
  if (previous !== undefined) return accept(undefined);
  return refuse({
    reason: 'nothing-to-take-back',
    message: `drill '${drill}' has no repoint plan, so no values from before it`,
    hint: 'there is nothing to undo unless its repoint-plan.json was removed: bring that back from version control',
  });
}

function checkPlace({
  restorePlan,
  account,
  region,
}: RepointFacts): Outcome<undefined, Refusal<'foreign-account'>> {
  if (account === restorePlan.account && region === restorePlan.region) return accept(undefined);
  return refuse({
    reason: 'foreign-account',
    message: `the credentials are for account ${account} in ${region}, the restore plan is for ${restorePlan.account} in ${restorePlan.region}`,
    hint: 'use credentials and AWS_REGION of the account that holds the restored cluster',
  });
}

function planTarget(
  found: FoundTarget,
  facts: RepointFacts,
  direction: RepointPlan['direction'],
  anyValue: boolean,
): Outcome<{ target: Target; holds: string }, RepointRefusal> {
  if (found.kind === 'ssm-parameter' && !['String', 'SecureString'].includes(found.type)) {
    return refuse({
      reason: 'unsupported-parameter-type',
      message: `it is a ${found.type}, expected a String or a SecureString`,
      hint: 'keep the host in a parameter of its own, apart from lists',
    });
  }
  const saved = facts.previous?.targets.find((target) => identityOf(target) === identityOf(found));
  const pairs = hostPairs(facts);
  const hosts = [
    ...pairs.flatMap(({ source, restored }) => [source, restored]),
    ...(saved === undefined ? [] : [saved.oldValue, saved.newValue]),
  ];
  const held = findHeld(found, hosts, anyValue);
  if (!held.ok) return held;
  const { host, asWritten, whole } = held.value;
  const pair =
    saved !== undefined && direction === 'back'
      ? { source: saved.oldValue, restored: saved.newValue }
      : pairOf(host, saved, pairs);
  if (pair === undefined) return unexpected(hosts);
  // names are of either case, and the way back is to leave every byte as it was
  const oldValue = saved === undefined && pair.source === host ? asWritten : pair.source;
  const target = toTarget(found, whole, { oldValue, newValue: pair.restored });
  return accept({ target, holds: asWritten });
}

interface HostPair {
  readonly source: string;
  readonly restored: string;
}

/**
 * Source's and restored host of the same kind, the writers first. A reader without a counterpart has
 * none: it must not become a writer in silence. A source that is deleted has no host any more.
 */
function hostPairs({ restorePlan, restored }: RepointFacts): HostPair[] {
  const pairs = (['endpoint', 'readerEndpoint'] as const).flatMap((kind) =>
    restorePlan.clusters.map(({ source }, i) => ({
      source: source[kind],
      restored: restored[i]?.[kind] ?? null,
    })),
  );
  return pairs.flatMap(({ source, restored: to }) =>
    source !== null && to !== null ? [{ source, restored: to }] : [],
  );
}

/** Which hosts a target goes back and forth between, from the one that it holds and those saved before. */
function pairOf(host: string, saved: Target | undefined, pairs: readonly HostPair[]): HostPair | undefined {
  const original = host === saved?.newValue ? saved.oldValue : host;
  const known = pairs.find(({ source, restored }) => source === original || restored === original);
  if (known !== undefined) return { source: saved?.oldValue ?? known.source, restored: known.restored };
  // a host that a person vouched for stands for the incident's writer
  const [writers] = pairs;
  return writers && { source: saved?.oldValue ?? host, restored: writers.restored };
}

function findHeld(
  { document, ...found }: FoundTarget,
  hosts: readonly string[],
  anyValue: boolean,
): Outcome<{ host: string; asWritten: string; whole: boolean }, EditRefusal> {
  const key = 'key' in found ? found.key : null;
  const held = locateHost(document, key, hosts);
  if (held.ok || held.refusal.reason !== 'unexpected-value') return held;
  const located = locateValue(document.text, document.format, pathOf(key));
  const value = located.ok ? located.value.value : '';
  // what was not looked for may be a secret, also where it looks like a host: it is not shown
  return anyValue && isHostName(value)
    ? accept({ host: value.toLowerCase(), asWritten: value, whole: true })
    : unexpected(hosts);
}

function unexpected(hosts: readonly string[]): Outcome<never, Refusal<'unexpected-value'>> {
  const expected = [...new Set(hosts)].map((host) => `'${host}'`).join(', ');
  return refuse({
    reason: 'unexpected-value',
    message: `it holds none of the hosts expected: ${expected === '' ? 'a host of the source cluster, which is deleted' : `one of ${expected}`}`,
    hint: 'check that it is the right target; if it is, and holds nothing but a host, plan again with --any-value',
  });
}

/** Terraform manages what is nothing but a host; what has a text around it is left to the journal. */
function toTarget(
  found: FoundTarget,
  whole: boolean,
  hosts: { readonly oldValue: string; readonly newValue: string },
): Target {
  const { name, document } = found;
  const { version } = document;
  switch (found.kind) {
    case 'ssm-parameter':
      if (found.type === 'String' && whole) return { kind: found.kind, name, type: 'String', ...hosts };
      return {
        kind: 'ssm-parameter-text',
        name,
        type: found.type === 'String' ? 'String' : 'SecureString',
        version,
        ...hosts,
      };
    case 'dns-record': {
      const { kind, zoneId, ttlSeconds } = found;
      return { kind, name, zoneId, ttlSeconds, ...hosts };
    }
    case 'secret':
      return { kind: found.kind, name, key: found.key, version, ...hosts };
    case 'appconfig': {
      const { kind, key, applicationId, environmentId, profileId, deploymentStrategy } = found;
      return {
        kind,
        name,
        key,
        applicationId,
        environmentId,
        profileId,
        deploymentStrategy,
        version,
        ...hosts,
      };
    }
    default:
      return unreachable(found);
  }
}

/** The refusal with the target's name in front. */
function named(
  found: FoundTarget,
  { refusal }: { readonly refusal: RepointRefusal },
): Outcome<never, RepointRefusal> {
  return refuse({ ...refusal, message: `${describeTarget(found)}: ${refusal.message}` });
}
