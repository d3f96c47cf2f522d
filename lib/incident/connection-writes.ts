import type { AuditRecord } from '../audit/audit-record';
import type { Committed, Fate, RolledBackBy, Settle, Write } from './fate';
import { PostgresqlFailures, statementOf } from './postgresql-failures';
import type { SqlFlavour } from './sql-tokens';

/** Writes of a connection whose mode is presumed are kept until it shows; so many at most. */
const MOST_PRESUMED = 1000;

/**
 * The writes of one connection whose end is not known yet, and the mode that it is in: judges, at
 * what ends them, what became of them.
 */
export class ConnectionWrites {
  previous: AuditRecord | null = null;
  /** The highest number so far of its statements that count. */
  highest = 0;
  /** Open by BEGIN or its like; with autocommit off a transaction is open without it. */
  began: AuditRecord | null = null;
  /** PostgreSQL: a statement failed, so that COMMIT rolls back. */
  aborted = false;
  /** What follows a COMMIT or ROLLBACK that does not say (MySQL's completion_type). */
  completion: 'none' | 'chain' | 'release' = 'none';
  /** Whether LOCK TABLES holds, whose release commits; null where the logs do not show. */
  locksTables: boolean | null;
  /** Query id of the statement whose tables were logged last, until its own record comes: what comes before that ran within it. */
  outer: string | null = null;
  /** The statement whose tables were logged last, and the record before the first of these. */
  private opened: { readonly queryId: string | null; readonly after: AuditRecord | null } | null = null;
  /** PostgreSQL logs a COMMIT before it commits: what it ends is settled by what follows. */
  private ending: { readonly writes: readonly Write[]; readonly fate: Committed } | null = null;
  /** MySQL: a statement after the pending writes whose own text does not tell whether it ended the transaction. */
  private opaque: { readonly record: AuditRecord; readonly after: AuditRecord | null } | null = null;
  /** MySQL: the wait for a lock that first timed out since the transaction began. */
  timedOut: AuditRecord | null = null;
  /** MySQL: an error that may have rolled back the first of the pending writes, so many of them. */
  private doubt: { readonly record: AuditRecord; readonly writes: number } | null = null;
  /** PostgreSQL: what ended the session. */
  private fatal: AuditRecord | null = null;
  private readonly failures = new PostgresqlFailures();
  private nested: Write[] = [];
  private pending: Write[] = [];
  private savepoints: { readonly name: string; readonly length: number }[] = [];

  constructor(
    /** `presumed` on: the logs do not show how the connection began. */
    public autocommit: 'on' | 'off' | 'presumed',
    private readonly flavour: SqlFlavour,
    private readonly settleAll: Settle,
  ) {
    this.locksTables = autocommit === 'presumed' ? null : false;
  }

  get inTransaction(): boolean {
    return this.began !== null || this.autocommit === 'off';
  }

  /** Whether the session is over, so that another one bears its number; what ran as it ended may follow. */
  hasEndedBefore({ event }: AuditRecord): boolean {
    return this.fatal !== null && event !== 'error' && event !== 'disconnect';
  }

  settle(writes: readonly Write[], fate: Fate): void {
    if (writes.length > 0) this.settleAll(writes, fate);
  }

  settleAutocommit(write: Write, proven: boolean): void {
    const { record: at, previous: after } = write;
    this.settle([write], { kind: 'committed', by: 'autocommit', at, after, began: null, proven });
  }

  /** `counts`: whether its number is one to hold later ones against. */
  passedBy(record: AuditRecord, counts: boolean): void {
    this.previous = record;
    if (counts) this.highest = Math.max(this.highest, Number(statementOf(record.queryId)));
  }

  /** A record of a table that a statement opens, before the statement's own one. */
  open({ queryId }: AuditRecord): void {
    this.outer = queryId;
    if (!this.hasOpened(queryId)) this.opened = { queryId, after: this.previous };
  }

  /** Whether a record of a table came before this statement's own one. */
  hasOpened(queryId: string | null): boolean {
    return this.opened?.queryId === queryId;
  }

  /** The last record from before the statement began, which its own tables' records are not. */
  beforeBegin({ queryId }: AuditRecord): AuditRecord | null {
    const { opened } = this;
    return opened?.queryId === queryId ? opened.after : this.previous;
  }

  /** What a trigger or function runs is committed, or undone, together with the statement around it. */
  nest(write: Write): void {
    this.nested.push(write);
  }

  endOuter(record: AuditRecord, failed: boolean): void {
    const { nested } = this;
    this.nested = [];
    this.outer = null;
    if (failed) this.settle(nested, { kind: 'rolled-back', by: 'error', at: record });
    else if (this.inTransaction || this.autocommit !== 'on') for (const write of nested) this.hold(write);
    else {
      const after = nested[0]?.previous ?? null;
      this.settle(nested, {
        kind: 'committed',
        by: 'autocommit',
        at: record,
        after,
        began: null,
        proven: true,
      });
    }
  }

