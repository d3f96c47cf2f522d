import type { AuditRecord } from '../audit/audit-record';
import { unreachable } from '../errors';
import type { SqlFlavour } from './sql-tokens';
import type { StatementFacts } from './statements';
import type { TransactionControl } from './transaction-control';

/** One statement that writes, followed to the end of its transaction. */
export interface Write {
  readonly record: AuditRecord;
  readonly facts: StatementFacts;
  /** The record before it on the same connection: it ran after that one. */
  readonly previous: AuditRecord | null;
}

/** What became of a write. */
export type Fate =
  | {
      readonly kind: 'committed';
      readonly by: 'autocommit' | 'commit' | 'implicit-commit' | 'two-phase-commit';
      /** The record of the statement that made it visible. */
      readonly at: AuditRecord;
      /** The record before that one on the same connection: the effect came after it. */
      readonly after: AuditRecord | null;
      /** When its transaction began; null where it is its own transaction. */
      readonly began: AuditRecord | null;
      /** False where the logs do not show the connection's begin, so that its autocommit mode is presumed. */
      readonly proven: boolean;
    }
  | { readonly kind: 'rolled-back'; readonly by: RolledBackBy; readonly at: AuditRecord }
  | { readonly kind: 'failed' }
  /** Its transaction has no end in the logs. */
  | { readonly kind: 'open'; readonly began: AuditRecord | null }
  /** The logs hold no transaction control at all, so that its end cannot be seen. */
  | { readonly kind: 'not-logged' }
  /** A ROLLBACK followed, and the logs do not tell whether the write had been committed by autocommit before. */
  | { readonly kind: 'mode-unknown'; readonly at: AuditRecord };

export type RolledBackBy =
  'rollback' | 'rollback-to-savepoint' | 'disconnect' | 'change-user' | 'restart' | 'failed-commit' | 'error';

export interface FollowOptions {
  readonly flavour: SqlFlavour;
  /** Whether the logs hold BEGIN and COMMIT: with only data statements audited, they do not. */
  readonly logsTransactionControl: boolean;
  /** Called once for every write, together with the others of its transaction that share its fate. */
  readonly settle: (writes: readonly Write[], fate: Fate) => void;
}

interface ConnectionState {
  previous: AuditRecord | null;
  /** `presumed` on: the logs do not show how the connection began. */
  autocommit: 'on' | 'off' | 'presumed';
  /** Open by BEGIN or its like; with autocommit off a transaction is open without it. */
  began: AuditRecord | null;
  /** PostgreSQL: a statement failed, so that COMMIT rolls back. */
  aborted: boolean;
  pending: Write[];
  savepoints: { readonly name: string; readonly length: number }[];
}

/** MySQL's errors that roll the whole transaction back: deadlock, and the same for two-phase commits. */
const ROLLS_BACK_ALL = new Set([1213, 1402, 1613, 1614]);
const PARSE_ERROR = 1064;
/** Writes of a connection whose mode is presumed are kept until it shows; so many at most. */
const MOST_PRESUMED = 1000;

/**
 * Follows every connection's transactions. Takes records in the order in which they happened; a
 * connection is one `(serverHost, connectionId)` from its CONNECT to its end, since a server hands
 * out its ids again after a restart.
 */
export class TransactionFollower {
  /** By server host, then by connection id. */
  private readonly servers = new Map<string, Map<string, ConnectionState>>();
  /** Prepared two-phase transactions outlive their connection, and any connection may end them. */
  private readonly prepared = new Map<string, Write[]>();

  constructor(private readonly options: FollowOptions) {}

  take(record: AuditRecord, statements: readonly StatementFacts[]): void {
    const state = this.stateOf(record);
    this.takeEvent(state, record, statements);
    state.previous = record;
  }

  /** Says what is known of every write that has no end yet. */
  end(): void {
    for (const server of this.servers.values()) {
      for (const state of server.values()) this.leaveUnfinished(state);
    }
    for (const writes of this.prepared.values()) this.settle(writes, { kind: 'open', began: null });
  }

  private stateOf(record: AuditRecord): ConnectionState {
    let server = this.servers.get(record.serverHost);
    if (server === undefined)
      this.servers.set(record.serverHost, (server = new Map<string, ConnectionState>()));
    const known = server.get(record.connectionId);
    if (known !== undefined && !isAnotherLife(known.previous, record)) return known;
    if (known !== undefined) this.rollBack(known, 'restart', record);
    const state = newConnection(record.event === 'connect' ? 'on' : 'presumed');
    server.set(record.connectionId, state);
    return state;
  }

