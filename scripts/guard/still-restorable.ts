import { RDSClient } from '@aws-sdk/client-rds';
import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import { valueOf } from '../../lib/errors';
import { checkNamesFree, type CreatedNames } from '../../lib/plan/names';
import { fetchOrigin } from '../../lib/plan/rds-origin';
import { RdsReader } from '../../lib/plan/rds';
import { BackupReader } from '../../lib/plan/rds-backups';
import { checkStillRestorable } from '../../lib/plan/still-restorable';
import { microsFromMillis } from '../../lib/time';

/**
 * Asks RDS again whether every cluster of the plan can still be restored as approved, under the
 * names that are to be `created`.
 * @throws RefusalError where one cannot
 */
export async function requireStillRestorable(plan: RestorePlan, created: CreatedNames): Promise<void> {
  const client = new RDSClient({ region: plan.region });
  const rds = new RdsReader(client);
  const backups = new BackupReader(client);
  valueOf(checkNamesFree(plan.drill, created, await rds.fetchTaken()));
  for (const cluster of plan.clusters) {
    const origin = await fetchOrigin(rds, backups, cluster);
    valueOf(checkStillRestorable(plan, cluster, valueOf(origin), microsFromMillis(Date.now())));
  }
}
