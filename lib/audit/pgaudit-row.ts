import type { EpochMicros } from '../time';
import type { AuditRecord } from './audit-record';
import { ByteNames } from './byte-names';
import { ROW } from './line-index';
import type { Selection } from './log-source';
import { pgaudit } from './pgaudit';

/** Here, since an imported name is looked up at each use. */
const { comma: ROW_COMMA, commas: ROW_COMMAS, end: ROW_END } = ROW;
const LOWER = 0x20;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const CLOSE = 0x5d;
const OPEN = 0x5b;

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const [LOG, AUDIT, SESSION, OBJECT] = [ascii('LOG:'), ascii('AUDIT: '), ascii('SESSION'), ascii('OBJECT')];
const MISC = ascii('MISC,');
/** Of what else tells of a session: its begin, its end, and `unexpected EOF`. */
const SESSION_LINES = [ascii('connection '), ascii('disconnection'), ascii('unexpected EOF')];
const BEFORE_ID = ascii(']:LOG:  AUDIT: SESSION');
/** `YYYY-MM-DD HH:MM:SS UTC:` or `GMT:`; what has milliseconds is parsed as text. */
const ZONES = [ascii(' UTC:'), ascii(' GMT:')];
const TIME = 19;
/** What follows almost every statement: parameters that are not logged. */
const TAILS = [ascii(',<not logged>'), ascii(',<none>')];

const letters = (text: string): number =>
  (text.charCodeAt(0) << 16) | (text.charCodeAt(1) << 8) | text.charCodeAt(2);
const setOf = (...words: string[]): ReadonlySet<number> => new Set(words.map(letters));
const HARMLESS = setOf('sel', 'sho', 'set', 'ins', 'com', 'rol', 'beg', 'sav', 'sta');
const READS = setOf('sel', 'sho');
const CONTROL = setOf('com', 'rol', 'beg', 'sav', 'sta');
const [UPDATE, DELETE, PREPARE] = [letters('upd'), letters('del'), letters('pre')];

