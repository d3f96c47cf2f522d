import { setTimeout as sleep } from 'node:timers/promises';
import { interrupted, output } from '../../lib/cli';
import { valueOf } from '../../lib/errors';
import type { RdsReader } from '../../lib/plan/rds';
import type { Backtrack, Backtracker } from '../../lib/plan/rds-backtrack';

const POLL_MS = 2000;

/** Waits until the rewind is over and the cluster available again; Ctrl-C stops the waiting, not the rewind. */
export async function rewind(
  backtracker: Backtracker,
  rds: RdsReader,
  force: boolean,
  planned: Parameters<Backtracker['start']>[0],
): Promise<Backtrack> {
  const { clusterIdentifier } = planned;
  const task = output.task(`rewinding ${clusterIdentifier}`);
  try {
    for (let backtrack = await backtracker.start(planned, force); ;) {
      const { status } = valueOf(await rds.fetchCluster(clusterIdentifier));
      task.update(`rewinding ${clusterIdentifier}: ${backtrack.status}, the cluster is ${status}`);
      if (backtrack.status === 'failed') throw new Error(`RDS says that the rewind failed`);
      if (backtrack.status === 'completed' && status === 'available') return backtrack;
      await sleep(POLL_MS, undefined, { signal: interrupted });
      backtrack = await backtracker.fetch(clusterIdentifier, backtrack.identifier);
    }
  } finally {
    task.stop();
  }
}
