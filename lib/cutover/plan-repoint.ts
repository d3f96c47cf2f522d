import type { RepointPlan, RestorePlan, Verification } from '../artefacts';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { formatInstant, type EpochMicros } from '../time';
import { checkVerified } from './appliable';
import type { Parameter } from './ssm';

type Target = RepointPlan['targets'][number];
export type RepointPlanBody = Omit<RepointPlan, 'schemaVersion'>;

/** Everything that the repoint is decided from. */
export interface RepointFacts {
  readonly restorePlan: RestorePlan;
  readonly restorePlanSha256: string;
  readonly verification: Verification;
  readonly verificationSha256: string;
  readonly account: string;
  readonly region: string;
  /** The targets as they are now: those asked for, and those of the previous plan. */
  readonly parameters: readonly Parameter[];
  /** The drill's repoint plan so far, which holds the values from before the first repoint. */
  readonly previous: RepointPlan | undefined;
  readonly now: EpochMicros;
}

export type RepointRefusal = Refusal<
  | 'not-verified'
  | 'foreign-account'
  | 'no-targets'
  | 'unsupported-parameter-type'
  | 'unexpected-value'
  | 'nothing-to-take-back'
>;

/** The plan, and what each target holds now, for showing what an apply changes. */
export interface PlannedRepoint {
  readonly plan: RepointPlanBody;
  readonly changes: readonly { readonly name: string; readonly from: string; readonly to: string }[];
}

/**
 * Decides what a repoint sets. Forward needs a passed verification of this very restore plan; back
 * takes the saved values and needs none. A target that holds neither the source's endpoint nor a
 * value of this drill was changed by someone else, and is refused unless `anyValue`.
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

  const targets: Target[] = [];
  const changes: { name: string; from: string; to: string }[] = [];
  for (const parameter of facts.parameters) {
    const target = planTarget(parameter, facts, anyValue);
    if (!target.ok) return target;
    const { name, oldValue, newValue } = target.value;
    targets.push(target.value);
    changes.push({ name, from: parameter.value, to: direction === 'forward' ? newValue : oldValue });
  }
  return accept({
    plan: {
      drill: facts.restorePlan.drill,
      madeAt: formatInstant(facts.now),
      madeFrom: {
        'restore-plan.json': facts.restorePlanSha256,
        'verification.json': facts.verificationSha256,
      },
      account: facts.account,
      region: facts.region,
      direction,
      targets,
    },
    changes,
  });
}

function checkForward({
  restorePlan: { drill },
  verification,
  parameters,
}: RepointFacts): Outcome<undefined, Refusal<'not-verified' | 'no-targets'>> {
  if (parameters.length > 0) return checkVerified(verification);
  return refuse({
    reason: 'no-targets',
    message: 'nothing to repoint was named',
    hint: `name what holds the application's database host, such as 'npm run plan-repoint -- --drill ${drill} --ssm-parameter /app/db/host'`,
  });
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
  { name, type, value: present }: Parameter,
  { restorePlan: { source }, verification: { restored }, previous }: RepointFacts,
  anyValue: boolean,
): Outcome<Target, Refusal<'unsupported-parameter-type' | 'unexpected-value'>> {
  if (type !== 'String') {
    return refuse({
      reason: 'unsupported-parameter-type',
      message: `SSM parameter '${name}' is a ${type}, expected a String`,
      hint: 'keep the host in a parameter of its own, apart from secrets and lists',
    });
  }
  const saved = previous?.targets.find((target) => target.name === name);
  const known = saved?.oldValue ?? present;
  const [sourceValue, newValue] = endpointsMeant(known, source, restored);

  const ofThisDrill = [sourceValue, newValue, saved?.oldValue, saved?.newValue];
  if (!ofThisDrill.includes(present) && !anyValue) {
    return refuse({
      reason: 'unexpected-value',
      message: `SSM parameter '${name}' holds '${present}', expected '${sourceValue}', the endpoint of the source cluster`,
      hint: `check that it is the right parameter; if it is, plan again with --any-value`,
    });
  }
  const before = present === newValue ? sourceValue : present;
  return accept({ kind: 'ssm-parameter', name, type, oldValue: saved?.oldValue ?? before, newValue });
}

type Endpoints = Pick<RestorePlan['source'], 'endpoint' | 'readerEndpoint'>;

/** Source's and restored endpoint of the kind that a target holds: the reader's where it holds a reader's, else the writer's. */
function endpointsMeant(held: string, source: Endpoints, restored: Endpoints): [from: string, to: string] {
  const writers: [string, string] = [source.endpoint, restored.endpoint];
  if (source.readerEndpoint === null || restored.readerEndpoint === null) return writers;
  const readers: [string, string] = [source.readerEndpoint, restored.readerEndpoint];
  return readers.includes(held) && !writers.includes(held) ? readers : writers;
}
