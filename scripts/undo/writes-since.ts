import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import { interrupted } from '../../lib/cli';
import { renderWritesSince } from '../../lib/cutover/render-writes-since';
import { fetchWritesAfter } from '../../lib/cutover/writes-after';
import { messageOf, valueOf } from '../../lib/errors';
import { parseInstant } from '../../lib/time';
import { DrillDatabases } from '../repoint/databases';
import { fetchRestoredNow } from '../repoint/clusters-now';

/**
 * What the application has written on the restored clusters: the way back leaves it there. Never
 * stands in the way, since that may be needed most where a cluster does not answer.
 */
export async function tellWritesSince(drill: string, plan: RestorePlan): Promise<string> {
  const databases = new DrillDatabases(plan, process.env);
  const after = valueOf(parseInstant(plan.restoreTo));
  try {
    const [restored, opened] = await Promise.all([fetchRestoredNow(drill, plan), databases.restored()]);
    const told = await Promise.all(
      opened.map(async (database, i) =>
        renderWritesSince(
          restored[i]?.clusterIdentifier ?? 'the restored cluster',
          await fetchWritesAfter(database, after, []),
        ),
      ),
    );
    return told.join('\n');
  } catch (error) {
    interrupted.throwIfAborted();
    return `Writes on the restored cluster since: UNKNOWN (${messageOf(error)})`;
  } finally {
    await databases.close();
  }
}
