import type { AuditRecord } from '../audit/audit-record';
import { unreachable } from '../errors';
import { ConnectionWrites } from './connection-writes';
import type { Settle, Write } from './fate';
import { statementOf } from './postgresql-failures';
import type { SqlFlavour } from './sql-tokens';
import type { StatementFacts } from './statements';
import type { Ending, TransactionControl } from './transaction-control';

export interface FollowOptions {
  readonly flavour: SqlFlavour;
  /** Whether the logs hold BEGIN and COMMIT: with only data statements audited, they do not. */
  readonly logsTransactionControl: boolean;
  readonly settle: Settle;
}

/** MySQL's errors that roll the whole transaction back: deadlock, a full lock table, and the same for two-phase commits. */
const ROLLS_BACK_ALL = new Set([1206, 1213, 1402, 1613, 1614]);
/** A record changed since it was read: MariaDB's InnoDB rolls all back (innodb_snapshot_isolation), other engines do not. */
const RECORD_CHANGED = 1020;
/** A lock was waited for in vain: rolls the statement back, and with innodb_rollback_on_timeout all. */
const LOCK_TIMEOUT = 1205;
/** The statement could not be read, or is not allowed within a transaction or an XA one: no commit came before it. */
const COMMITS_NOTHING = new Set([1064, 1192, 1399]);

/**
 * Follows every connection's transactions. Takes records in the order in which they happened; a
 * connection is one `(serverHost, connectionId)` from its CONNECT to its end, since a server hands
 * out its ids again after a restart.
 */
export class TransactionFollower {
  /** By server host, then by connection id. */
  private readonly servers = new Map<string, Map<string, ConnectionWrites>>();
  /** Prepared two-phase transactions outlive their connection, and any connection may end them. */
  private readonly prepared = new Map<string, readonly Write[]>();

  constructor(private readonly options: FollowOptions) {}

  take(record: AuditRecord, statements: readonly StatementFacts[]): void {
    const connection = this.connectionOf(record, statements);
    this.takeEvent(connection, record, statements);
    // of MySQL's other statements a source may leave out those that do not matter
    const counts =
      this.options.flavour === 'postgresql' || statements.some(({ control }) => control !== null);
    connection.passedBy(record, record.event === 'statement' && counts);
  }

  /** Says what is known of every write that has no end yet. */
  end(): void {
    for (const server of this.servers.values()) {
      for (const connection of server.values()) connection.leaveUnfinished();
    }
    for (const writes of this.prepared.values()) {
      if (writes.length > 0) this.options.settle(writes, { kind: 'open', began: null });
    }
  }

  private connectionOf(record: AuditRecord, statements: readonly StatementFacts[]): ConnectionWrites {
    let server = this.servers.get(record.serverHost);
    if (server === undefined)
      this.servers.set(record.serverHost, (server = new Map<string, ConnectionWrites>()));
    const known = server.get(record.connectionId);
    if (
      known !== undefined &&
      !isAnotherLife(known.previous, record) &&
      !known.hasEndedBefore(record) &&
      !(this.options.flavour === 'mysql'
        ? restartsIds(known, record, statements)
        : restartsNumbers(known, record))
    )
      return known;
    known?.rollBack('restart', record);
    const { flavour, settle } = this.options;
    const connection = new ConnectionWrites(record.event === 'connect' ? 'on' : 'presumed', flavour, settle);
    server.set(record.connectionId, connection);
    return connection;
  }

  private takeEvent(
    connection: ConnectionWrites,
    record: AuditRecord,
    statements: readonly StatementFacts[],
  ): void {
    if (this.options.flavour === 'postgresql' && record.event !== 'error') connection.pass(record);
    switch (record.event) {
      case 'statement':
        if (statements.length > 1 && hasFailed(record)) failPacket(connection, record, statements);
        else for (const facts of statements) this.takeStatement(connection, record, facts);
        if (connection.outer !== null && record.queryId === connection.outer)
          connection.endOuter(record, hasFailed(record));
        return;
      case 'table':
        connection.open(record);
        return;
      case 'disconnect':
        connection.rollBack('disconnect', record);
        this.servers.get(record.serverHost)?.delete(record.connectionId);
        return;
      case 'change-user':
        connection.rollBack('change-user', record);
        connection.resetSession();
        return;
      case 'error':
        connection.fail(record);
        return;
      case 'connect':
      case 'failed-connect':
        return;
      default:
        unreachable(record.event);
    }
  }

