import type {
  Address,
  AuditLine,
  DatabaseCluster,
  DatabaseEngine,
  Micros,
} from '../../../../sandbox/engines/database-cluster';

/** A database without data that remembers what was asked of it. */
export class FakeDatabase implements DatabaseCluster {
  readonly calls: string[] = [];
  private readonly listeners: ((line: AuditLine) => void)[] = [];
  private base = Date.now() * 1000;
  failsToStart = false;
  failsToRestore = false;
  /** Held back until it resolves. */
  restoring: Promise<void> = Promise.resolve();
  restored: FakeDatabase | undefined;

  constructor(public address: Address) {}

  start(writer: string): Promise<void> {
    this.calls.push(`start ${writer}`);
    return this.failsToStart ? Promise.reject(new Error('no start')) : Promise.resolve();
  }

  stop(): Promise<void> {
    this.calls.push('stop');
    return Promise.resolve();
  }

  takeBaseBackup(): Promise<void> {
    this.base = Date.now() * 1000;
    return Promise.resolve();
  }

  moveTo(address: Address): Promise<void> {
    this.calls.push(`move to ${address.host}`);
    this.address = address;
    return Promise.resolve();
  }

  destroy(): Promise<void> {
    this.calls.push('destroy');
    return Promise.resolve();
  }

  setMasterPassword(username: string, password: string): Promise<void> {
    this.calls.push(`password of ${username}: ${password}`);
    return Promise.resolve();
  }

  earliestRestorableAt(): Micros {
    return this.base;
  }

  latestRestorableAt(): Micros {
    return Date.now() * 1000;
  }

  async restoreTo(at: Micros, _directory: string, address: Address): Promise<DatabaseCluster> {
    this.calls.push(`restore to ${new Date(at / 1000).toISOString()}`);
    await this.restoring;
    if (this.failsToRestore) throw new Error('the log is torn');
    this.restored = new FakeDatabase(address);
    return this.restored;
  }

  onAuditLine(listener: (line: AuditLine) => void): void {
    this.listeners.push(listener);
  }

  writeAuditLine(text: string): void {
    for (const listener of this.listeners) listener({ writtenAt: Date.now() * 1000, text });
  }
}

export class FakeEngine implements DatabaseEngine {
  readonly engine = 'aurora-mysql';
  readonly engineVersion = '10.11.11-mariadb';
  readonly databases: FakeDatabase[] = [];

  createCluster({ address }: { readonly address: Address }): Promise<FakeDatabase> {
    const database = new FakeDatabase(address);
    this.databases.push(database);
    return Promise.resolve(database);
  }
}
