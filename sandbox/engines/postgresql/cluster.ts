import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, AuditLine, DatabaseCluster, Micros } from '../database-cluster';
import type { RunningServer } from '../server-process';
import { basesDirectory, dataDirectory, logsDirectory, makeStorageFolders } from '../storage';
import { recover } from './recover';
import { ServerLog } from './server-log';
import { alterPassword, runAsAdmin, SERVER_LOG, startServer, WAL_ARCHIVE, type ServerSetup } from './server';

/** A commit has its time before it is in the log: by far less than this, unless the machine stands still. */
const COMMIT_UNCERTAINTY_MICROS = 20_000;
const ARCHIVED_WITHIN_MS = 60_000;
const POLL_MS = 10;

/** A copy of the storage after a clean shutdown. */
interface BaseBackup {
  readonly takenAt: Micros;
  readonly directory: string;
}

export interface ClusterSetup extends ServerSetup {
  readonly address: Address;
  readonly adminPassword: string;
}

/** A PostgreSQL server and its storage, with the base backups and the archive of its write-ahead log that restores begin from. */
export class PostgresCluster implements DatabaseCluster {
  private listensAt: Address;
  private readonly log: ServerLog;
  private readonly bases: BaseBackup[] = [];
  private readonly listeners: ((line: AuditLine) => void)[] = [];
  private server: RunningServer | undefined;
  private shutDownCleanly = true;
  /** The archive holds every commit from before this, and one from after it. */
  private sealedAt: Micros = 0;
  private lastChange: Promise<unknown> = Promise.resolve();

  private constructor(private readonly setup: ClusterSetup) {
    this.listensAt = setup.address;
    this.log = new ServerLog(path.join(logsDirectory(setup), SERVER_LOG), (record) => {
      for (const listener of this.listeners) listener(record);
    });
  }

  /** Takes over storage in `setup.directory` that was shut down cleanly, and backs it up. */
  static async open(setup: ClusterSetup): Promise<PostgresCluster> {
    const archive = path.join(logsDirectory(setup), WAL_ARCHIVE);
    await mkdir(archive, { recursive: true });
    await setup.user.own(archive);
    const cluster = new PostgresCluster(setup);
    try {
      await cluster.copyStorage();
    } catch (error) {
      await cluster.destroy();
      throw error;
    }
    return cluster;
  }

  get address(): Address {
    return this.listensAt;
  }

  start(): Promise<void> {
    return this.change(async () => {
      if (this.server !== undefined) throw new Error('the server already runs');
      await this.startServer();
    });
  }

  stop(): Promise<void> {
    return this.change(() => this.stopServer());
  }

  moveTo(address: Address): Promise<void> {
    return this.change(async () => {
      const runs = this.server !== undefined;
      await this.stopServer();
      this.listensAt = address;
      if (runs) await this.startServer();
    });
  }

  destroy(): Promise<void> {
    return this.change(async () => {
      await this.server?.kill();
      this.server = undefined;
      this.log.close();
      await rm(this.setup.directory, { recursive: true, force: true, maxRetries: 5 });
    });
  }

  takeBaseBackup(): Promise<void> {
    return this.change(async () => {
      const runs = this.server !== undefined;
      await this.stopServer();
      await this.copyStorage();
      if (runs) await this.startServer();
    });
  }

  setMasterPassword(username: string, password: string): Promise<void> {
    return this.change(async () => {
      await runAsAdmin(this.address, this.setup.adminPassword, [alterPassword(username, password)]);
    });
  }

  onAuditLine(listener: (line: AuditLine) => void): void {
    this.listeners.push(listener);
  }

  earliestRestorableAt(): Micros {
    const [first] = this.bases;
    if (first === undefined) throw new Error('the cluster has no base backup');
    return first.takenAt;
  }

  latestRestorableAt(): Micros {
    // what a server that ended by itself had not archived is lost to restores
    const known = this.server !== undefined || this.shutDownCleanly ? now() : this.sealedAt;
    return Math.max(known - COMMIT_UNCERTAINTY_MICROS, this.earliestRestorableAt());
  }

  async restoreTo(at: Micros, directory: string, address: Address): Promise<PostgresCluster> {
    const base = this.bases.findLast(({ takenAt }) => takenAt <= at);
    const latest = this.latestRestorableAt();
    if (base === undefined || at > latest) {
      throw new RangeError(`cannot restore to ${at}: expected ${this.earliestRestorableAt()} to ${latest}`);
    }
    await this.change(async () => {
      if (this.server !== undefined && this.sealedAt <= at) await this.seal();
    });
    const { installation, user, adminPassword } = this.setup;
    const target = { installation, user, adminPassword, address, directory: path.resolve(directory) };
    const unfinished = { ...target, directory: `${target.directory}.tmp` };
    await makeStorageFolders(unfinished);
    try {
      await user.copy(base.directory, dataDirectory(unfinished));
      await recover(unfinished, path.join(logsDirectory(this.setup), WAL_ARCHIVE), at);
      await rename(unfinished.directory, target.directory);
    } catch (error) {
      await rm(unfinished.directory, { recursive: true, force: true, maxRetries: 5 });
      throw error;
    }
    return PostgresCluster.open(target);
  }

  private async startServer(): Promise<void> {
    this.shutDownCleanly = false;
    const server = await startServer(this.setup, this.address);
    this.server = server;
    void server.gone.then(() => {
      if (this.server === server) this.server = undefined;
    });
  }

  private async stopServer(): Promise<void> {
    const { server } = this;
    if (server === undefined) return;
    await this.seal();
    await server.stop();
    this.server = undefined;
    this.shutDownCleanly = true;
    this.log.drain();
  }

  /** Brings every commit of up to now into the archive, and one more that a restore to now can stop at. */
  private async seal(): Promise<void> {
    const sealedAt = now();
    const [row] = await runAsAdmin(this.address, this.setup.adminPassword, [
      `SELECT pg_logical_emit_message(true, 'seal', '')`,
      'SELECT pg_walfile_name(pg_switch_wal()) AS segment',
    ]);
    const segment = path.join(logsDirectory(this.setup), WAL_ARCHIVE, String(row?.['segment']));
    const deadline = Date.now() + ARCHIVED_WITHIN_MS;
    while (!existsSync(segment)) {
      if (Date.now() > deadline) throw new Error(`the server has not archived ${path.basename(segment)}`);
      await sleep(POLL_MS);
    }
    this.sealedAt = sealedAt;
  }

  private async copyStorage(): Promise<void> {
    if (!this.shutDownCleanly)
      throw new Error('the server ended by itself: start it before taking a base backup');
    const directory = path.join(basesDirectory(this.setup), String(this.bases.length));
    await this.setup.user.copy(dataDirectory(this.setup), directory);
    this.bases.push({ takenAt: now(), directory });
  }

  /** One change of the server or the storage at a time. */
  private change<T>(work: () => Promise<T>): Promise<T> {
    const changed = this.lastChange.then(work);
    this.lastChange = changed.catch(() => undefined);
    return changed;
  }
}

function now(): Micros {
  return Date.now() * 1000;
}
