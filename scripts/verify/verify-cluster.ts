import type { Incident } from '../../lib/artefacts/incident';
import type { PlannedCluster, RestorePlan } from '../../lib/artefacts/restore-plan';
import type { VerifiedCluster } from '../../lib/artefacts/verification';
import { valueOf } from '../../lib/errors';
import type { RdsReader } from '../../lib/plan/rds';
import type { SourceCluster } from '../../lib/plan/source-cluster';
import type { CheckSettings } from '../../lib/verify/check';
import { settingsParity, type SettingsFacts } from '../../lib/verify/checks/settings-parity';
import { expectedData } from '../../lib/verify/expected-data';
import type { OpenDatabase } from '../../lib/verify/server';
import { listNotProven } from '../../lib/verify/not-proven';
import type { OwnCheck } from '../../lib/verify/own-checks/own-checks-file';
import { runOwnChecks } from '../../lib/verify/own-checks/run-own-checks';
import { prepareContext } from '../../lib/verify/prepare-context';
import { resolveRestoredCluster } from '../../lib/verify/restored-cluster';
import { CHECKS, runChecks, verdictOf } from '../../lib/verify/run-checks';
import { chooseDatabase } from './choose-database';
import type { Connect, DatabaseAddress } from './databases';

export interface ClusterToVerify {
  readonly plan: RestorePlan;
  readonly cluster: PlannedCluster;
  /** Undefined for a cluster that the incident did not hit. */
  readonly incident: Incident | undefined;
  readonly ownChecks: readonly OwnCheck[];
}

export interface VerifyTools {
  readonly rds: RdsReader;
  readonly connect: Connect;
  readonly readSource: boolean;
  /** Which database of a PostgreSQL cluster; the incident's unless the person names one. */
  readonly database: string | undefined;
  readonly parallel: number;
  readonly statementTimeoutMs: number;
  readonly settings: CheckSettings;
  readonly onProgress: (text: string) => void;
}

/** Checks one restored cluster against its source, by connections of its own. */
export async function verifyCluster(
  { plan, cluster, incident, ownChecks }: ClusterToVerify,
  tools: VerifyTools,
): Promise<VerifiedCluster> {
  const { rds, connect, settings, parallel } = tools;
  const { source: found } = valueOf(await rds.fetchFacts(cluster.restored.clusterIdentifier));
  const restored = valueOf(resolveRestoredCluster(plan, cluster, found));
  const { engine, endpoint, port } = cluster.source;
  const onRestoredSide = { side: 'restored', engine, host: restored.endpoint, port: restored.port } as const;
  const database = await chooseDatabase(cluster, incident, tools.database, (name) =>
    connect({ ...onRestoredSide, database: name }, tools.statementTimeoutMs),
  );
  const within = database === undefined ? {} : { database };
  const addresses: Record<DatabaseAddress['side'], DatabaseAddress | undefined> = {
    restored: { ...onRestoredSide, ...within },
    source:
      tools.readSource && endpoint !== null
        ? { side: 'source', engine, host: endpoint, port, ...within }
        : undefined,
  };
  const onProgress = (text: string): void => {
    tools.onProgress(`${restored.clusterIdentifier}: ${text}`);
  };
  const now = (): number => performance.now();
  const open = async (side: DatabaseAddress['side'], timeoutMs: number): Promise<OpenDatabase | undefined> =>
    addresses[side] === undefined ? undefined : connect(addresses[side], timeoutMs);

  const databases: OpenDatabase[] = [];
  try {
    const onRestored = await open('restored', tools.statementTimeoutMs);
    if (onRestored === undefined) throw new Error('the restored side is always read');
    databases.push(onRestored);
    const onSource = await open('source', tools.statementTimeoutMs);
    if (onSource !== undefined) databases.push(onSource);
    const { restoreTo, commitDelayMs } = expectedData(plan, cluster, settings.commitDelayMs);
    const context = await prepareContext({
      incident,
      restoreTo,
      restored: onRestored,
      source: onSource,
      settings: { ...settings, commitDelayMs },
      onProgress,
    });
    const parity = settingsParity(await fetchSettings(rds, cluster, found, tools.readSource));
    const builtIn = await runChecks([...CHECKS, parity], context, now);
    const own = await runOwnChecks(ownChecks, { open, parallel, now, onProgress });
    const checks = [...builtIn, ...own];
    return {
      source: cluster.source.clusterIdentifier,
      restored,
      verdict: verdictOf(checks, incident !== undefined),
      checks,
      notProven: listNotProven(context.incident, cluster, checks, onSource !== undefined, [
        ...new Set([...context.restored.inventory.notSeen, ...(context.source?.inventory.notSeen ?? [])]),
      ]),
    };
  } finally {
    await Promise.all(databases.map((database) => database.close()));
  }
}

/** A cluster that has only the source's name is not the source. */
async function fetchSettings(
  rds: RdsReader,
  planned: PlannedCluster,
  restored: SourceCluster,
  readSource: boolean,
): Promise<SettingsFacts> {
  const pendingReboot = await rds.fetchPendingReboots(restored.identifier);
  const facts = { planned, restored, source: undefined, pendingReboot };
  if (!readSource || planned.source.deleted) return facts;
  const source = await rds.fetchCluster(planned.source.clusterIdentifier);
  if (!source.ok || source.value.resourceId !== planned.source.resourceId) return facts;
  return { ...facts, source: source.value };
}
