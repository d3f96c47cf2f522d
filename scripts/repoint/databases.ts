import type { PlannedCluster, RestorePlan } from '../../lib/artefacts/restore-plan';
import { readEvenIfStale } from '../../lib/artefact-files';
import { isExchanged, type ClusterNow } from '../../lib/cutover/clusters-now';
import { patientRds } from '../../lib/cutover/patient-rds';
import { RdsInstances } from '../../lib/cutover/rds-instances';
import { readSwap } from '../../lib/cutover/swap-journal';
import { RefusalError } from '../../lib/errors';
import { resolveCredentialSource } from '../../lib/verify/credentials';
import { incidentDatabase } from '../../lib/verify/incident-tables';
import type { OpenDatabase, ServerAddress } from '../../lib/verify/server';
import { listDatabases } from '../verify/choose-database';
import { connectBy } from '../verify/databases';
import { fetchRestoredNow, fetchSourceNow } from './clusters-now';

const STATEMENT_TIMEOUT_MS = 60_000;

/** Sessions on the clusters of a drill, each opened when first asked for. */
export class DrillDatabases {
  private readonly open = new Map<string, Promise<OpenDatabase>>();

  constructor(
    private readonly plan: RestorePlan,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** On every restored cluster, in the order of the plan, by the endpoints that they have now. */
  async restored(): Promise<OpenDatabase[]> {
    const found = await fetchRestoredNow(this.plan.drill, this.plan);
    return Promise.all(
      this.plan.clusters.map((cluster, i) => {
        const { endpoint = null, port } = found[i] ?? { port: cluster.restored.port };
        const host = endpoint ?? unreachable(cluster.restored.clusterIdentifier);
        return this.on(cluster, { side: 'restored', host, port });
      }),
    );
  }

  /** On each instance of a source cluster, by the name that it has in the plan, wherever it is now; the writer's first. */
  async sourceInstances(clusterIdentifier: string): Promise<OpenDatabase[]> {
    const cluster = this.plan.clusters.find(({ source }) => source.clusterIdentifier === clusterIdentifier);
    if (cluster === undefined) throw new Error(`the plan has no cluster '${clusterIdentifier}'`);
    const now = isExchanged(readSwap(this.plan.drill))
      ? await fetchSourceNow(this.plan, clusterIdentifier)
      : cluster.source;
    return this.instances(cluster, 'source', now);
  }

  /** On each instance of every restored cluster, in the order of the plan, the writer's first. */
  async restoredInstances(): Promise<OpenDatabase[][]> {
    const found = await fetchRestoredNow(this.plan.drill, this.plan);
    return Promise.all(
      this.plan.clusters.map((cluster, i) => {
        const { clusterIdentifier, port } = cluster.restored;
        return this.instances(cluster, 'restored', found[i] ?? { clusterIdentifier, endpoint: null, port });
      }),
    );
  }

  /** By the addresses of the instances and no other: a second session of this step would look like one of an application. */
  private async instances(
    cluster: PlannedCluster,
    side: ServerAddress['side'],
    { clusterIdentifier, endpoint, port }: ClusterNow,
  ): Promise<OpenDatabase[]> {
    const found = await new RdsInstances(patientRds(this.plan.region)).fetch(clusterIdentifier);
    const addresses = found.length > 0 ? found : [{ host: endpoint ?? unreachable(clusterIdentifier), port }];
    return Promise.all(addresses.map((address) => this.on(cluster, { side, ...address })));
  }

  /** Whether the environment names a user for it. */
  get hasCredentials(): boolean {
    const credentials = resolveCredentialSource(this.env);
    return credentials.ok || credentials.refusal.reason !== 'no-credentials';
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.open.values());
    await Promise.all(
      opened.map((one) => (one.status === 'fulfilled' ? one.value.close() : Promise.resolve())),
    );
  }

  private on(cluster: PlannedCluster, address: ServerAddress): Promise<OpenDatabase> {
    const key = `${address.host}:${address.port}`;
    const opened = this.open.get(key) ?? this.connect(cluster, address);
    this.open.set(key, opened);
    return opened;
  }

  private async connect(cluster: PlannedCluster, address: ServerAddress): Promise<OpenDatabase> {
    const { engine } = cluster.source;
    const enter = (within: { readonly database?: string }): Promise<OpenDatabase> =>
      connectBy(this.env)({ ...address, engine, ...within }, STATEMENT_TIMEOUT_MS);
    if (engine !== 'aurora-postgresql') return enter({});
    return enter({ database: await this.databaseOf(cluster, (database) => enter({ database })) });
  }

  /** Where the application's rows are, which with PostgreSQL a session has to know: as far as one can tell. */
  private async databaseOf(
    cluster: PlannedCluster,
    enter: (database: string) => Promise<OpenDatabase>,
  ): Promise<string> {
    const incident = readEvenIfStale(this.plan.drill, 'incident');
    if (cluster === this.plan.clusters[0] && incident.ok) return incidentDatabase(incident.value.value);
    const names = await listDatabases(await enter('postgres'));
    return names.length === 1 && names[0] !== undefined ? names[0] : 'postgres';
  }
}

function unreachable(clusterIdentifier: string): never {
  throw new RefusalError({
    reason: 'no-endpoint',
    message: `DB cluster '${clusterIdentifier}' is deleted, or has no endpoint yet`,
    hint: 'nothing can connect to it',
  });
}
