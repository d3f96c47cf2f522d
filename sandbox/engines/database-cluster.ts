/** Microseconds since 1970-01-01T00:00:00Z. */
export type Micros = number;

/** A place for a database server of this machine: a loopback address of its own, and a port. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** One line of the database's audit log in the format of the real Aurora engine, with the instant at which the engine wrote it. */
export interface AuditLine {
  readonly writtenAt: Micros;
  readonly text: string;
}

/**
 * The storage and server behind one DB cluster: a real database engine with everything that it
 * takes to restore it to any earlier commit. As in Aurora, the storage exists without a server:
 * nothing listens until the cluster's first instance starts it.
 */
export interface DatabaseCluster {
  readonly address: Address;
  /** Starts the server for the writer instance of this name, which audit lines then carry as their server host. */
  start(writerInstance: string): Promise<void>;
  /** Shuts the server down cleanly; the storage stays. */
  stop(): Promise<void>;
  /**
   * Copies the storage as it is now, so that restores to later instants begin from there and replay
   * less. Shuts a running server down for it and starts it again. A cluster just created has a first
   * base backup, of its empty storage.
   */
  takeBaseBackup(): Promise<void>;
  /** From now on the server listens there and nowhere else; one that runs is shut down for it and started again, which cuts its sessions. */
  moveTo(address: Address): Promise<void>;
  /** Kills the server if it runs and removes the storage. */
  destroy(): Promise<void>;
  /** @throws Error where the server does not run */
  setMasterPassword(username: string, password: string): Promise<void>;
  /** The first instant that `restoreTo` can restore. */
  earliestRestorableAt(): Micros;
  /** The last instant of which `restoreTo` knows every commit up to now; grows with time even when nothing commits. */
  latestRestorableAt(): Micros;
  /**
   * Makes a new cluster's storage in `directory` from a base backup and the log, with every
   * transaction that committed at or before `at` and none after. The new cluster is not started.
   * @throws Error where `at` lies outside [earliestRestorableAt, latestRestorableAt]
   */
  restoreTo(at: Micros, directory: string, address: Address): Promise<DatabaseCluster>;
  /** Calls back with each audit line as it is written, in the order of writing. */
  onAuditLine(listener: (line: AuditLine) => void): void;
}

export interface NewCluster {
  readonly directory: string;
  readonly address: Address;
  readonly masterUsername: string;
  readonly masterPassword: string;
}

/** AWS's names for the engines that the sandbox has. */
export type EngineName = 'aurora-mysql' | 'aurora-postgresql';

/** An engine found on this machine, ready to make clusters. */
export interface DatabaseEngine {
  /** AWS's name for what it stands for, and the version that the sandbox reports truthfully, such as `10.11.11-mariadb`. */
  readonly engine: EngineName;
  readonly engineVersion: string;
  createCluster(options: NewCluster): Promise<DatabaseCluster>;
}
