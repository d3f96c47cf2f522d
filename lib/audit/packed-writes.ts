import type { Dialect } from '../artefacts/incident';
import { epochMicros, type EpochMicros } from '../time';
import type { AuditRecord } from './audit-record';
import { ByteNames } from './byte-names';
import { sessionOf, type Session } from './mysql-fields';
import type { MysqlRow } from './mysql-row';
import { headEnd } from './statement-head';

/**
 * The writes of one block in columns, which pass between threads without being copied: of plain
 * statements only the head of their text. `statement` is a number of `statements`; below zero that
 * of a whole record, counted from -1 downwards.
 */
export interface PackedWrites {
  readonly length: number;
  /** Whether each record is later than the one before it. */
  readonly isOrdered: boolean;
  readonly executedAt: Float64Array;
  readonly queryId: Float64Array;
  readonly session: Int32Array;
  readonly database: Int32Array;
  readonly statement: Int32Array;
  /** -1 where the record does not say. */
  readonly errorCode: Int32Array;
  /** 1 where the record is stamped before its statement runs. */
  readonly stampedAtStart: Uint8Array;
  /** `serverhost,user,host,connectionid`. */
  readonly sessions: readonly string[];
  readonly databases: readonly string[];
  readonly statements: readonly string[];
  readonly whole: readonly AuditRecord[];
}

const QUOTE = 0x27;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const CAPACITY = 4096;
const BATCH = 256;
const UERY = Buffer.from('UERY');

/** Packs the writes of one block after the other. */
export class WritePacker {
  private readonly sessions = new ByteNames();
  private readonly databases = new ByteNames();
  private readonly statements = new ByteNames();
  private columns = newColumns(CAPACITY);
  /** Where the record of each row begins and its statement ends, to compare those that look alike. */
  private starts = new Int32Array(CAPACITY);
  private ends = new Int32Array(CAPACITY);
  private whole: AuditRecord[] = [];
  private length = 0;
  private newest = 0;
  private isOrdered = true;
  /** Of the last `tailOf`. */
  private errorCode = -1;
  private stampedAtStart = 0;

  constructor(
    private readonly isServerAudit: boolean,
    private readonly parse: (text: string) => AuditRecord | null,
  ) {}

  begin(): void {
    for (const names of [this.sessions, this.databases, this.statements]) names.begin();
    this.columns = newColumns(Math.max(CAPACITY, this.starts.length));
    this.whole = [];
    this.length = 0;
    this.newest = 0;
    this.isOrdered = true;
  }

  /** Packs the head of a plain statement; false where the record is anything else. */
  addHead(row: MysqlRow, executedAt: number): boolean {
    const { bytes, operation } = row;
    if (bytes[operation + 5] !== COMMA || !isAt(bytes, operation + 1, UERY)) return false;
    const tail = this.tailOf(row);
    if (tail === -1 || row.sqlStart >= tail) return false;
    const end = headEnd(bytes, row.sqlStart, tail);
    if (end === -1) return false;
    const queryId = digits(bytes, row.queryId, operation - 1, 15);
    if (queryId === -1 || digits(bytes, row.connectionId, row.sessionEnd, 15) === -1) return false;
    const at = this.next(executedAt);
    const { columns } = this;
    columns.executedAt[at] = executedAt;
    columns.queryId[at] = queryId;
    columns.session[at] = this.sessions.numberOf(bytes, row.serverHost, row.sessionEnd);
    columns.database[at] = this.databases.numberOf(bytes, row.database, row.object - 1);
    columns.statement[at] = this.statements.numberOf(bytes, row.sqlStart, end);
    columns.errorCode[at] = this.errorCode;
    columns.stampedAtStart[at] = this.stampedAtStart;
    this.starts[at] = row.start;
    this.ends[at] = tail;
    return true;
  }

