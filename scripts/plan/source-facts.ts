import { accept, refuse, type Outcome, type Refusal } from '../../lib/errors';
import type { BackedUpCluster, ClusterSnapshot } from '../../lib/plan/backups';
import { needsSnapshots, type MethodWish } from '../../lib/plan/choose-method';
import { chooseBackup, deletedSource, type DeletedSourceRefusal } from '../../lib/plan/deleted-source';
import type { SourceFacts } from '../../lib/plan/plan-restore';
import type { ClusterRefusal, RdsReader } from '../../lib/plan/rds';
import type { BackupReader } from '../../lib/plan/rds-backups';
import type { SettingChoices } from '../../lib/plan/setting-choices';
import type { SourceCluster } from '../../lib/plan/source-cluster';
import type { EpochMicros } from '../../lib/time';

export interface SourceQuestion {
  readonly clusterIdentifier: string;
  /** Of a deleted cluster whose backups are retained; without it a living cluster comes first. */
  readonly resourceId: string | undefined;
  readonly restoreTo: EpochMicros;
  readonly method: MethodWish | undefined;
  readonly choices: SettingChoices;
  readonly instanceClass: string | undefined;
  readonly now: EpochMicros;
}

export type SourceFactsRefusal =
  ClusterRefusal | DeletedSourceRefusal | Refusal<'no-such-backup' | 'another-cluster'>;

/** What there is of one source: the living cluster, or what its backups tell of a deleted one. */
export async function fetchSourceFacts(
  rds: RdsReader,
  backups: BackupReader,
  asked: SourceQuestion,
): Promise<Outcome<SourceFacts, SourceFactsRefusal>> {
  const found = await findSource(rds, backups, asked);
  if (!found.ok) return found;
  const source = found.value;
  if (!needsSnapshots(source, asked.restoreTo, asked.method, asked.now)) return accept({ source });
  const snapshots = await fetchSnapshots(backups, source.identifier, asked.method);
  return accept({ source, snapshots });
}

async function findSource(
  rds: RdsReader,
  backups: BackupReader,
  asked: SourceQuestion,
): Promise<Outcome<SourceCluster, SourceFactsRefusal>> {
  const { clusterIdentifier, resourceId, choices, instanceClass } = asked;
  if (resourceId === undefined) {
    const living = await rds.fetchCluster(clusterIdentifier);
    if (living.ok) return living;
    const backup = chooseBackup(clusterIdentifier, await backups.fetchBackups({ clusterIdentifier }));
    if (!backup.ok) return backup;
    if (backup.value !== undefined) {
      return deletedSource(backup.value.cluster, backup.value, choices, instanceClass);
    }
    const [snapshot] = await fetchSnapshots(backups, clusterIdentifier, asked.method);
    if (snapshot === undefined) return living;
    if (!isNamed(snapshot.cluster, clusterIdentifier)) {
      return anotherCluster(`snapshot '${snapshot.identifier}' is`, snapshot.cluster, clusterIdentifier);
    }
    const noWindow = { earliestRestorableAt: null, latestRestorableAt: null, backupRetentionDays: 0 };
    return deletedSource(snapshot.cluster, noWindow, choices, instanceClass);
  }
  const [backup] = await backups.fetchBackups({ resourceId });
  if (backup?.status === 'retained') {
    if (!isNamed(backup.cluster, clusterIdentifier)) {
      return anotherCluster(`the backups of ${resourceId} are`, backup.cluster, clusterIdentifier);
    }
    return deletedSource(backup.cluster, backup, choices, instanceClass);
  }
  return refuse({
    reason: 'no-such-backup',
    message:
      backup === undefined
        ? `there are no retained backups of ${resourceId}`
        : `the backups of ${resourceId} are ${backup.status}, expected retained: DB cluster '${backup.cluster.identifier}' is not deleted`,
    hint:
      backup === undefined
        ? `list them with 'aws rds describe-db-cluster-automated-backups'`
        : 'leave out --resource-id',
  });
}

/** RDS takes a name in any case, and keeps it in lower case. */
function isNamed({ identifier }: BackedUpCluster, name: string): boolean {
  return identifier.toLowerCase() === name.toLowerCase();
}

function anotherCluster(
  what: string,
  { identifier }: BackedUpCluster,
  expected: string,
): Outcome<never, Refusal<'another-cluster'>> {
  return refuse({
    reason: 'another-cluster',
    message: `${what} of DB cluster '${identifier}', but the incident is of '${expected}'`,
    hint: `list what there is of it with 'aws rds describe-db-cluster-automated-backups --db-cluster-identifier ${expected}' and 'aws rds describe-db-cluster-snapshots --db-cluster-identifier ${expected}'`,
  });
}

/** A snapshot that is named by its ARN may be of another account, and is not listed among one's own. */
async function fetchSnapshots(
  backups: BackupReader,
  clusterIdentifier: string,
  method: MethodWish | undefined,
): Promise<readonly ClusterSnapshot[]> {
  const named = method?.kind === 'snapshot' ? method.snapshot : undefined;
  if (!named?.startsWith('arn:')) return backups.fetchSnapshots(clusterIdentifier);
  const snapshot = await backups.fetchSnapshot(clusterIdentifier, named);
  return snapshot === undefined ? [] : [snapshot];
}
