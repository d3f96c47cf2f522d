import path from 'node:path';
import { Client } from 'pg';
import { allocateAddress } from '../../../../sandbox/engines/addresses';
import type { PostgresCluster } from '../../../../sandbox/engines/postgresql/cluster';
import { openPostgres, type PostgresEngine } from '../../../../sandbox/engines/postgresql/engine';
import { openWorkspace, type Workspace } from '../../../../sandbox/engines/workspace';

const MASTER = { user: 'admin', password: 'not-a-secret-at-all' };

/** PostgreSQL clusters for a test, with sessions on them; all of it is gone after `close`. */
export class PostgresBench {
  private readonly clusters: PostgresCluster[] = [];
  private readonly sessions: Client[] = [];

  private constructor(
    readonly workspace: Workspace,
    private readonly engine: PostgresEngine,
  ) {}

  static async open(projectRoot = process.cwd()): Promise<PostgresBench> {
    const workspace = await openWorkspace(projectRoot);
    return new PostgresBench(workspace, await openPostgres(workspace));
  }

  directory(name: string): string {
    return path.join(this.workspace.runDirectory, name);
  }

  /** A cluster that runs. */
  async create(name: string): Promise<PostgresCluster> {
    const cluster = await this.engine.createCluster({
      directory: this.directory(name),
      address: await allocateAddress(),
      masterUsername: MASTER.user,
      masterPassword: MASTER.password,
    });
    this.clusters.push(cluster);
    await cluster.start();
    return cluster;
  }

  /** A restored cluster that runs. */
  async restore(source: PostgresCluster, at: number, name: string): Promise<PostgresCluster> {
    const cluster = await source.restoreTo(at, this.directory(name), await allocateAddress());
    this.clusters.push(cluster);
    await cluster.start();
    return cluster;
  }

  async connect(cluster: PostgresCluster): Promise<Client> {
    const session = new Client({ ...cluster.address, ...MASTER, database: 'postgres' });
    // base backups and the end of a test cut sessions
    session.on('error', () => undefined);
    await session.connect();
    this.sessions.push(session);
    return session;
  }

  async rows(cluster: PostgresCluster, sql: string): Promise<Record<string, unknown>[]> {
    const session = await this.connect(cluster);
    try {
      return (await session.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await session.end();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.sessions.map((session) => session.end().catch(() => undefined)));
    await Promise.all(this.clusters.map((cluster) => cluster.destroy()));
    await this.workspace.close();
  }
}