  hold(write: Write): void {
    const isOwnTransaction = !this.inTransaction;
    // where records come before their effect, an error may follow
    const decidedNow = isOwnTransaction && this.autocommit === 'on' && this.flavour === 'mysql';
    if (decidedNow) {
      this.settleAutocommit(write, true);
      return;
    }
    this.pending.push(write);
    if (isOwnTransaction && this.pending.length > MOST_PRESUMED) {
      const oldest = this.pending.shift();
      if (oldest !== undefined) this.settleAutocommit(oldest, false);
    }
  }

  commit(record: AuditRecord, by: 'commit' | 'implicit-commit'): void {
    const { inTransaction } = this;
    if (!inTransaction && (by === 'implicit-commit' || this.autocommit === 'on')) {
      this.settleOwnTransactions();
      return;
    }
    const began = this.began ?? this.pending[0]?.record ?? null;
    const { pending: writes } = this;
    const after = this.beforeBegin(record);
    const plain: Committed = { kind: 'committed', by, at: record, after, began, proven: inTransaction };
    const { opaque } = this;
    const known = opaque === null ? plain : { ...plain, after: opaque.after, perhapsBy: opaque.record };
    const fate = this.timedOut === null ? known : { ...known, timedOut: this.timedOut };
    if (this.flavour === 'postgresql') this.ending = { writes, fate };
    else if (this.doubt === null) this.settle(writes, fate);
    else this.settleDoubtful(this.doubt, fate);
    // only a session without autocommit ends what it never began
    if (!inTransaction && this.pending.length > 0) this.autocommit = 'off';
    this.clear();
  }

  /** MySQL: an error after which the transaction goes on, or is rolled back as a whole, which the log does not tell. */
  mayHaveRolledBack(record: AuditRecord): void {
    if (this.inTransaction) this.doubt ??= { record, writes: this.pending.length };
  }

  private settleDoubtful(
    { record: at, writes }: { record: AuditRecord; writes: number },
    fate: Committed,
  ): void {
    this.settle(this.pending.slice(0, writes), { kind: 'perhaps-rolled-back', at, otherwise: fate });
    // had it been rolled back, what came after was committed by itself
    this.settle(this.pending.slice(writes), { ...fate, proven: false });
  }

  rollBack(by: RolledBackBy, record: AuditRecord): void {
    this.releaseNested();
    this.settleFailure(this.failures.end());
    this.settleEnding();
    if (this.doubt !== null) {
      this.settle(this.pending.splice(this.doubt.writes), { kind: 'mode-unknown', at: this.doubt.record });
    }
    if (this.opaque !== null) this.settlePerhapsCommitted(this.opaque);
    else if (this.inTransaction)
      this.settle(
        this.pending,
        this.fatal === null
          ? { kind: 'rolled-back', by, at: record }
          : { kind: 'rolled-back', by: 'disconnect', at: this.fatal },
      );
    // it was open, but the logs do not show since when
    else if (this.fatal?.ends === 'transaction')
      for (const write of this.pending) this.settlePerhapsFailed(write, this.fatal);
    else if (by === 'rollback' && this.autocommit !== 'on')
      this.settle(this.pending, { kind: 'mode-unknown', at: record });
    else this.settleOwnTransactions();
    this.clear();
  }

  /** MySQL: what a procedure runs may end the transaction, whether the log holds it or not. */
  passOpaque(record: AuditRecord): void {
    if (this.inTransaction && this.pending.length > 0)
      this.opaque ??= { record, after: this.beforeBegin(record) };
  }

  private settlePerhapsCommitted({
    record: at,
    after,
  }: {
    record: AuditRecord;
    after: AuditRecord | null;
  }): void {
    const began = this.began;
    const otherwise: Committed = { kind: 'committed', by: 'implicit-commit', at, after, began, proven: true };
    this.settle(this.pending, { kind: 'perhaps-committed', at, otherwise });
  }

  /** Another user on the same connection begins with the server's settings. */
  resetSession(): void {
    this.autocommit = 'on';
    this.completion = 'none';
    this.locksTables = false;
  }

  setAutocommit(mode: 'on' | 'off' | 'unknown', record: AuditRecord): void {
    // only switching it on commits, and only where it was off; elsewhere an open transaction goes on
    if (mode === 'on' && this.autocommit !== 'on') this.commit(record, 'implicit-commit');
    else if (!this.inTransaction) this.settleOwnTransactions();
    if (mode === 'unknown' && this.autocommit === 'off' && this.began === null) {
      this.settle(this.detach(), { kind: 'mode-unknown', at: record });
    }
    this.autocommit = mode === 'unknown' ? 'presumed' : mode;
  }

  setSavepoint(name: string): void {
    // in MySQL a savepoint of the same name is gone; PostgreSQL keeps it below the new one
    if (this.flavour === 'mysql')
      this.savepoints = this.savepoints.filter((savepoint) => savepoint.name !== name);
    this.savepoints.push({ name, length: this.pending.length });
  }

  releaseSavepoint(name: string): void {
    const at = this.savepoints.findLastIndex((savepoint) => savepoint.name === name);
    if (at !== -1) this.savepoints.splice(at);
  }