  private takeStatement(connection: ConnectionWrites, record: AuditRecord, facts: StatementFacts): void {
    const failed = hasFailed(record);
    if (facts.control !== null) {
      this.takeControl(connection, record, facts.control, failed);
      return;
    }
    // MySQL commits before it tries the statement, unless it refuses it as such
    if (facts.commitsBefore && !isRefused(record)) {
      connection.commit(record, 'implicit-commit');
    }
    if (failed && ROLLS_BACK_ALL.has(record.errorCode ?? 0)) connection.rollBack('error', record);
    if (record.errorCode === RECORD_CHANGED) connection.mayHaveRolledBack(record);
    if (record.errorCode === LOCK_TIMEOUT && connection.inTransaction) connection.timedOut ??= record;
    if (!failed && this.options.flavour === 'mysql' && isOpaque(connection, record, facts)) {
      connection.passOpaque(record);
    }
    if (!failed && facts.perhaps === 'controls') {
      connection.settle(connection.detach(), { kind: 'mode-unknown', at: record });
      connection.setAutocommit('unknown', record);
    }
    if (!facts.writes && facts.understood) return;
    // the record of a dropped table comes after its drop
    const previous = facts.kind === 'drop' ? connection.beforeBegin(record) : connection.previous;
    const write: Write = { record, facts, previous };
    if (failed) settleFailed(connection, write);
    else if (!this.options.logsTransactionControl && !facts.commitsBefore)
      connection.settle([write], { kind: 'not-logged' });
    else if (facts.commitsBefore) connection.settleAutocommit(write, true);
    else if (isWithin(connection.outer, record)) connection.nest(write);
    else connection.hold(write);
  }

  private takeControl(
    connection: ConnectionWrites,
    record: AuditRecord,
    control: TransactionControl,
    failed: boolean,
  ): void {
    switch (control.kind) {
      case 'begin':
        if (failed) return;
        if (this.options.flavour === 'mysql') connection.commit(record, 'implicit-commit');
        else if (connection.began !== null) return;
        else connection.settleThoseOfOthers(record);
        connection.began = record;
        connection.locksTables = false;
        return;
      case 'commit':
        if (isRefused(record)) return;
        if (failed || connection.aborted) connection.rollBack(failed ? 'failed-commit' : 'error', record);
        else connection.commit(record, 'commit');
        afterEnd(connection, record, control);
        return;
      case 'rollback':
        if (failed) return;
        connection.rollBack('rollback', record);
        afterEnd(connection, record, control);
        return;
      case 'savepoint':
        if (!failed) connection.setSavepoint(control.name);
        return;
      case 'rollback-to':
        if (!failed) connection.rollBackTo(control.name, record);
        return;
      case 'release-savepoint':
        if (!failed) connection.releaseSavepoint(control.name);
        return;
      case 'settings':
        if (failed) return;
        if (control.autocommit !== null) connection.setAutocommit(control.autocommit, record);
        if (control.completion !== null) connection.completion = control.completion;
        return;
      case 'lock-tables':
        if (isRefused(record)) return;
        connection.commit(record, 'implicit-commit');
        if (!failed) connection.locksTables = true;
        return;
      case 'unlock-tables':
        if (connection.locksTables !== false) connection.commit(record, 'implicit-commit');
        connection.locksTables = false;
        return;
      case 'two-phase-begin':
        if (!failed) connection.began = record;
        return;
      case 'two-phase-end':
        return;
      case 'two-phase-prepare':
        if (!failed) this.prepared.set(control.id, connection.detach());
        return;
      case 'two-phase-commit':
      case 'two-phase-rollback':
        if (!failed) this.endTwoPhase(connection, record, control.kind, control.id);
        return;
      default:
        unreachable(control);
    }
  }

  private endTwoPhase(
    connection: ConnectionWrites,
    record: AuditRecord,
    kind: 'two-phase-commit' | 'two-phase-rollback',
    id: string,
  ): void {
    const writes = this.prepared.get(id) ?? connection.detach();
    this.prepared.delete(id);
    const after = connection.previous;
    const began = writes[0]?.record ?? null;
    connection.settle(
      writes,
      kind === 'two-phase-commit'
        ? { kind: 'committed', by: kind, at: record, after, began, proven: true }
        : { kind: 'rolled-back', by: 'rollback', at: record },
    );
  }
}

/** Refused before anything was done: not readable, not allowed, nothing there, or tables that could not be locked. */
const DROPS_NOTHING = new Set([
  1008, 1044, 1046, 1049, 1064, 1099, 1100, 1142, 1192, 1205, 1227, 1290, 1399, 1792, 1836,
]);

