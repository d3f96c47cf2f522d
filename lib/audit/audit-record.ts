import type { Dialect } from '../artefacts/incident';
import type { EpochMicros } from '../time';
import { inStatementOrder } from './postgresql-ticks';

/** What an audit record reports; `table` is one table's access by a statement, `error` a statement's failure in a record of its own. */
export type AuditEvent =
  'connect' | 'failed-connect' | 'disconnect' | 'change-user' | 'statement' | 'table' | 'error';

/** One parsed line of a database audit log, in any dialect. */
export interface AuditRecord {
  readonly event: AuditEvent;
  /** The time inside the record, as logged: a log of whole seconds has whole seconds. */
  readonly executedAt: EpochMicros;
  /** Width of the interval that the logged time stands for, in microseconds: 1, 1,000 or 1,000,000, and more where a local time comes twice. */
  readonly precisionMicros: number;
  /** Whether its local time does not exist in the zone that the log is said to be of, since clocks were put forward over it. */
  readonly isOfNoTime?: true;
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
  /** Of an error that ends its session; `transaction` where the server says that one was open, which it rolls back. */
  readonly ends?: 'session' | 'transaction';
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

/** Whether its local time came twice, as clocks were put back, so that it and its order are not certain. */
export function isOfTimeThatCameTwice({ precisionMicros }: Pick<AuditRecord, 'precisionMicros'>): boolean {
  return precisionMicros > 1_000_000;
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
  return compareBy(a, b, ({ queryId }) => queryId);
}

/**
 * The same, for records as they lie in their files: a change of user, which has no query id of its own,
 * stays behind the statements of its connection that lie before it.
 */
export function orderOf(records: readonly AuditRecord[]): typeof compareRecords {
  if (!records.some(({ event }) => event === 'change-user')) return compareRecords;
  const highest = new Map<string, AuditRecord>();
  const places = new Map<AuditRecord, string | null>();
  for (const record of records) {
    const key = connectionKey(record);
    const before = highest.get(key);
    const isOfTime = before?.executedAt === record.executedAt;
    if (record.event === 'change-user') {
      if (isOfTime) places.set(record, before.queryId);
    }
    // what a procedure runs lies before its CALL, and has the higher number
    else if (!isOfTime || compareIds(record.queryId ?? '', before.queryId ?? '') > 0)
      highest.set(key, record);
  }
  return (a, b) => compareBy(a, b, (record) => places.get(record) ?? record.queryId);
}

function compareBy(a: AuditRecord, b: AuditRecord, idOf: (of: AuditRecord) => string | null): number {
  if (a.executedAt !== b.executedAt) return a.executedAt - b.executedAt;
  const rank = RANK[a.event] - RANK[b.event];
  if (rank !== 0) return rank;
  const [id, otherId] = [idOf(a), idOf(b)];
  if (id === null || otherId === null) return 0;
  return compareIds(id, otherId) || OF_ONE_ID[a.event] - OF_ONE_ID[b.event];
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

/** The tables of a statement are logged before it. */
const OF_ONE_ID: Readonly<Record<AuditEvent, number>> = {
  'failed-connect': 0,
  connect: 0,
  table: 0,
  statement: 1,
  error: 1,
  'change-user': 2,
  disconnect: 2,
};

/** Compares ids such as `12` and `12.3` by their numbers, of any length. */
function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  const [dot, otherDot] = [a.indexOf('.'), b.indexOf('.')];
  if (dot === -1 && otherDot === -1) return compareDigits(a, b);
  const [end, otherEnd] = [dot === -1 ? a.length : dot, otherDot === -1 ? b.length : otherDot];
  return (
    compareDigits(a.slice(0, end), b.slice(0, otherEnd)) ||
    compareDigits(a.slice(end + 1), b.slice(otherEnd + 1))
  );
}

function compareDigits(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sorts into the order in which things happened and drops what a log agent delivered twice. */
export function inOrder(records: readonly AuditRecord[]): AuditRecord[] {
  const seen = new Set<string>();
  const compare = orderOf(records);
  const sorted = records.toSorted((a, b) =>
    a.executedAt !== b.executedAt ? a.executedAt - b.executedAt : isOfPostgresql(a) ? 0 : compare(a, b),
  );
  return withoutDisorder(sorted).filter((record) => {
    const { executedAt, event, queryId, object } = record;
    // a session may change its user several times within one second, and no query id tells these apart
    if (queryId === null || event === 'change-user') return true;
    const identity = JSON.stringify([executedAt, connectionKey(record), event, queryId, object]);
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

/** Whether pgaudit left out the text, as it has logged it before (pgaudit.log_statement_once). */
export function isPreviouslyLogged({ object }: Pick<AuditRecord, 'object'>): boolean {
  return object === '<previously logged>';
}

/** pgaudit numbers statements, and after a dot what runs within each. */
export function isNumberedByPgaudit(queryId: string | null): boolean {
  return queryId?.includes('.') ?? false;
}

/** A file holds the records of one process in the order in which they were written, errors among them. */
function isOfPostgresql({ event, queryId }: AuditRecord): boolean {
  return event === 'error' || queryId === null || isNumberedByPgaudit(queryId);
}

/** CloudWatch gives PostgreSQL's records of one time in any order: the numbers of statements and the texts of failures decide. */
function withoutDisorder(sorted: readonly AuditRecord[]): readonly AuditRecord[] {
  const ordered: AuditRecord[] = [];
  for (let from = 0; from < sorted.length;) {
    let to = from + 1;
    while (to < sorted.length && sorted[to]?.executedAt === sorted[from]?.executedAt) to++;
    const tick = sorted.slice(from, to);
    ordered.push(
      ...(tick.some((record) => record.recordedAt !== null && isOfPostgresql(record))
        ? reordered(tick)
        : tick),
    );
    from = to;
  }
  return ordered;
}

/** What pgaudit has logged before came before. */
function compareTexts(a: AuditRecord, b: AuditRecord): number {
  return a.queryId === b.queryId ? Number(isPreviouslyLogged(a)) - Number(isPreviouslyLogged(b)) : 0;
}

function reordered(tick: readonly AuditRecord[]): AuditRecord[] {
  const connections = new Map<string, AuditRecord[]>();
  for (const record of tick.toSorted((a, b) => compareRecords(a, b) || compareTexts(a, b))) {
    const key = connectionKey(record);
    connections.set(key, [...(connections.get(key) ?? []), record]);
  }
  return [...connections.values()].flatMap(inStatementOrder);
}
