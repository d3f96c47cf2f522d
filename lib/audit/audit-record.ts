import type { Dialect } from '../artefacts';
import type { EpochMicros } from '../time';

/** What an audit record reports; `table` is one table's access by a statement, `error` a statement's failure in a record of its own. */
export type AuditEvent =
  'connect' | 'failed-connect' | 'disconnect' | 'change-user' | 'statement' | 'table' | 'error';

/** One parsed line of a database audit log, in any dialect. */
export interface AuditRecord {
  readonly event: AuditEvent;
  /** The time inside the record, as logged: a log of whole seconds has whole seconds. */
  readonly executedAt: EpochMicros;
  /** Width of the interval that the logged time stands for, in microseconds: 1, 1,000 or 1,000,000. */
  readonly precisionMicros: number;
  /** Whether the engine stamps a record before the statement runs or after it has ended. */
  readonly stamped: 'start' | 'end';
  /** When the record reached the log (CloudWatch's `@timestamp`); null when read from a file. */
  readonly recordedAt: EpochMicros | null;
  readonly serverHost: string;
  readonly user: string;
  readonly host: string;
  readonly connectionId: string;
  readonly queryId: string | null;
  readonly database: string;
  /** SQL text of a statement, name of a table; of an error the statement that failed, or '' where the record does not say. */
  readonly object: string;
  /** 0 for success, the server's error number for failure, null where the record does not say. */
  readonly errorCode: number | null;
}

/** One line as its log holds it (a record of several physical lines is one line), and where it is from. */
export interface LogLine {
  readonly text: string;
  readonly recordedAt: EpochMicros | null;
  /** When CloudWatch received it. */
  readonly ingestedAt?: EpochMicros | null;
  /** Name of the instance where the log tells it outside of the line, as CloudWatch's stream name does; otherwise ''. */
  readonly stream: string;
}

/** A line that belongs to no audit log (`other`), or that should be a record and is not one (`unparsed`). */
export type ParsedLine = AuditRecord | 'other' | 'unparsed';

/** Reads the lines of one dialect. */
export interface AuditDialect {
  readonly name: Dialect;
  /** Whether a physical line begins a record, rather than going on with the one before. */
  beginsRecord(line: string): boolean;
  /** Whether the text of a record that has begun ends here, as far as its quotes tell. */
  isWhole(text: string): boolean;
  parse(line: LogLine): ParsedLine;
}

/** Identifies one connection: connection ids are unique within a server only. */
export function connectionKey(of: Pick<AuditRecord, 'serverHost' | 'connectionId'>): string {
  return `${of.serverHost} ${of.connectionId}`;
}

/**
 * The order in which things happened: by the time inside the record, since files and streams hold
 * records in any order. Within the same time a connection begins before its statements and ends
 * after them, and query ids, which a server hands out in order, decide between statements.
 */
export function compareRecords(a: AuditRecord, b: AuditRecord): number {
  if (a.executedAt !== b.executedAt) return a.executedAt - b.executedAt;
  const rank = RANK[a.event] - RANK[b.event];
  if (rank !== 0) return rank;
  return a.queryId === null || b.queryId === null ? 0 : compareIds(a.queryId, b.queryId);
}

const RANK: Readonly<Record<AuditEvent, number>> = {
  'failed-connect': 0,
  connect: 0,
  'change-user': 1,
  table: 1,
  statement: 1,
  error: 2,
  disconnect: 3,
};

/** Compares ids such as `12` and `12.3` by their numbers, of any length. */
function compareIds(a: string, b: string): number {
  const [first = '', second = ''] = a.split('.');
  const [otherFirst = '', otherSecond = ''] = b.split('.');
  return compareDigits(first, otherFirst) || compareDigits(second, otherSecond);
}

function compareDigits(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sorts into the order in which things happened and drops what a log agent delivered twice. */
export function inOrder(records: readonly AuditRecord[]): AuditRecord[] {
  const seen = new Set<string>();
  return records.toSorted(compareRecords).filter((record) => {
    const { executedAt, event, queryId, object } = record;
    const identity = JSON.stringify([executedAt, connectionKey(record), event, queryId, object]);
    if (queryId !== null && seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}