  rollBackTo(name: string, record: AuditRecord): void {
    const at = this.savepoints.findLastIndex((savepoint) => savepoint.name === name);
    const savepoint = this.savepoints[at];
    if (savepoint === undefined) return;
    const undone = this.pending.splice(savepoint.length);
    this.settle(undone, { kind: 'rolled-back', by: 'rollback-to-savepoint', at: record });
    this.savepoints.splice(at + 1);
    this.aborted = false;
  }

  /** PostgreSQL: a record that is no failure follows, so that what came before it is through, but for what runs it. */
  pass(record: AuditRecord): void {
    this.settleFailure(this.failures.pass(record));
    this.settleEnding();
    if (record.event !== 'statement' || this.autocommit !== 'on' || this.began !== null) return;
    if (this.pending.length === 0) return;
    const isThrough = ({ record: { executedAt, queryId } }: Write): boolean =>
      executedAt < record.executedAt && statementOf(queryId) !== statementOf(record.queryId);
    const through = this.pending.filter(isThrough);
    this.pending = this.pending.filter((write) => !isThrough(write));
    for (const write of through) this.settleAutocommit(write, true);
  }

  /** PostgreSQL logs a failure after the statement's own record: an ERROR, and what failed in a record of its own. */
  fail(error: AuditRecord): void {
    const commit = this.ending?.fate.at ?? null;
    if (this.fatal !== null) {
      if (error.object !== '') this.settleFailure(this.failures.interrupted(error, this.pending, commit));
      return;
    }
    if (error.ends !== undefined) {
      this.settleFailure(this.failures.end());
      this.fatal = error;
      return;
    }
    if (this.began !== null) this.aborted = true;
    this.settleFailure(this.failures.take(error, this.pending, commit));
  }

  private settleEnding(): void {
    if (this.ending !== null) this.settle(this.ending.writes, this.ending.fate);
    this.ending = null;
  }

  private settleFailure(failure: ReturnType<PostgresqlFailures['take']>): void {
    if (failure === null) return;
    const { error, isCertain } = failure;
    if (failure.isOfCommit && this.ending !== null) {
      const { writes, fate: otherwise } = this.ending;
      this.ending = null;
      this.settle(
        writes,
        isCertain
          ? { kind: 'rolled-back', by: 'failed-commit', at: error }
          : { kind: 'perhaps-failed', at: error, otherwise },
      );
    }
    // within a transaction its end decides
    if (!isCertain && this.inTransaction) return;
    const failed = this.pending.filter((write) => failure.writes.has(write));
    this.pending = this.pending.filter((write) => !failure.writes.has(write));
    if (isCertain) this.settle(failed, { kind: 'failed' });
    else for (const write of failed) this.settlePerhapsFailed(write, error);
  }

  /** It or another statement failed at a record; had it not, it was committed by itself. */
  settlePerhapsFailed(write: Write, at: AuditRecord): void {
    this.settle([write], { kind: 'perhaps-failed', at, otherwise: byItself(write) });
  }

  settleFailedMidway(write: Write): void {
    this.settle([write], { kind: 'failed-midway', otherwise: byItself(write) });
  }

  /** Gives up what is pending to whoever ends it: a prepared two-phase transaction outlives its connection. */
  detach(): readonly Write[] {
    const { pending } = this;
    this.clear();
    return pending;
  }

  /** Writes held outside of a transaction: each was committed by itself. */
  settleOwnTransactions(): void {
    for (const write of this.pending) this.settleAutocommit(write, this.autocommit === 'on');
    this.pending = [];
  }

  /** PostgreSQL: what comes before a BEGIN in its own packet belongs to its transaction. */
  settleThoseOfOthers({ executedAt, object }: AuditRecord): void {
    if (this.pending.length === 0) return;
    const isOfPacket = ({ record }: Write): boolean =>
      record.executedAt === executedAt && record.object === object;
    const others = this.pending.filter((write) => !isOfPacket(write));
    this.pending = this.pending.filter(isOfPacket);
    for (const write of others) this.settleAutocommit(write, this.autocommit === 'on');
  }

  /** The logs end here. */
  leaveUnfinished(): void {
    if (this.fatal !== null) {
      this.rollBack('disconnect', this.fatal);
      return;
    }
    this.releaseNested();
    this.settleFailure(this.failures.end());
    this.settleEnding();
    if (this.inTransaction) this.settle(this.pending, { kind: 'open', began: this.began });
    else this.settleOwnTransactions();
  }

  /** The record of the statement around them is not in the logs. */
  private releaseNested(): void {
    for (const write of this.nested) this.hold(write);
    this.nested = [];
  }

  private clear(): void {
    this.began = null;
    this.aborted = false;
    this.opaque = null;
    this.timedOut = null;
    this.doubt = null;
    this.pending = [];
    this.savepoints = [];
  }
}

function byItself({ record: at, previous: after }: Write): Committed {
  return { kind: 'committed', by: 'autocommit', at, after, began: null, proven: true };
}