  private takeEvent(
    state: ConnectionState,
    record: AuditRecord,
    statements: readonly StatementFacts[],
  ): void {
    switch (record.event) {
      case 'statement':
        if (state.autocommit === 'on' && state.began === null) this.settleEarlier(state, record);
        for (const facts of statements) this.takeStatement(state, record, facts);
        return;
      case 'disconnect':
        this.rollBack(state, 'disconnect', record);
        this.servers.get(record.serverHost)?.delete(record.connectionId);
        return;
      case 'change-user':
        this.rollBack(state, 'change-user', record);
        state.autocommit = 'on';
        return;
      case 'error':
        this.takeError(state, record);
        return;
      case 'connect':
      case 'failed-connect':
      case 'table':
        return;
      default:
        unreachable(record.event);
    }
  }

  private takeStatement(state: ConnectionState, record: AuditRecord, facts: StatementFacts): void {
    const failed = record.errorCode !== null && record.errorCode !== 0;
    if (facts.control !== null) {
      this.takeControl(state, record, facts.control, failed);
      return;
    }
    // MySQL commits before it tries the statement, unless it cannot even read it
    if (facts.commitsBefore && !(failed && record.errorCode === PARSE_ERROR)) {
      this.commit(state, record, 'implicit-commit');
    }
    if (failed && ROLLS_BACK_ALL.has(record.errorCode)) this.rollBack(state, 'error', record);
    if (!facts.writes && facts.understood) return;
    const write: Write = { record, facts, previous: state.previous };
    if (failed) this.settle([write], { kind: 'failed' });
    else if (!this.options.logsTransactionControl && !facts.commitsBefore)
      this.settle([write], { kind: 'not-logged' });
    else if (facts.commitsBefore) this.settleAutocommit(write, true);
    else this.hold(state, write);
  }

  private hold(state: ConnectionState, write: Write): void {
    const isOwnTransaction = state.began === null && state.autocommit !== 'off';
    // where records come before their effect, an error may follow
    const decidedNow = isOwnTransaction && state.autocommit === 'on' && this.options.flavour === 'mysql';
    if (decidedNow) {
      this.settleAutocommit(write, true);
      return;
    }
    state.pending.push(write);
    if (isOwnTransaction && state.pending.length > MOST_PRESUMED) {
      const oldest = state.pending.shift();
      if (oldest !== undefined) this.settleAutocommit(oldest, false);
    }
  }

  private takeControl(
    state: ConnectionState,
    record: AuditRecord,
    control: TransactionControl,
    failed: boolean,
  ): void {
    switch (control.kind) {
      case 'begin':
        if (failed) return;
        if (this.options.flavour === 'mysql') this.commit(state, record, 'implicit-commit');
        else if (state.began !== null) return;
        else this.settleOwnTransactions(state);
        state.began = record;
        return;
      case 'commit':
        if (failed || state.aborted) this.rollBack(state, failed ? 'failed-commit' : 'error', record);
        else this.commit(state, record, 'commit');
        this.afterEnd(state, record, control);
        return;
      case 'rollback':
        if (failed) return;
        this.rollBack(state, 'rollback', record);
        this.afterEnd(state, record, control);
        return;
      case 'savepoint':
        if (!failed) setSavepoint(state, control.name, this.options.flavour);
        return;
      case 'rollback-to':
        if (!failed) this.rollBackTo(state, control.name, record);
        return;
      case 'release-savepoint': {
        const at = state.savepoints.findLastIndex(({ name }) => name === control.name);
        if (!failed && at !== -1) state.savepoints.splice(at);
        return;
      }
      case 'autocommit':
        if (failed) return;
        // only switching it on commits, and only where it was off; elsewhere an open transaction goes on
        if (control.on && state.autocommit !== 'on') this.commit(state, record, 'implicit-commit');
        else if (state.began === null && state.autocommit !== 'off') this.settleOwnTransactions(state);
        state.autocommit = control.on ? 'on' : 'off';
        return;
      case 'two-phase-begin':
        if (!failed) state.began = record;
        return;
      case 'two-phase-end':
        return;
      case 'two-phase-prepare':
        if (failed) return;
        this.prepared.set(control.id, state.pending);
        clear(state);
        return;
      case 'two-phase-commit':
      case 'two-phase-rollback':
        if (!failed) this.endTwoPhase(state, record, control.kind, control.id);
        return;
      default:
        unreachable(control);
    }
  }

  private endTwoPhase(
    state: ConnectionState,
    record: AuditRecord,
    kind: 'two-phase-commit' | 'two-phase-rollback',
    id: string,
  ): void {
    const writes = this.prepared.get(id) ?? state.pending;
    if (!this.prepared.delete(id)) clear(state);
    const proven = true;
    const after = state.previous;
    this.settle(
      writes,
      kind === 'two-phase-commit'
        ? { kind: 'committed', by: kind, at: record, after, began: writes[0]?.record ?? null, proven }
        : { kind: 'rolled-back', by: 'rollback', at: record },
    );
  }

