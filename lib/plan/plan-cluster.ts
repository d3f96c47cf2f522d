import type { PlannedCluster } from '../artefacts/restore-plan';
import { accept, type Outcome, type Refusal } from '../errors';
import { formatDuration, formatInstant, formatWholeSecond, type EpochMicros } from '../time';
import { planBacktrack } from './backtrack';
import { checkEncryption, checkEngine, checkFamily, planKey, type Place } from './check-source';
import type { ChosenMethod } from './choose-method';
import { describeDifferences } from './differences';
import { planNames, type NameRefusal } from './names';
import {
  planInstanceCount,
  planSettings,
  withInstances,
  type InstanceRefusal,
  type InstanceWish,
} from './settings';
import type { SettingChoices } from './setting-choices';
import type { SourceCluster, TakenNames } from './source-cluster';

/** What is decided for all clusters of a drill alike. */
export interface CommonFacts extends Place {
  readonly drill: string;
  readonly restoreTo: EpochMicros;
  readonly damagedAt: EpochMicros;
  readonly expiresAt: EpochMicros;
  readonly now: EpochMicros;
}

export interface ClusterWishes {
  readonly instances: InstanceWish;
  /** Overrides the name that is made from source and drill. */
  readonly clusterIdentifier: string | undefined;
  /** The restored cluster is meant to stay: it is protected, and no tag says that it expires. */
  readonly earnest?: boolean;
  readonly choices?: SettingChoices;
  /** An unencrypted source comes out unencrypted: only where a person says that this is known. */
  readonly acceptUnencrypted?: boolean;
}

/** One source, and how it is to be restored. */
export interface ClusterFacts {
  readonly source: SourceCluster;
  readonly method: ChosenMethod;
}

export type ClusterPlanRefusal =
  | NameRefusal
  | InstanceRefusal
  | Refusal<'unsupported-engine' | 'unencrypted' | 'parameter-group-of-another-family'>;

/** Decides the restore of one source cluster. */
export function planCluster(
  facts: ClusterFacts,
  taken: TakenNames,
  common: CommonFacts,
  wishes: ClusterWishes,
): Outcome<PlannedCluster, ClusterPlanRefusal> {
  const { drill, restoreTo, damagedAt, expiresAt, now } = common;
  const { method } = facts;
  const source = withInstances(facts.source, wishes.instances, wishes.choices);
  const engine = checkEngine(source);
  if (!engine.ok) return engine;
  const { choices = {}, acceptUnencrypted = false } = wishes;
  const encryption = checkEncryption(source, method, choices, acceptUnencrypted);
  if (!encryption.ok) return encryption;
  const family = checkFamily(source, method, choices);
  if (!family.ok) return family;
  const dataAt = method.kind === 'snapshot' ? method.createdAt : restoreTo;
  const count = planInstanceCount(source, wishes.instances);
  if (!count.ok) return count;
  const names = planNames(
    source.identifier,
    drill,
    count.value,
    taken,
    wishes.clusterIdentifier,
    wishes.earnest,
  );
  if (!names.ok) return names;

  const tags = {
    'restore-drill': drill,
    'restore-drill-source': source.identifier,
    'restore-drill-point': formatData(dataAt),
    ...(wishes.earnest === true ? {} : { 'restore-drill-expires': formatWholeSecond(expiresAt) }),
  };
  const restored = planSettings(source, names.value, wishes.instances, tags, wishes.earnest, {
    ...choices,
    kmsKeyId: planKey(source, method, choices) ?? undefined,
  });
  return accept({
    method: describeMethod(method),
    dataAt: formatData(dataAt),
    loses: describeLoss(method, dataAt, damagedAt),
    window:
      source.earliestRestorableAt === null || source.latestRestorableAt === null
        ? null
        : {
            earliestAt: formatInstant(source.earliestRestorableAt),
            latestAt: formatInstant(source.latestRestorableAt),
            checkedAt: formatInstant(now),
          },
    source: {
      clusterIdentifier: source.identifier,
      resourceId: source.resourceId,
      arn: source.arn,
      deleted: source.deleted,
      engine: engine.value,
      engineVersion: source.engineVersion,
      endpoint: source.endpoint,
      readerEndpoint: source.readerEndpoint,
      port: source.port,
    },
    restored,
    backtrack: describeBacktrack(source, common),
    differences: [
      ...describeDifferences(source, restored),
      ...versionDifference(source, method),
      ...earlierCluster(source, method),
      ...(facts.source.instances.length > 0
        ? []
        : ['the source has no instance: those of the restored cluster are as chosen, else as RDS defaults']),
    ],
  });
}

function describeMethod(method: ChosenMethod): PlannedCluster['method'] {
  if (method.kind === 'point-in-time') return { kind: method.kind, reason: method.reason };
  const { identifier, arn, type, cluster } = method.snapshot;
  const createdAt = formatData(method.createdAt);
  const { engineVersion } = cluster;
  return {
    kind: method.kind,
    reason: method.reason,
    snapshot: { identifier, arn, type, createdAt, engineVersion },
  };
}

function describeLoss(method: ChosenMethod, dataAt: EpochMicros, damagedAt: EpochMicros): string {
  const lost = formatDuration((damagedAt - dataAt) / 1000);
  return method.kind === 'point-in-time'
    ? `what others committed in the last ${lost} before the damage, at most`
    : `everything that was committed from ${formatData(dataAt)}, when the snapshot was made, to the damage: ${lost} of everyone's work`;
}

function describeBacktrack(
  source: SourceCluster,
  { drill, restoreTo, now }: CommonFacts,
): PlannedCluster['backtrack'] {
  const planned = planBacktrack(source, restoreTo, now);
  if (!planned.ok) return null;
  return {
    earliestAt: formatInstant(planned.value.earliestAt),
    to: formatWholeSecond(restoreTo),
    command: `npm run backtrack -- --drill ${drill} --cluster ${source.identifier} --execute --yes-rewind ${source.identifier}`,
  };
}

function versionDifference(source: SourceCluster, method: ChosenMethod): string[] {
  if (method.kind === 'point-in-time') return [];
  const { engineVersion } = method.snapshot.cluster;
  if (engineVersion === source.engineVersion) return [];
  return [`engine version ${engineVersion}, as the snapshot has it (the source has ${source.engineVersion})`];
}

/** A name can have been given to several clusters, one after the other. */
function earlierCluster({ identifier, resourceId }: SourceCluster, method: ChosenMethod): string[] {
  if (method.kind === 'point-in-time') return [];
  const { cluster } = method.snapshot;
  if (cluster.resourceId === resourceId) return [];
  return [
    `the data is of another DB cluster that was named ${identifier}: the snapshot is of ${cluster.resourceId} (the source is ${resourceId})`,
  ];
}

/** Whole seconds as such: that is how a restore point is written everywhere. */
function formatData(at: EpochMicros): string {
  return at % 1_000_000 === 0 ? formatWholeSecond(at) : formatInstant(at);
}
