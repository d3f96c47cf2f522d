import type { PlannedCluster } from '../artefacts/restore-plan';
import { accept, type Outcome } from '../errors';
import type { ClusterRefusal, RdsReader } from './rds';
import type { BackupReader } from './rds-backups';
import type { Origin } from './still-restorable';

/** What an approved cluster is to be restored from, as RDS shows it now. */
export async function fetchOrigin(
  rds: RdsReader,
  backups: BackupReader,
  { method, source }: PlannedCluster,
): Promise<Outcome<Origin, ClusterRefusal>> {
  if (method.kind === 'snapshot') {
    const snapshot = await backups.fetchSnapshot(source.clusterIdentifier, method.snapshot.arn);
    return accept({ kind: 'snapshot', snapshot });
  }
  if (source.deleted) {
    const [backup] = await backups.fetchBackups({ resourceId: source.resourceId });
    return accept({ kind: 'backup', backup });
  }
  const cluster = await rds.fetchCluster(source.clusterIdentifier);
  return cluster.ok ? accept({ kind: 'cluster', source: cluster.value }) : cluster;
}