  private afterEnd(
    state: ConnectionState,
    record: AuditRecord,
    { chain, release }: { chain: boolean; release: boolean },
  ): void {
    if (chain) state.began = record;
    if (release) state.autocommit = 'presumed';
  }

  private commit(state: ConnectionState, record: AuditRecord, by: 'commit' | 'implicit-commit'): void {
    const inTransaction = state.began !== null || state.autocommit === 'off';
    if (!inTransaction && (by === 'implicit-commit' || state.autocommit === 'on')) {
      this.settleOwnTransactions(state);
      return;
    }
    const began = state.began ?? state.pending[0]?.record ?? null;
    this.settle(state.pending, {
      kind: 'committed',
      by,
      at: record,
      after: state.previous,
      began,
      proven: inTransaction,
    });
    // only a session without autocommit ends what it never began
    if (!inTransaction && state.pending.length > 0) state.autocommit = 'off';
    clear(state);
  }

  private rollBack(state: ConnectionState, by: RolledBackBy, record: AuditRecord): void {
    const inTransaction = state.began !== null || state.autocommit === 'off';
    if (inTransaction) this.settle(state.pending, { kind: 'rolled-back', by, at: record });
    else if (by === 'rollback') this.settle(state.pending, { kind: 'mode-unknown', at: record });
    else this.settleOwnTransactions(state);
    clear(state);
  }

  private rollBackTo(state: ConnectionState, name: string, record: AuditRecord): void {
    const at = state.savepoints.findLastIndex((savepoint) => savepoint.name === name);
    const savepoint = state.savepoints[at];
    if (savepoint === undefined) return;
    this.settle(state.pending.splice(savepoint.length), {
      kind: 'rolled-back',
      by: 'rollback-to-savepoint',
      at: record,
    });
    state.savepoints.splice(at + 1);
    state.aborted = false;
  }

  /** PostgreSQL logs a failure after the statement's own record. */
  private takeError(state: ConnectionState, error: AuditRecord): void {
    const isIts = ({ record }: Write): boolean =>
      error.object === ''
        ? record === state.previous
        : withoutEnd(record.object) === withoutEnd(error.object);
    const failed = state.pending.filter(isIts);
    state.pending = state.pending.filter((write) => !isIts(write));
    this.settle(failed, { kind: 'failed' });
    if (state.began !== null) state.aborted = true;
  }

  private leaveUnfinished(state: ConnectionState): void {
    const inTransaction = state.began !== null || state.autocommit === 'off';
    if (inTransaction) this.settle(state.pending, { kind: 'open', began: state.began });
    else this.settleOwnTransactions(state);
  }

  /** Writes held outside of a transaction: each was committed by itself. */
  private settleOwnTransactions(state: ConnectionState): void {
    for (const write of state.pending) this.settleAutocommit(write, state.autocommit === 'on');
    state.pending = [];
  }

  /** A failure is logged within the same tick as what failed, so that writes of earlier ticks are through. */
  private settleEarlier(state: ConnectionState, { executedAt }: AuditRecord): void {
    const through = state.pending.filter(({ record }) => record.executedAt < executedAt);
    state.pending = state.pending.filter(({ record }) => record.executedAt >= executedAt);
    for (const write of through) this.settleAutocommit(write, true);
  }

  private settleAutocommit(write: Write, proven: boolean): void {
    const { record: at, previous: after } = write;
    this.settle([write], { kind: 'committed', by: 'autocommit', at, after, began: null, proven });
  }

  private settle(writes: readonly Write[], fate: Fate): void {
    if (writes.length > 0) this.options.settle(writes, fate);
  }
}

function withoutEnd(sql: string): string {
  return sql.replace(/[\s;]+$/, '');
}

function newConnection(autocommit: ConnectionState['autocommit']): ConnectionState {
  return { previous: null, autocommit, began: null, aborted: false, pending: [], savepoints: [] };
}

function clear(state: ConnectionState): void {
  state.began = null;
  state.aborted = false;
  state.pending = [];
  state.savepoints = [];
}

function setSavepoint(state: ConnectionState, name: string, flavour: SqlFlavour): void {
  // in MySQL a savepoint of the same name is gone; PostgreSQL keeps it below the new one
  if (flavour === 'mysql') state.savepoints = state.savepoints.filter((savepoint) => savepoint.name !== name);
  state.savepoints.push({ name, length: state.pending.length });
}

/** A connection id that was handed out again: a new CONNECT, or another user or client without one. */
function isAnotherLife(previous: AuditRecord | null, record: AuditRecord): boolean {
  if (previous === null || record.event === 'failed-connect') return false;
  if (record.event === 'connect') return true;
  if (record.event === 'change-user' || previous.event === 'change-user') return false;
  return previous.user !== record.user && previous.user !== '' && record.user !== '';
}