/**
 * Seen on MariaDB 10.11: what drops several tables and fails at one has dropped those before it, each
 * with a record of its own. MySQL 8 undoes all; the log does not tell which server wrote it.
 */
function settleFailed(connection: ConnectionWrites, write: Write): void {
  const { record, facts } = write;
  const mayHaveDropped =
    facts.kind === 'drop' &&
    (facts.destroysEarly || facts.verb === 'create') &&
    !DROPS_NOTHING.has(record.errorCode ?? 0);
  if (facts.kind === 'drop' && facts.verb === 'drop' && connection.hasOpened(record.queryId))
    connection.settleAutocommit(write, true);
  else if (mayHaveDropped) connection.settleFailedMidway(write);
  else connection.settle([write], { kind: 'failed' });
}

/** One of a packet's statements failed and those after it did not run: which one, the log does not tell. */
function failPacket(
  connection: ConnectionWrites,
  record: AuditRecord,
  statements: readonly StatementFacts[],
): void {
  if (statements.some(({ control, commitsBefore }) => control !== null || commitsBefore)) {
    connection.settle(connection.detach(), { kind: 'mode-unknown', at: record });
  }
  for (const facts of statements) {
    if (!facts.writes && facts.understood) continue;
    connection.settlePerhapsFailed({ record, facts, previous: connection.previous }, record);
  }
}

/**
 * Whether a statement may have ended the transaction without the log telling. A server that logs what
 * a procedure runs does so before its CALL, whose query id is the lower one.
 */
function isOpaque(
  { previous }: ConnectionWrites,
  record: AuditRecord,
  { verb, understood, perhaps }: StatementFacts,
): boolean {
  if (perhaps !== null) return true;
  if (understood && verb !== 'call' && verb !== 'execute') return false;
  const isLoggedBefore = previous?.event === 'statement' && Number(previous.queryId) > Number(record.queryId);
  return !(verb === 'call' && isLoggedBefore);
}

/**
 * Whether it ran within the statement whose tables were logged last, so that its query id is the higher
 * one. In whole seconds a table's record may bear the second before that of an earlier statement.
 */
function isWithin(outer: string | null, { queryId }: AuditRecord): boolean {
  return outer !== null && Number(queryId) > Number(outer);
}

/** Whether MySQL refused the statement as such, before it committed what was open. */
function isRefused({ errorCode }: AuditRecord): boolean {
  return COMMITS_NOTHING.has(errorCode ?? 0);
}

function hasFailed({ errorCode }: AuditRecord): boolean {
  return errorCode !== null && errorCode !== 0;
}

function afterEnd(connection: ConnectionWrites, record: AuditRecord, { chain, release }: Ending): void {
  if (chain ?? connection.completion === 'chain') connection.began = record;
  // the server ends the connection: what follows under its id is another one
  else if (release ?? connection.completion === 'release') connection.autocommit = 'presumed';
}

/** pgaudit numbers the statements of each session from 1. */
function restartsNumbers({ highest }: ConnectionWrites, { event, queryId }: AuditRecord): boolean {
  return event === 'statement' && Number(statementOf(queryId)) < highest;
}

const STANDS_ALONE = new Set<TransactionControl['kind']>([
  'begin',
  'commit',
  'rollback',
  'savepoint',
  'rollback-to',
  'lock-tables',
  'unlock-tables',
  'two-phase-begin',
  'two-phase-end',
  'two-phase-prepare',
  'two-phase-commit',
  'two-phase-rollback',
]);

/**
 * A MySQL server numbers its statements, from 1 again after a restart. What runs others has a lower
 * number than those, which are logged before; transaction control runs none.
 */
function restartsIds(
  { highest }: ConnectionWrites,
  { event, queryId, object }: AuditRecord,
  statements: readonly StatementFacts[],
): boolean {
  return (
    event === 'statement' &&
    Number(queryId) < highest &&
    !/\bexecute\b/i.test(object) &&
    statements.some(({ control }) => control !== null && STANDS_ALONE.has(control.kind))
  );
}

/** A connection id that was handed out again: a new CONNECT, or another user or client without one. */
function isAnotherLife(previous: AuditRecord | null, record: AuditRecord): boolean {
  if (previous === null || record.event === 'failed-connect') return false;
  if (record.event === 'connect') return true;
  if (record.event === 'change-user' || previous.event === 'change-user') return false;
  return previous.user !== record.user && previous.user !== '' && record.user !== '';
}