  addWhole(record: AuditRecord): void {
    const at = this.next(record.executedAt);
    this.columns.executedAt[at] = record.executedAt;
    this.columns.queryId[at] = Number(record.queryId ?? -1);
    this.columns.statement[at] = -this.whole.push(record);
  }

  /** What was added since `begin`, whose bytes are still there. */
  finish(bytes: Buffer): PackedWrites {
    if (!this.isOrdered) this.tellApart(bytes);
    return {
      ...this.columns,
      length: this.length,
      isOrdered: this.isOrdered,
      sessions: this.sessions.names,
      databases: this.databases.names,
      statements: this.statements.names,
      whole: this.whole,
    };
  }

  private next(executedAt: number): number {
    if (executedAt <= this.newest) this.isOrdered = false;
    else this.newest = executedAt;
    if (this.length === this.columns.executedAt.length) this.grow();
    return this.length++;
  }

  private grow(): void {
    const grown = newColumns(this.length * 2);
    for (const [name, column] of Object.entries(this.columns)) grown[name as keyof Columns].set(column);
    this.columns = grown;
    this.starts = enlarged(this.starts, this.length * 2);
    this.ends = enlarged(this.ends, this.length * 2);
  }

  /** Index of the statement's closing quote where only a code, or a code and empty fields, follow it; otherwise -1. */
  private tailOf({ bytes, end, object }: MysqlRow): number {
    let i = end;
    while (bytes[i - 1] === COMMA) i--;
    const emptyFields = end - i;
    const codeEnd = i;
    while (isDigit(bytes[i - 1])) i--;
    if (bytes[i - 1] !== COMMA || bytes[i - 2] !== QUOTE || i - 2 <= object) return -1;
    this.errorCode = digits(bytes, i, codeEnd, 9);
    this.stampedAtStart = this.isServerAudit && emptyFields >= 2 ? 1 : 0;
    return this.errorCode === -1 ? -1 : i - 2;
  }

  /**
   * Where records of the same time and query id differ in what their heads leave out, both are given
   * whole; where they do not differ, a log agent delivered one record twice, and the second is dropped.
   */
  private tellApart(bytes: Buffer): void {
    const { columns, starts, ends } = this;
    const { executedAt, queryId, statement } = columns;
    const order = Array.from({ length: this.length }, (_, i) => i).sort(
      (a, b) => (executedAt[a] ?? 0) - (executedAt[b] ?? 0) || (queryId[a] ?? 0) - (queryId[b] ?? 0),
    );
    const differing = new Set<number>();
    const dropped = new Set<number>();
    let last = -1;
    for (const i of order) {
      const isAlike = last !== -1 && executedAt[i] === executedAt[last] && queryId[i] === queryId[last];
      const areHeads = (statement[i] ?? 0) >= 0 && (statement[last] ?? 0) >= 0;
      if (isAlike && areHeads && isSame(bytes, starts, ends, last, i)) {
        dropped.add(i);
        continue;
      }
      if (isAlike) differing.add(last).add(i);
      last = i;
    }
    for (const i of differing) {
      if ((statement[i] ?? 0) < 0) continue;
      const text = bytes.toString('utf8', starts[i], bytes.indexOf(NEWLINE, ends[i]));
      const record = this.parse(text.endsWith('\r') ? text.slice(0, -1) : text);
      if (record !== null) statement[i] = -this.whole.push(record);
    }
    if (dropped.size > 0) this.drop(dropped);
  }

  private drop(dropped: ReadonlySet<number>): void {
    let to = 0;
    for (let from = 0; from < this.length; from++) {
      if (dropped.has(from)) continue;
      for (const column of Object.values(this.columns)) column[to] = column[from] ?? 0;
      to++;
    }
    this.length = to;
  }
}

