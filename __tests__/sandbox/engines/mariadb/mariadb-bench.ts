import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { allocateAddress } from '../../../../sandbox/engines/addresses';
import type { Micros } from '../../../../sandbox/engines/database-cluster';
import type { MariaDbCluster } from '../../../../sandbox/engines/mariadb/cluster';
import { openMariaDb, type MariaDbEngine } from '../../../../sandbox/engines/mariadb/engine';
import { openWorkspace, type Workspace } from '../../../../sandbox/engines/workspace';

const MASTER = { user: 'admin', password: "pass'word\\" };

/** Longer than the uncertainty of a commit's stamp, on a machine that runs other tests too. */
const APART_MS = 150;

/** Real MariaDB clusters for a test, in a workspace of its own; `close` ends and removes all of them. */
export class MariaDbBench {
  private readonly clusters: MariaDbCluster[] = [];
  private readonly connections: Connection[] = [];

  private constructor(
    readonly workspace: Workspace,
    readonly engine: MariaDbEngine,
  ) {}

  static async open(projectRoot = process.cwd()): Promise<MariaDbBench> {
    const workspace = await openWorkspace(projectRoot);
    return new MariaDbBench(workspace, await openMariaDb(workspace));
  }

  directory(name: string): string {
    return path.join(this.workspace.runDirectory, name);
  }

  /** A cluster whose server runs, with a database `trading`. */
  async create(name: string): Promise<MariaDbCluster> {
    const cluster = await this.engine.createCluster({
      directory: this.directory(name),
      address: await allocateAddress(),
      masterUsername: MASTER.user,
      masterPassword: MASTER.password,
    });
    this.clusters.push(cluster);
    await cluster.start(`${name}-instance-1`);
    const session = await this.connect(cluster, '');
    await session.query('CREATE DATABASE trading');
    await session.end();
    return cluster;
  }

  /** A restored cluster whose server runs. */
  async restore(source: MariaDbCluster, at: Micros, name: string): Promise<MariaDbCluster> {
    const cluster = await source.restoreTo(at, this.directory(name), await allocateAddress());
    this.clusters.push(cluster);
    await cluster.start(`${name}-instance-1`);
    return cluster;
  }

  async connect(cluster: MariaDbCluster, database = 'trading'): Promise<Connection> {
    const session = await createConnection({
      ...cluster.address,
      ...MASTER,
      database,
      multipleStatements: true,
    });
    this.connections.push(session);
    return session;
  }

  /** The rows of a query in a session of its own. */
  async rows(cluster: MariaDbCluster, sql: string): Promise<RowDataPacket[]> {
    const session = await this.connect(cluster);
    const [rows] = await session.query<RowDataPacket[]>(sql);
    await session.end();
    return rows;
  }

  async close(): Promise<void> {
    for (const each of this.connections) each.destroy();
    await Promise.all(this.clusters.map((each) => each.destroy()));
    await this.workspace.close();
  }
}

/** An instant that all commits before the call precede and all after it follow, once it can be restored. */
export async function instantBetweenCommits(cluster: MariaDbCluster): Promise<Micros> {
  await sleep(APART_MS);
  const at = Date.now() * 1000;
  await sleep(APART_MS);
  await untilRestorable(cluster, at);
  return at;
}

export async function untilRestorable(cluster: MariaDbCluster, at: Micros): Promise<void> {
  while (cluster.latestRestorableAt() < at) await sleep(10);
}
