import type { Address, DatabaseCluster, Micros } from '../../engines/database-cluster';

/** The database behind one cluster, with its server changes one after the other and its removal last. */
export class ClusterDatabase {
  private writer: string | undefined;
  private passwordToSet: { readonly username: string; readonly password: string } | undefined;
  private lastChange: Promise<void> = Promise.resolve();
  private readonly restores = new Set<Promise<unknown>>();

  constructor(readonly engine: DatabaseCluster) {}

  /** For which writer instance the server runs; undefined while it does not. */
  get runsFor(): string | undefined {
    return this.writer;
  }

  /** Makes the server run for this writer instance (again, where it ran for another), or not at all. */
  runFor(writer: string | undefined): Promise<void> {
    return this.change(async () => {
      if (this.writer === writer) return;
      if (this.writer !== undefined) await this.engine.stop();
      this.writer = undefined;
      if (writer === undefined) return;
      await this.engine.start(writer);
      this.writer = writer;
      await this.applyPassword();
    });
  }

  /** Shuts the server down and starts it again, where it runs. */
  restart(): Promise<void> {
    return this.change(async () => {
      if (this.writer === undefined) return;
      await this.engine.stop();
      await this.engine.start(this.writer);
    });
  }

  /** From now on the server listens there and nowhere else. */
  moveTo(address: Address): Promise<void> {
    return this.change(() => this.engine.moveTo(address));
  }

  /** At once where the server runs, else as soon as it does. */
  setMasterPassword(username: string, password: string): Promise<void> {
    return this.change(async () => {
      this.passwordToSet = { username, password };
      if (this.writer !== undefined) await this.applyPassword();
    });
  }

  restoreTo(at: Micros, directory: string, address: Address): Promise<DatabaseCluster> {
    const restore = this.engine
      .restoreTo(at, directory, address)
      .finally(() => this.restores.delete(restore));
    this.restores.add(restore);
    return restore;
  }

  /** Waits for restores that read the storage, then removes it. */
  async destroy(): Promise<void> {
    await Promise.allSettled(this.restores);
    await this.change(async () => {
      this.writer = undefined;
      await this.engine.destroy();
    });
  }

  private async applyPassword(): Promise<void> {
    if (this.passwordToSet === undefined) return;
    await this.engine.setMasterPassword(this.passwordToSet.username, this.passwordToSet.password);
    this.passwordToSet = undefined;
  }

  private change(work: () => Promise<void>): Promise<void> {
    const changed = this.lastChange.then(work);
    // the next change does not fail because this one did
    this.lastChange = changed.catch(() => undefined);
    return changed;
  }
}
