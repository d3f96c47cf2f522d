import { setTimeout as sleep } from 'node:timers/promises';
import type { Fence } from '../artefacts/fence';
import type { RestorePlan } from '../artefacts/restore-plan';
import { accept, refuse, unreachable, type Outcome, type Refusal } from '../errors';
import { QueryError, type Database } from '../verify/database';
import type { Account } from './account-control';
import { accountControl, fetchOpenAccounts } from './accounts';
import type { ClusterNetworks } from './cluster-network';
import { checkSeesSessions, describeSessions, fetchApplicationSessions, ofUsers } from './connections';

export type FencedCluster = Fence['clusters'][number];
type ByGroup = Extract<FencedCluster, { by: 'security-group' }>;

/** How the old clusters are to be kept from being written to. */
export type FenceWish =
  | { readonly by: 'security-group'; readonly isolatedGroupId: string }
  | { readonly by: 'revoke'; readonly users: readonly string[] };

export interface FenceTools {
  /** By the name that the plan has for a cluster, whatever it is called now. */
  readonly networks: Pick<ClusterNetworks, 'fetch' | 'set'>;
  /** A session on each instance of a source cluster, the writer's first; none where there are no credentials for one. */
  readonly databases: (clusterIdentifier: string) => Promise<readonly Database[]>;
  /** Between two looks at the sessions that are left. */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

export type FenceRefusal = Refusal<
  'nothing-to-fence' | 'not-the-source' | 'fenced-already' | 'groups-changed' | 'no-session' | 'sessions-left'
>;

const ROUNDS = 20;

/** What fencing would change on each source cluster, and what it has to be set back to. Changes nothing. */
export async function planFence(
  { clusters }: RestorePlan,
  wish: FenceWish,
  tools: FenceTools,
): Promise<Outcome<FencedCluster[], FenceRefusal | Refusal>> {
  const planned: FencedCluster[] = [];
  for (const { source } of clusters) {
    if (source.deleted) continue;
    const cluster = await planCluster(source, wish, tools);
    if (!cluster.ok) return cluster;
    planned.push(cluster.value);
  }
  if (planned.length > 0) return accept(planned);
  return refuse({
    reason: 'nothing-to-fence',
    message: 'every source cluster is deleted: nothing can be written to',
    hint: 'go on without a fence',
  });
}

/**
 * A fence that stands, with whom else was asked for: one is not another's. `planned` is what fencing
 * would change now, so that who is locked already is not in it, and is kept as what is to be opened.
 */
export function extendFence(
  standing: readonly FencedCluster[] | undefined,
  planned: readonly FencedCluster[],
): FencedCluster[] {
  if (standing === undefined) return [...planned];
  return standing.map((cluster) => {
    const more = planned.find(({ clusterIdentifier: name }) => name === cluster.clusterIdentifier);
    if (cluster.by !== 'revoke' || more?.by !== 'revoke') return cluster;
    const known = new Set(cluster.accounts.map(nameOf));
    return {
      ...cluster,
      accounts: [...cluster.accounts, ...more.accounts.filter((account) => !known.has(nameOf(account)))],
    };
  });
}

function nameOf({ user, host }: Account): string {
  return `'${user}'@'${host}'`;
}

async function planCluster(
  { clusterIdentifier, resourceId }: RestorePlan['clusters'][number]['source'],
  wish: FenceWish,
  tools: FenceTools,
): Promise<Outcome<FencedCluster, FenceRefusal | Refusal>> {
  const found = await tools.networks.fetch(clusterIdentifier);
  if (!found.ok) return found;
  if (found.value.resourceId !== resourceId) {
    return refuse({
      reason: 'not-the-source',
      message: `DB cluster '${clusterIdentifier}' is ${found.value.resourceId}, expected ${resourceId}: the name belongs to another cluster now`,
      hint: 'look at both clusters in RDS: names may have been swapped since the restore was planned',
    });
  }
  switch (wish.by) {
    case 'security-group': {
      const { securityGroupIds } = found.value;
      if (securityGroupIds.includes(wish.isolatedGroupId)) {
        return refuse({
          reason: 'fenced-already',
          message: `DB cluster '${clusterIdentifier}' has security group ${wish.isolatedGroupId} already, and nothing tells which it had before`,
          hint: 'name a group that lets nobody in and that the cluster does not have',
        });
      }
      const { by, isolatedGroupId } = wish;
      return accept({ by, clusterIdentifier, securityGroupIds: [...securityGroupIds], isolatedGroupId });
    }
    case 'revoke': {
      const [database] = await tools.databases(clusterIdentifier);
      if (database === undefined) return noSession(clusterIdentifier);
      const accounts = await fetchOpenAccounts(database, wish.users);
      if (!accounts.ok) return accounts;
      return accept({ by: wish.by, clusterIdentifier, accounts: accounts.value });
    }
    default:
      return unreachable(wish);
  }
}

/** Fences one cluster, however much of it was done before, and ends the sessions that are still open. */
export async function setFence(
  cluster: FencedCluster,
  tools: FenceTools,
): Promise<Outcome<undefined, FenceRefusal | Refusal>> {
  const { clusterIdentifier } = cluster;
  switch (cluster.by) {
    case 'security-group':
      return closeNetwork(cluster, tools);
    case 'revoke': {
      const [database, ...readers] = await tools.databases(clusterIdentifier);
      if (database === undefined) return noSession(clusterIdentifier);
      tools.onProgress(`${clusterIdentifier}: locking ${cluster.accounts.length} accounts`);
      await accountControl(database).setLocked(database, cluster.accounts, true);
      const users = cluster.accounts.map(({ user }) => user);
      if (users.length === 0) return accept(undefined);
      for (const instance of [database, ...readers]) {
        const ended = await endOpenSessions(clusterIdentifier, instance, users, tools);
        if (!ended.ok) return ended;
      }
      return accept(undefined);
    }
    default:
      return unreachable(cluster);
  }
}

/** Sessions that are open outlive a change of security groups, so they are ended by one that was open before. */
async function closeNetwork(
  cluster: ByGroup,
  tools: FenceTools,
): Promise<Outcome<undefined, FenceRefusal | Refusal>> {
  const { clusterIdentifier, isolatedGroupId } = cluster;
  const found = await tools.networks.fetch(clusterIdentifier);
  if (!found.ok) return found;
  const closedBefore = isSameSet(found.value.securityGroupIds, [isolatedGroupId]);
  let databases: readonly Database[];
  try {
    databases = await tools.databases(clusterIdentifier);
  } catch (error) {
    tools.signal.throwIfAborted();
    if (closedBefore) return sessionsUnknown(clusterIdentifier);
    throw error;
  }
  const changed = await changeGroups(cluster, [isolatedGroupId], tools);
  if (!changed.ok) return changed;
  for (const database of databases) {
    try {
      const ended = await endOpenSessions(clusterIdentifier, database, [], tools);
      if (!ended.ok) return ended;
    } catch (error) {
      tools.signal.throwIfAborted();
      if (error instanceof QueryError) throw error;
      tools.onProgress(`${clusterIdentifier}: this step's own session was cut as well, as every other was`);
    }
  }
  return accept(undefined);
}

function sessionsUnknown(clusterIdentifier: string): Outcome<never, FenceRefusal> {
  return refuse({
    reason: 'sessions-left',
    message: `DB cluster '${clusterIdentifier}' has the isolated security group already, and nobody gets in to end the sessions that were open before`,
    hint: 'lift the fence, then set it again: npm run fence -- --lift --execute',
  });
}

/** Gives one cluster back what it had before. */
export async function liftFence(
  cluster: FencedCluster,
  tools: FenceTools,
): Promise<Outcome<undefined, FenceRefusal | Refusal>> {
  const { clusterIdentifier } = cluster;
  switch (cluster.by) {
    case 'security-group':
      return changeGroups(cluster, cluster.securityGroupIds, tools);
    case 'revoke': {
      const [database] = await tools.databases(clusterIdentifier);
      if (database === undefined) return noSession(clusterIdentifier);
      tools.onProgress(`${clusterIdentifier}: opening ${cluster.accounts.length} accounts`);
      await accountControl(database).setLocked(database, cluster.accounts, false);
      return accept(undefined);
    }
    default:
      return unreachable(cluster);
  }
}

/** Between those from before and the isolated one: any others are somebody's decision since. */
async function changeGroups(
  { clusterIdentifier, securityGroupIds, isolatedGroupId }: ByGroup,
  to: readonly string[],
  { networks, signal, onProgress }: FenceTools,
): Promise<Outcome<undefined, FenceRefusal | Refusal>> {
  const found = await networks.fetch(clusterIdentifier);
  if (!found.ok) return found;
  const now = found.value.securityGroupIds;
  if (!isSameSet(now, securityGroupIds) && !isSameSet(now, [isolatedGroupId])) {
    return refuse({
      reason: 'groups-changed',
      message: `DB cluster '${clusterIdentifier}' has security groups ${now.join(', ')}, expected ${isolatedGroupId} or those from before, ${securityGroupIds.join(', ')}`,
      hint: `somebody has changed them since: give it either, then run the same command again: aws rds modify-db-cluster --db-cluster-identifier ${clusterIdentifier} --vpc-security-group-ids ${securityGroupIds.join(' ')}`,
    });
  }
  onProgress(`${clusterIdentifier}: security groups ${to.join(', ')}`);
  await networks.set(clusterIdentifier, to, signal);
  return accept(undefined);
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join() === [...other].sort().join();
}

/** What fencing changes, or lifting sets back, one line each. */
export function describeFence(cluster: FencedCluster): string {
  const { clusterIdentifier } = cluster;
  switch (cluster.by) {
    case 'security-group':
      return `DB cluster ${clusterIdentifier}: security group ${cluster.isolatedGroupId} in place of ${cluster.securityGroupIds.join(', ')}, and open sessions ended`;
    case 'revoke':
      return `DB cluster ${clusterIdentifier}: locked ${cluster.accounts.map(nameOf).join(', ') || 'no account, since all were locked before'}, and their sessions ended`;
    default:
      return unreachable(cluster);
  }
}

async function endOpenSessions(
  clusterIdentifier: string,
  database: Database,
  users: readonly string[],
  { pauseMs, signal, onProgress }: FenceTools,
): Promise<Outcome<undefined, FenceRefusal | Refusal>> {
  const sees = await checkSeesSessions(database);
  if (!sees.ok) return sees;
  for (let round = 0; ; round++) {
    const open = ofUsers(await fetchApplicationSessions(database), users);
    if (open.length === 0) return accept(undefined);
    if (round === ROUNDS) {
      return refuse({
        reason: 'sessions-left',
        message: `DB cluster '${clusterIdentifier}' still has sessions: ${describeSessions(open)}`,
        hint: 'a session that is rolling back takes its time: run the same command again',
      });
    }
    onProgress(`${clusterIdentifier}: ending ${describeSessions(open)}`);
    for (const { id } of open) await accountControl(database).endSession(database, id);
    await sleep(pauseMs, undefined, { signal });
  }
}

function noSession(clusterIdentifier: string): Outcome<never, FenceRefusal> {
  return refuse({
    reason: 'no-session',
    message: `there are no credentials for a session on DB cluster '${clusterIdentifier}'`,
    hint: 'set DRILL_DB_USER and DRILL_DB_PASSWORD to a user that may lock accounts and end sessions',
  });
}