/** Calls `take` with each record, in the order of the log, and now and then `passed` with the time that it has got to. */
export function unpackWrites(
  packed: PackedWrites,
  dialect: Dialect,
  take: (record: AuditRecord) => void,
  passed: (at: number) => void,
): void {
  const { executedAt, queryId, session, database, statement, errorCode, stampedAtStart } = packed;
  const sessions = packed.sessions.map((text) => sessionOf(text));
  const precisionMicros = dialect === 'aurora-mysql' ? 1 : 1_000_000;
  const stamps = (['end', 'start'] as const).map((stamped) => ({ precisionMicros, stamped }));
  for (let i = 0; i < packed.length; i++) {
    if (i % BATCH === BATCH - 1) passed(executedAt[i] ?? 0);
    const number = statement[i] ?? 0;
    const of = sessions[session[i] ?? 0];
    const stamp = stamps[stampedAtStart[i] ?? 0];
    const whole = number < 0 ? packed.whole[-1 - number] : undefined;
    if (whole !== undefined) take(whole);
    else if (of !== null && of !== undefined && stamp !== undefined) {
      const code = errorCode[i] ?? -1;
      take(
        new HeadRecord(
          of,
          epochMicros(executedAt[i] ?? 0),
          stamp,
          queryId[i] ?? 0,
          packed.databases[database[i] ?? 0] ?? '',
          packed.statements[number] ?? '',
          code === -1 ? null : code,
        ),
      );
    }
  }
}

type Stamp = Pick<AuditRecord, 'precisionMicros' | 'stamped'>;

/** A statement that was packed: there are millions of them, so that it shares what it can and writes out nothing that nobody asks for. */
class HeadRecord implements AuditRecord {
  readonly event = 'statement';
  readonly recordedAt = null;

  constructor(
    private readonly session: Session,
    readonly executedAt: EpochMicros,
    private readonly stamp: Stamp,
    private readonly queryNumber: number,
    readonly database: string,
    readonly object: string,
    readonly errorCode: number | null,
  ) {}

  get precisionMicros(): number {
    return this.stamp.precisionMicros;
  }

  get stamped(): AuditRecord['stamped'] {
    return this.stamp.stamped;
  }

  get serverHost(): string {
    return this.session.serverHost;
  }

  get user(): string {
    return this.session.user;
  }

  get host(): string {
    return this.session.host;
  }

  get connectionId(): string {
    return this.session.connectionId;
  }

  get queryId(): string {
    return String(this.queryNumber);
  }
}

/** The buffers that pass to another thread. */
export function buffersOf(packed: PackedWrites): ArrayBuffer[] {
  const { executedAt, queryId, session, database, statement, errorCode, stampedAtStart } = packed;
  return [executedAt, queryId, session, database, statement, errorCode, stampedAtStart].map(
    ({ buffer }) => buffer as ArrayBuffer,
  );
}

type Columns = ReturnType<typeof newColumns>;

function newColumns(capacity: number) {
  return {
    executedAt: new Float64Array(capacity),
    queryId: new Float64Array(capacity),
    session: new Int32Array(capacity),
    database: new Int32Array(capacity),
    statement: new Int32Array(capacity),
    errorCode: new Int32Array(capacity),
    stampedAtStart: new Uint8Array(capacity),
  };
}

function enlarged(column: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(column);
  return larger;
}

/** Compares two records from their sessions to the ends of their statements. */
function isSame(bytes: Buffer, starts: Int32Array, ends: Int32Array, a: number, b: number): boolean {
  const of = (i: number): Buffer => bytes.subarray(starts[i], ends[i]);
  return of(a).equals(of(b));
}

function isAt(bytes: Buffer, at: number, expected: Buffer): boolean {
  for (let i = 0; i < expected.length; i++) {
    if (bytes[at + i] !== expected[i]) return false;
  }
  return true;
}

function isDigit(byte = 0): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** The number that these bytes write; -1 where they are anything but one to `most` digits, as `String` writes it. */
function digits(bytes: Buffer, start: number, end: number, most: number): number {
  if (end <= start || end - start > most || (bytes[start] === 0x30 && end > start + 1)) return -1;
  let number = 0;
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}
