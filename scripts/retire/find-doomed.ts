import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import {
  checkSeesSessions,
  describeSessions,
  fetchApplicationSessions,
  type Session,
} from '../../lib/cutover/connections';
import type { DoomedCluster } from '../../lib/cutover/plan-retire';
import type { RdsDeletion } from '../../lib/cutover/rds-deletion';
import { valueOf } from '../../lib/errors';
import { connectBy, type DatabaseAddress } from '../verify/databases';

const STATEMENT_TIMEOUT_MS = 60_000;

/** The clusters that may end, by name, with who is connected to each: the old ones, or those that were restored. */
export async function findDoomed(
  plan: RestorePlan,
  old: boolean,
  rds: RdsDeletion,
  env: NodeJS.ProcessEnv,
): Promise<Map<string, DoomedCluster>> {
  const found = new Map<string, DoomedCluster>();
  for (const { source, restored } of plan.clusters) {
    const identifier = old ? source.clusterIdentifier : restored.clusterIdentifier;
    const cluster = await rds.fetch(identifier);
    if (cluster === undefined) continue;
    const { endpoint: host, port, addresses } = cluster;
    // a cluster without an instance, or whose last ones go, has nobody to ask, and nobody connected
    const sessions =
      host === null || cluster.instances.length === 0 || cluster.ending
        ? null
        : await sessionsOn(
            (addresses.length > 0 ? addresses : [{ host, port }]).map((address) => ({
              side: old ? 'source' : 'restored',
              engine: source.engine,
              ...address,
            })),
            env,
          );
    found.set(identifier, { ...cluster, sessions });
  }
  return found;
}

/** Each instance tells of its own sessions alone, so that a reader may be in use while the writer is idle. */
async function sessionsOn(
  addresses: readonly DatabaseAddress[],
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  const connect = connectBy(env);
  const sessions: Session[] = [];
  for (const address of addresses) {
    const database = await connect(address, STATEMENT_TIMEOUT_MS);
    try {
      valueOf(await checkSeesSessions(database));
      sessions.push(...(await fetchApplicationSessions(database)));
    } finally {
      await database.close();
    }
  }
  return sessions.length === 0 ? null : describeSessions(sessions);
}
