import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { escape } from 'mysql2';
import type { Address, AuditLine, DatabaseCluster, Micros } from '../database-cluster';
import type { RunningServer } from '../server-process';
import { basesDirectory, dataDirectory, logsDirectory, makeStorageFolders } from '../storage';
import type { BinlogPosition } from './commit-log';
import type { LogReader, WatchedLogs } from './log-reader';
import { AUDIT_FILE, BINLOG_NAME } from './log-tail';
import { replayBinlog } from './replay';
import { runSql, startServer, type ServerSetup } from './server';

/** A commit is stamped this much after it happened at most, as measured on a busy machine. */
const STAMP_UNCERTAINTY_MICROS = 20_000;

/** A copy of the storage after a clean shutdown: with all that the binary logs before `firstFile` say, and no more. */
interface BaseBackup {
  readonly takenAt: Micros;
  readonly directory: string;
  readonly firstFile: number;
}

export interface ClusterSetup extends ServerSetup {
  readonly address: Address;
  /** Of rdsadmin@localhost, by which the sandbox itself enters through the socket. */
  readonly adminPassword: string;
  readonly logReader: LogReader;
}

/** A MariaDB server and its storage, with the base backups, binary log and commit times that restores begin from. */
export class MariaDbCluster implements DatabaseCluster {
  private listensAt: Address;
  private readonly logs: WatchedLogs;
  private readonly bases: BaseBackup[] = [];
  private readonly auditListeners: ((line: AuditLine) => void)[] = [];
  private server: RunningServer | undefined;
  private shutDownCleanly = true;
  private writerInstance = '';
  private lastChange: Promise<unknown> = Promise.resolve();

  private constructor(private readonly setup: ClusterSetup) {
    this.listensAt = setup.address;
    this.logs = setup.logReader.watch(logsDirectory(setup), (line) => {
      for (const listener of this.auditListeners) listener(line);
    });
  }

  /** Takes over storage in `setup.directory` that no server has written to since it was made, and backs it up. */
  static async open(setup: ClusterSetup): Promise<MariaDbCluster> {
    const cluster = new MariaDbCluster(setup);
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

  start(writerInstance: string): Promise<void> {
    return this.change(async () => {
      if (this.server !== undefined) throw new Error(`the server already runs for ${this.writerInstance}`);
      this.writerInstance = writerInstance;
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
      await this.logs.forget();
      await rm(this.setup.directory, { recursive: true, force: true, maxRetries: 5 });
    });
  }

  /**
   * Takes a base backup by which later restores replay less. A running server is shut down for it
   * and started again: its sessions are cut, for a few tenths of a second.
   */
  takeBaseBackup(): Promise<void> {
    return this.change(async () => {
      const runs = this.server !== undefined;
      await this.stopServer();
      await this.copyStorage();
      if (runs) await this.startServer();
    });
  }

  /** @throws Error where the server does not run */
  setMasterPassword(username: string, password: string): Promise<void> {
    return this.change(() =>
      runSql(
        this.setup,
        this.setup.adminPassword,
        `ALTER USER ${escape(username)}@'%' IDENTIFIED BY ${escape(password)}`,
      ),
    );
  }

  onAuditLine(listener: (line: AuditLine) => void): void {
    this.auditListeners.push(listener);
  }

  earliestRestorableAt(): Micros {
    const [first] = this.bases;
    if (first === undefined) throw new Error('the cluster has no base backup');
    return first.takenAt;
  }

  latestRestorableAt(): Micros {
    // before its first commit a cluster is what its base backup is
    return Math.max(this.logs.knownUntil() - STAMP_UNCERTAINTY_MICROS, this.earliestRestorableAt());
  }

  async restoreTo(at: Micros, directory: string, address: Address): Promise<MariaDbCluster> {
    const base = this.bases.findLast(({ takenAt }) => takenAt <= at);
    const latest = this.latestRestorableAt();
    if (base === undefined || at > latest) {
      throw new RangeError(`cannot restore to ${at}: expected ${this.earliestRestorableAt()} to ${latest}`);
    }
    const last = await this.logs.lastCommit(at);
    const { installation, user, adminPassword, logReader } = this.setup;
    const target = {
      installation,
      user,
      adminPassword,
      logReader,
      address,
      directory: path.resolve(directory),
    };
    const unfinished = { ...target, directory: `${target.directory}.tmp` };
    await makeStorageFolders(unfinished);
    try {
      await user.copy(base.directory, dataDirectory(unfinished));
      await this.replay(base, last, unfinished);
      await rename(unfinished.directory, target.directory);
    } catch (error) {
      await rm(unfinished.directory, { recursive: true, force: true, maxRetries: 5 });
      throw error;
    }
    return MariaDbCluster.open(target);
  }

  private async replay(
    base: BaseBackup,
    last: BinlogPosition | undefined,
    target: ServerSetup,
  ): Promise<void> {
    // a cut in an earlier file: what the base backup holds is all that had committed
    if (last === undefined || last.file < base.firstFile) return;
    const range = {
      directory: logsDirectory(this.setup),
      firstFile: base.firstFile,
      lastFile: last.file,
      stopPosition: last.position,
    };
    await replayBinlog(target, range, this.setup.adminPassword);
  }

  private async startServer(): Promise<void> {
    const { host, port } = this.address;
    this.logs.nameServer(this.writerInstance);
    this.shutDownCleanly = false;
    const server = await startServer(this.setup, [
      `--bind-address=${host}`,
      `--port=${port}`,
      `--log-bin=${path.join(logsDirectory(this.setup), BINLOG_NAME)}`,
      '--server-id=1',
      '--binlog-format=ROW',
      '--binlog-checksum=CRC32',
      // row by row nothing that a function or trigger does is logged wrongly, so that no right is needed to make one
      '--log-bin-trust-function-creators=ON',
      '--max-binlog-size=256M',
      '--plugin-load-add=server_audit',
      '--server-audit-logging=ON',
      '--server-audit-output-type=file',
      '--server-audit-events=CONNECT,QUERY,TABLE',
      '--server-audit-query-log-limit=65536',
      `--server-audit-file-path=${path.join(logsDirectory(this.setup), AUDIT_FILE)}`,
      '--server-audit-file-rotate-size=64M',
      '--server-audit-file-rotations=1',
    ]);
    this.server = server;
    void server.gone.then(() => {
      if (this.server === server) this.server = undefined;
    });
  }

  private async stopServer(): Promise<void> {
    if (this.server !== undefined) {
      await this.server.stop();
      this.server = undefined;
      this.shutDownCleanly = true;
    }
    await this.logs.drain();
  }

  private async copyStorage(): Promise<void> {
    // which commits such storage holds is only known after a recovery by the binary log
    if (!this.shutDownCleanly)
      throw new Error('the server ended by itself: start it before taking a base backup');
    const { at, file } = await this.logs.drain();
    const directory = path.join(basesDirectory(this.setup), String(this.bases.length));
    await this.setup.user.copy(dataDirectory(this.setup), directory);
    this.bases.push({ takenAt: at, directory, firstFile: file + 1 });
  }

  /** One change of the server or the storage at a time. */
  private change<T>(work: () => Promise<T>): Promise<T> {
    const changed = this.lastChange.then(work);
    this.lastChange = changed.catch(() => undefined);
    return changed;
  }
}
