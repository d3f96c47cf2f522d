import type { AuditRecord } from '../audit/audit-record';
import type { Write } from './fate';

interface Failure {
  readonly error: AuditRecord;
  /** Whether it is the COMMIT that failed. */
  readonly isOfCommit: boolean;
  readonly writes: ReadonlySet<Write>;
  /** False where the log does not tell whether these failed or a statement that it does not hold. */
  readonly isCertain: boolean;
}

/**
 * Tells which writes of one connection a failure of PostgreSQL is about. An ERROR is followed by a
 * STATEMENT record with the text that the client sent: that of the write, of the function call or
 * EXECUTE that ran it, or of a statement that is not audited or could not even be parsed.
 */
export class PostgresqlFailures {
  private previous: AuditRecord | null = null;
  /** The last statement that a client sent, other than what ran within it. */
  private outermost: AuditRecord | null = null;
  /** An ERROR whose STATEMENT has not come, and what it is about if none comes. */
  private unexplained: Failure | null = null;
  /** STATEMENTs that came before their ERROR, which a log of whole seconds does not tell apart. */
  private early = 0;

  /** A record that is no failure: an ERROR before it has no STATEMENT. */
  pass(record: AuditRecord): Failure | null {
    const failure = this.end();
    this.early = 0;
    this.previous = record;
    if (record.event === 'statement' && isOutermost(record)) this.outermost = record;
    return failure;
  }

  end(): Failure | null {
    const failure = this.unexplained;
    this.unexplained = null;
    return failure;
  }

  take(error: AuditRecord, pending: readonly Write[], commit: AuditRecord | null): Failure | null {
    if (error.object !== '') {
      if (this.unexplained === null) this.early++;
      this.unexplained = null;
      return this.explain(error, pending, commit);
    }
    if (this.early > 0) {
      this.early--;
      return null;
    }
    const before = this.end();
    this.unexplained = this.about(error, this.lastOf(pending), commit === this.previous, false);
    return before;
  }

  /** A statement that ran as its session was ended: whether it was through by then, the log does not tell. */
  interrupted(error: AuditRecord, pending: readonly Write[], commit: AuditRecord | null): Failure | null {
    const failure = this.explain(error, pending, commit);
    return failure === null ? null : { ...failure, isCertain: false };
  }

  private explain(error: AuditRecord, pending: readonly Write[], commit: AuditRecord | null): Failure | null {
    if (commit !== null && isSameText(commit, error)) return this.about(error, [], true, true);
    const same = pending.filter(({ record }) => isSameText(record, error));
    const ids = new Set(
      // of a packet all fails, of statements that were sent again and again the first
      (isPacket(error.object) ? same : same.slice(0, 1)).map(({ record }) => statementOf(record.queryId)),
    );
    if (same.length === 0 && this.outermost !== null && isSameText(this.outermost, error))
      ids.add(statementOf(this.outermost.queryId));
    const failed = pending.filter(({ record }) => ids.has(statementOf(record.queryId)));
    if (failed.length > 0) return this.about(error, failed, false, true);
    const last = this.lastOf(pending);
    if (/^\s*execute\b/i.test(error.object)) return this.about(error, last, false, true);
    return mayRunOthers(error.object) ? this.about(error, last, false, false) : null;
  }

  /** The writes of the connection's last record. */
  private lastOf(pending: readonly Write[]): Write[] {
    return pending.filter(({ record }) => record === this.previous);
  }

  private about(
    error: AuditRecord,
    writes: readonly Write[],
    isOfCommit: boolean,
    isCertain: boolean,
  ): Failure {
    return { error, isOfCommit, writes: new Set(writes), isCertain };
  }
}

/** pgaudit numbers statements, and after a dot what runs within each: `12.1` is what the client sent. */
export function statementOf(queryId: string | null): string {
  if (queryId === null) return '';
  const dot = queryId.indexOf('.');
  return dot === -1 ? queryId : queryId.slice(0, dot);
}

function isOutermost({ queryId }: AuditRecord): boolean {
  return queryId?.endsWith('.1') ?? true;
}

function isSameText(record: AuditRecord, error: AuditRecord): boolean {
  return withoutEnd(record.object) === withoutEnd(error.object);
}

function withoutEnd(sql: string): string {
  return sql.replace(/[\s;]+$/, '');
}

function isPacket(sql: string): boolean {
  return withoutEnd(sql).includes(';');
}

/** Whether a statement may run functions, which are audited by themselves. */
function mayRunOthers(sql: string): boolean {
  return sql.includes('(') || /^\s*(?:call|do)\b/i.test(sql);
}