const TEXT = "'[^'\\\\]*'";
const LITERAL = String.raw`(?:${TEXT}|-?\d[\w.]*|\$\d+)`;
const BOUND = String.raw`(?:'(?![\d'-])[^'\\]*'|(?:[2-9]|1\d)[\w.]*|\$\d+)`;
/** As mysql-row.ts has it, in PostgreSQL's own quoting. */
const SELECTIVE = new RegExp(
  String.raw`^(?:update\s+[\w.]+\s+set\s(?:[^;()'"\\$/-]|${TEXT}|\((?!\s*select)[^;()'"\\$/-]*\))*?\s|delete\s+from\s+[\w.]+\s+)where\s+` +
    String.raw`(?!\d|(?:true|false|not|null)\b)[\w.]+(?![\w.])(?:\s*(?:=|<|<=)\s*${LITERAL}|\s*(?:>|>=|<>)\s*${BOUND}` +
    String.raw`|\s+in\s*\((?:[\d\s,.?$-]|${TEXT})*\)|\s+like\s*(?!'[%_]*')${TEXT}|\s+between\s+${LITERAL}\s+and\s+${LITERAL})(?=\s*(?:[",;]|$|(?:and|order|limit|returning)\b))`,
  'i',
);
const MAY_BE_ALL = /\bor\b|\|\||;\s*[^\s",]/i;

type Session = Pick<AuditRecord, 'user' | 'host' | 'connectionId' | 'database'>;
const MOST_SESSIONS = 10_000;
/** What makes a session's part of a prefix a record, to be parsed for it alone. */
const ANY_TIME = '2026-01-01 00:00:00';
const AFTER_PREFIX = ']:LOG:  AUDIT: SESSION,1,1,READ,SELECT,,,x,<not logged>';

/** What the raw bytes of one line of PostgreSQL's log tell; used again for each line. */
export class PgauditRow {
  /** Bounds of the process id, which is the connection's. */
  connectionId = 0;
  connectionIdEnd = 0;
  private bytes: Buffer = Buffer.alloc(0);
  private start = 0;
  /** Bounds of the ids of the statement and of its part. */
  private id = 0;
  private part = 0;
  private partEnd = 0;
  /** Where the statement's field begins, with its quote, and where the statement's first word does. */
  private field = 0;
  private statement = 0;
  private end = 0;
  private readonly prefixes = new ByteNames();
  /** By number of the prefix; null where it is none. */
  private sessions: (Session | null)[] = [];
  private leading = 0;

  /** `other` for what is certainly of no interest, `audit` for a statement's record, `unknown` for what only its text tells. */
  read(bytes: Buffer, rows: Int32Array, row: number): 'other' | 'audit' | 'unknown' {
    const start = rows[row] ?? 0;
    const end = rows[row + ROW_END] ?? 0;
    if (!ZONES.some((zone) => isAt(bytes, start + TIME, zone))) return 'unknown';
    // in most lines the first comma stands right behind this
    let at = (rows[row + ROW_COMMA] ?? 0) - BEFORE_ID.length;
    if (at <= start + TIME || !isAt(bytes, at, BEFORE_ID)) {
      at = start + TIME + 5;
      while (at < end && !(bytes[at] === CLOSE && bytes[at + 1] === 0x3a)) at++;
    }
    this.connectionIdEnd = at;
    let id = at;
    while (isDigit(bytes[id - 1])) id--;
    if (id === at || bytes[id - 1] !== OPEN || !isAt(bytes, at + 2, LOG)) return 'unknown';
    this.connectionId = id;
    at += 2 + LOG.length;
    if (bytes[at] !== SPACE) return 'unknown';
    while (bytes[at] === SPACE) at++;
    if (!isAt(bytes, at, AUDIT)) {
      return SESSION_LINES.some((line) => isAt(bytes, at, line)) ? 'unknown' : 'other';
    }
    at += AUDIT.length;
    const kind = isAt(bytes, at, SESSION) ? SESSION : OBJECT;
    const comma = row + ROW_COMMA;
    // SESSION,statement id,substatement id,class,command,object type,object name,statement
    if (
      (rows[row + ROW_COMMAS] ?? 0) < 8 ||
      (rows[comma] ?? 0) !== at + kind.length ||
      !isAt(bytes, at, kind)
    ) {
      return 'unknown';
    }
    this.start = start;
    this.id = (rows[comma] ?? 0) + 1;
    this.part = (rows[comma + 1] ?? 0) + 1;
    this.partEnd = rows[comma + 2] ?? 0;
    at = (rows[comma + 6] ?? 0) + 1;
    this.field = at;
    // a quoted name may hold commas
    if (bytes[(rows[comma + 5] ?? 0) + 1] === QUOTE || bytes[(rows[comma + 4] ?? 0) + 1] === QUOTE)
      return 'unknown';
    if (bytes[at] === QUOTE) at++;
    while (at < end && (bytes[at] ?? 0) <= SPACE) at++;
    this.bytes = bytes;
    this.statement = at;
    this.end = end;
    this.leading =
      (((bytes[at] ?? 0) | LOWER) << 16) |
      (((bytes[at + 1] ?? 0) | LOWER) << 8) |
      ((bytes[at + 2] ?? 0) | LOWER);
    return 'audit';
  }

  /** To be called before each block: forgets the sessions where they have become many. */
  begin(): void {
    if (this.sessions.length < MOST_SESSIONS) return;
    this.prefixes.begin();
    this.sessions = [];
  }

  /** The record of the statement, as `pgaudit.parse` gives it; null where only that can tell. */
  record(executedAt: EpochMicros): AuditRecord | null {
    const { bytes, field } = this;
    const isQuoted = bytes[field] === QUOTE;
    const from = isQuoted ? field + 1 : field;
    const to = isQuoted ? bytes.indexOf(QUOTE, from) : bytes.indexOf(COMMA, from);
    const tail = isQuoted ? to + 1 : to;
    // pgaudit quotes what holds a quote: anything else is not its own
    const isPlain =
      (isQuoted || !isIn(bytes, QUOTE, from, to)) &&
      TAILS.some((each) => tail + each.length === this.end && isAt(bytes, tail, each));
    if (!isPlain || to < from || this.leading === PREPARE) return null;
    const session = this.session();
    if (session === null) return null;
    const id = bytes.toString('latin1', this.id, this.part - 1);
    return {
      event: 'statement',
      executedAt,
      precisionMicros: 1_000_000,
      stamped: 'start',
      recordedAt: null,
      serverHost: '',
      user: session.user,
      host: session.host,
      connectionId: session.connectionId,
      queryId: `${id}.${bytes.toString('latin1', this.part, this.partEnd)}`,
      database: session.database,
      object: bytes.toString('utf8', from, to),
      errorCode: null,
    };
  }

  /** Sessions write many records each: their prefixes are read once. */
  private session(): Session | null {
    const { bytes, start, connectionIdEnd } = this;
    const number = this.prefixes.numberOf(bytes, start + TIME, connectionIdEnd);
    const known = this.sessions[number];
    if (known !== undefined) return known;
    const text = `${ANY_TIME}${this.prefixes.names[number] ?? ''}${AFTER_PREFIX}`;
    const parsed = pgaudit.parse({ text, recordedAt: null, stream: '' });
    return (this.sessions[number] = typeof parsed === 'string' ? null : parsed);
  }

  /** COMMENT begins like COMMIT, but is of another class; BEGIN and COMMIT are never of MISC_SET. */
  showsControl(): boolean {
    return CONTROL.has(this.leading) && isAt(this.bytes, this.partEnd + 1, MISC);
  }

  /** Whether the record may be selected: false only where it certainly is not. */
  maySelect({ kind }: Selection): boolean {
    const { leading } = this;
    switch (kind) {
      case 'destructive':
        return !(HARMLESS.has(leading) && this.isOneStatement()) && !this.hasSelectiveWhere();
      case 'writes':
        return !(READS.has(leading) && this.isOneStatement());
      case 'control':
        return CONTROL.has(leading);
      case 'matching':
      case 'connections':
      case 'two-phase-ends':
        return true;
    }
  }

  /** Whether no semicolon stands in the record, or in the statement only at its end. */
  private isOneStatement(): boolean {
    const { bytes, end } = this;
    let at = this.statement;
    while (at < end && bytes[at] !== SEMICOLON) at++;
    // a quote and `,<not logged>` or `,<none>` may follow
    return at === end || bytes[at + 1] === 0x2c || (bytes[at + 1] === QUOTE && bytes[at + 2] === 0x2c);
  }

  private hasSelectiveWhere(): boolean {
    if (this.leading !== UPDATE && this.leading !== DELETE) return false;
    const sql = this.bytes.toString('latin1', this.statement, this.end);
    const condition = SELECTIVE.exec(sql);
    return condition !== null && !MAY_BE_ALL.test(sql.slice(condition[0].length));
  }
}

function isIn(bytes: Buffer, byte: number, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] === byte) return true;
  return false;
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
