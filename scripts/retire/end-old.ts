import { setTimeout as sleep } from 'node:timers/promises';
import { interrupted, output } from '../../lib/cli';
import type { PlannedRetirement } from '../../lib/cutover/plan-retire';
import type { RdsDeletion } from '../../lib/cutover/rds-deletion';

const POLL_MS = 2000;

/** Waits until the clusters are gone and their final snapshots are whole; Ctrl-C stops the waiting, not the end of what RDS is deleting. */
export async function endOld(
  { clusters }: Extract<PlannedRetirement, { kind: 'old' }>,
  rds: RdsDeletion,
): Promise<void> {
  const task = output.task('ending the old clusters');
  try {
    for (const cluster of clusters) await rds.begin(cluster, cluster.finalSnapshot);
    for (const { identifier } of clusters) {
      for (let left = await rds.fetch(identifier); left !== undefined; left = await rds.fetch(identifier)) {
        task.update(`${identifier}: ${left.status}`);
        await sleep(POLL_MS, undefined, { signal: interrupted });
      }
    }
    for (const { finalSnapshot: name } of clusters) {
      let status = await rds.fetchSnapshotStatus(name);
      for (; status === 'creating'; status = await rds.fetchSnapshotStatus(name)) {
        task.update(`snapshot ${name}: ${status}`);
        await sleep(POLL_MS, undefined, { signal: interrupted });
      }
      if (status !== 'available') throw new Error(`the final snapshot ${name} is ${status ?? 'missing'}`);
    }
  } finally {
    task.stop();
  }
}
