import type { PlannedCluster } from '../artefacts/restore-plan';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import type { ChosenMethod } from './choose-method';
import type { SettingChoices } from './setting-choices';
import type { SourceCluster } from './source-cluster';

/** Where the credentials lead to. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export function checkEngine(
  source: SourceCluster,
): Outcome<PlannedCluster['source']['engine'], Refusal<'unsupported-engine'>> {
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
export function checkPlace(
  source: SourceCluster,
  place: Place,
): Outcome<undefined, Refusal<'foreign-cluster'>> {
  const [, , , region, account] = source.arn.split(':');
  if (region === place.region && account === place.account) return accept(undefined);
  return refuse({
    reason: 'foreign-cluster',
    message: `DB cluster '${source.identifier}' belongs to account ${account ?? '?'} in ${region ?? '?'}, the credentials to ${place.account} in ${place.region}`,
    hint: 'use credentials and AWS_REGION of the account that owns the cluster',
  });
}

export type StatusRefusal = Refusal<'source-not-restorable'>;

/** RDS answers a restore with InvalidDBClusterStateFault, or cannot read the storage; every other status only delays it. */
const NOT_RESTORABLE: Readonly<Record<string, string>> = {
  creating: 'wait until it is available',
  deleting: 'wait until it is deleted, then plan again by its retained backups or a snapshot',
  'inaccessible-encryption-credentials': 'enable its KMS key again, or let these credentials use it',
  'inaccessible-encryption-credentials-recoverable':
    'enable its KMS key again, or let these credentials use it, then start the cluster',
};

/** Whether RDS restores this cluster in time at all as it is now: a stopped or a failing one, too. */
export function checkStatus({
  identifier,
  status,
}: Pick<SourceCluster, 'identifier' | 'status'>): Outcome<undefined, StatusRefusal> {
  const hint = NOT_RESTORABLE[status];
  if (hint === undefined) return accept(undefined);
  const message = `DB cluster '${identifier}' is ${status}: it cannot be restored in time like this`;
  return refuse({ reason: 'source-not-restorable', message, hint });
}

/**
 * A snapshot of an older major version keeps it, and no parameter group of another family fits.
 * Source: RDS API, RestoreDBClusterFromSnapshot, EngineVersion and DBClusterParameterGroupName.
 */
export function checkFamily(
  source: SourceCluster,
  method: ChosenMethod,
  { parameterGroup, instanceParameterGroup }: SettingChoices,
): Outcome<undefined, Refusal<'parameter-group-of-another-family'>> {
  if (method.kind === 'point-in-time' || source.deleted) return accept(undefined);
  if (parameterGroup !== undefined && instanceParameterGroup !== undefined) return accept(undefined);
  const { identifier, cluster } = method.snapshot;
  if (majorOf(cluster) === majorOf(source)) return accept(undefined);
  return refuse({
    reason: 'parameter-group-of-another-family',
    message: `snapshot '${identifier}' is of ${cluster.engine} ${cluster.engineVersion}, but the parameter groups of DB cluster '${source.identifier}' are for ${source.engineVersion}`,
    hint: 'choose groups of its family with --parameter-group and --instance-parameter-group',
  });
}

/** Such as `8.0` of `8.0.mysql_aurora.3.08.2`, and `16` of PostgreSQL's `16.4`. */
function majorOf({ engine, engineVersion }: Pick<SourceCluster, 'engine' | 'engineVersion'>): string {
  const parts = engine === 'aurora-postgresql' ? 1 : 2;
  return engineVersion.split('.').slice(0, parts).join('.');
}

/**
 * The key of the restored storage: the chosen one, else the source's, else the snapshot's, which
 * RDS keeps; null where it is not encrypted.
 */
export function planKey(
  source: SourceCluster,
  method: ChosenMethod,
  { kmsKeyId: chosen }: SettingChoices,
): string | null {
  const kept = method.kind === 'snapshot' ? method.snapshot.cluster.kmsKeyId : null;
  return chosen ?? source.kmsKeyId ?? kept;
}

/**
 * Whether the restored storage is encrypted, or a person knows that it is not. A restore in time
 * of unencrypted storage cannot encrypt it; one from a snapshot can.
 * Source: RDS API, RestoreDBClusterToPointInTime and RestoreDBClusterFromSnapshot, KmsKeyId.
 */
export function checkEncryption(
  source: SourceCluster,
  method: ChosenMethod,
  choices: SettingChoices,
  acceptUnencrypted: boolean,
): Outcome<undefined, Refusal<'unencrypted'>> {
  if (method.kind === 'point-in-time' && source.kmsKeyId === null && choices.kmsKeyId !== undefined) {
    return refuse({
      reason: 'unencrypted',
      message: `DB cluster '${source.identifier}' is not encrypted, and a restore in time cannot change that`,
      hint: 'leave out --kms-key and say --accept-unencrypted, or restore from a snapshot with --method snapshot',
    });
  }
  if (planKey(source, method, choices) !== null || acceptUnencrypted) return accept(undefined);
  return refuse({
    reason: 'unencrypted',
    message: `DB cluster '${source.identifier}' is not encrypted, so the restored one would not be either`,
    hint: 'say --accept-unencrypted if that is meant; --method snapshot --kms-key ARN encrypts it, at the cost of what was committed since the snapshot',
  });
}
