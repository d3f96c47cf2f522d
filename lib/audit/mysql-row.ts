import { unreachable } from '../errors';
import { ROW } from './line-index';
import type { Selection } from './log-source';

/** Here, since an imported name is looked up at each use. */
const { comma: ROW_COMMA, end: ROW_END, semicolon: ROW_SEMICOLON } = ROW;
const QUOTE = 0x27;
const RETURN = 0x0d;
const LOWER = 0x20;
const QUERY = 0x51;
const S = 0x73;
/** First letters of CONNECT and CHANGEUSER (and the table record CREATE), DISCONNECT (and DROP), FAILED_CONNECT. */
const CONNECTION_RECORDS = [0x43, 0x44, 0x46];

const letters = (text: string): number =>
  (text.charCodeAt(0) << 16) | (text.charCodeAt(1) << 8) | text.charCodeAt(2);
const setOf = (...words: string[]): ReadonlySet<number> => new Set(words.map(letters));

const HARMLESS = setOf(
  ...['sel', 'sho', 'set', 'ins', 'rep', 'com', 'rol', 'rel', 'beg', 'use', 'sav', 'sta', 'exp', 'des'],
);
const READS = setOf('sel', 'sho', 'use', 'exp', 'des');
const CONTROL = setOf('com', 'rol', 'beg', 'sav', 'sta', 'xa ');
const SET = letters('set');
const XA = letters('xa ');
const UPDATE = letters('upd');
const DELETE = letters('del');

/** A quoted text in the log's own escapes, and what may follow a condition that is whole. */
const TEXT = String.raw`\\'[^'\\]*\\'`;
const LITERAL = String.raw`(?:${TEXT}|-?\d[\w.]*|\?)`;
const ENDS = String.raw`\s*(?:'|;|$|(?:and|order|limit)\b)`;
/** Above 0 and 1, and other than '', which all keys are. */
const BOUND = String.raw`(?:\\'(?![\d-]|\\)[^'\\]*\\'|(?:[2-9]|1\d)[\w.]*|\?)`;

/**
 * `UPDATE t SET … WHERE column <op> …` and `DELETE FROM t WHERE column <op> …` in the log's own
 * escapes, whose condition begins with a comparison with a literal that most rows do not fulfil: not for
 * every row unless an OR follows. What is said here must hold for `isSelective` of line-index.wat too, which looks first.
 */
const SELECTIVE = new RegExp(
  String.raw`^(?:update\s+[\w.${'`'}]+\s+set\s(?:[^;()'"\\#/-]|${TEXT}|\((?!\s*select)[^;()'"\\#/-]*\))*?\s|delete\s+from\s+[\w.${'`'}]+\s+)where\s+` +
    String.raw`(?!\d|(?:true|false|not|null)\b)[\w.${'`'}]+(?![\w.${'`'}])(?:\s*[<=][=\s]*${LITERAL}|\s*[<=>][=>\s]*${BOUND}` +
    String.raw`|\s+in\s*\((?:[\d\s,.?-]|${TEXT})*\)|\s+like\s*(?!\\'[%_]*\\')${TEXT}|\s+between\s+${LITERAL}\s+and\s+${LITERAL})(?=${ENDS})`,
  'i',
);
const MAY_BE_ALL = /\bx?or\b|\|\||;\s*\S/i;

/**
 * What the first bytes of a record's operation and object tell of it, as bits; line-index.wat has them
 * too. `conditional`: an UPDATE or DELETE, which is harmless where its condition is.
 */
export const KIND = { table: 1, connection: 2, harmless: 4, read: 8, control: 16, conditional: 32 } as const;

const { table: TABLE, connection: CONNECTION } = KIND;
/**
 * The kinds of statements by the last five bits of each of their first three letters: the letters in
 * lower case, the first one lowest, so that others in the same place are told apart, and the kind above them.
 */
export const STATEMENT_KINDS = new Int32Array(2 ** 15);
const slotOf = (three: number): number =>
  ((three << 10) & 0x7c00) | ((three >> 3) & 0x3e0) | ((three >> 16) & 0x1f);
for (const three of new Set([...HARMLESS, ...READS, ...CONTROL, UPDATE, DELETE])) {
  const lowestFirst = ((three & 0xff) << 16) | (three & 0xff00) | (three >> 16);
  const kind =
    (HARMLESS.has(three) && three !== SET ? KIND.harmless : 0) |
    (READS.has(three) ? KIND.read : 0) |
    (CONTROL.has(three) ? KIND.control : 0) |
    (three === UPDATE || three === DELETE ? KIND.conditional : 0);
  STATEMENT_KINDS[slotOf(lowestFirst)] = (kind << 24) | lowestFirst;
}

/** The bits for the first four bytes of the operation and of the object, the first byte lowest; 0 where a closer look is needed. */
export function kindOf(operation: number, object: number): number {
  const first = operation & 0xff;
  if (first !== QUERY) return CONNECTION_RECORDS.includes(first) ? CONNECTION : TABLE;
  if ((object & 0xff) !== QUOTE) return 0;
  // a space as the first of them is one in lower case too, and begins nothing
  const three = (object >>> 8) | 0x202020;
  const known = STATEMENT_KINDS[slotOf(three)] ?? 0;
  return (known & 0xffffff) === three ? known >>> 24 : 0;
}

/** The kinds of which a selection certainly holds none, of one statement each; `conditional` where its condition is harmless. */
export function passedOver({ kind }: Selection): number {
  switch (kind) {
    case 'destructive':
      return KIND.table | KIND.connection | KIND.harmless | KIND.conditional;
    case 'matching':
      return KIND.table | KIND.connection | KIND.read;
    case 'control':
    case 'two-phase-ends':
      return KIND.table | KIND.connection;
    case 'writes':
      return KIND.table | KIND.read;
    case 'connections':
      return 0;
  }
}

/** Whether a row's record holds no semicolon, or one at its end only. */
export function hasOneStatement(rows: Int32Array, row: number): boolean {
  const semicolon = rows[row + ROW_SEMICOLON] ?? 0;
  return semicolon === 0 || semicolon >= (rows[row + ROW_END] ?? 0) - 4;
}

/**
 * What the raw bytes of one MySQL audit record tell, of one line, with the fields
 * `time,serverhost,username,host,connectionid,queryid,operation,database,object,retcode`. Used again
 * for each record, so that looking leaves no garbage.
 */
export class MysqlRow {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  /** Without the line break. */
  end = 0;
  /** Bounds of the fields. */
  serverHost = 0;
  serverHostEnd = 0;
  sessionEnd = 0;
  connectionId = 0;
  queryId = 0;
  operation = 0;
  database = 0;
  object = 0;
  isStatement = false;
  /** Index of the statement's first byte after white space; -1 where the record is of no quoted statement. */
  sqlStart = -1;
  /** Whether the statement holds no semicolon, or only one at its end. */
  isOneStatement = true;
  /** The statement's first three bytes, in lower case. */
  private leading = 0;

  read(bytes: Buffer, rows: Int32Array, row: number): void {
    const comma = row + ROW_COMMA;
    this.bytes = bytes;
    this.start = rows[row] ?? 0;
    const end = rows[row + ROW_END] ?? 0;
    this.end = bytes[end - 1] === RETURN ? end - 1 : end;
    this.serverHost = (rows[comma] ?? 0) + 1;
    this.serverHostEnd = rows[comma + 1] ?? 0;
    this.connectionId = (rows[comma + 3] ?? 0) + 1;
    this.sessionEnd = rows[comma + 4] ?? 0;
    this.queryId = this.sessionEnd + 1;
    this.operation = (rows[comma + 5] ?? 0) + 1;
    this.database = (rows[comma + 6] ?? 0) + 1;
    const object = (rows[comma + 7] ?? 0) + 1;
    this.object = object;
    this.isStatement = bytes[this.operation] === QUERY;
    this.sqlStart = -1;
    this.leading = 0;
    this.isOneStatement = true;
    if (bytes[object] !== QUOTE) return;
    let i = object + 1;
    while (i < this.end && (bytes[i] ?? 0) <= 0x20) i++;
    this.sqlStart = i;
    this.leading =
      (((bytes[i] ?? 0) | LOWER) << 16) |
      (((bytes[i + 1] ?? 0) | LOWER) << 8) |
      ((bytes[i + 2] ?? 0) | LOWER);
    const semicolon = rows[row + ROW_SEMICOLON] ?? 0;
    this.isOneStatement = semicolon === 0 || semicolon >= this.end - 4;
  }

  text(): string {
    return this.bytes.toString('utf8', this.start, this.end);
  }

  /** Whether it begins or ends a transaction or sets a variable. */
  showsControl(): boolean {
    if (this.sqlStart === -1) return false;
    // SET PASSWORD is audited with GRANT and its like, not with transactions
    return CONTROL.has(this.leading) || (this.leading === SET && !this.sqlMatches(/^set\s+password\b/i));
  }

  /** Whether the record may be selected, going by its bytes: false only where it certainly is not. */
  maySelect(selection: Selection): boolean {
    const { isStatement, isOneStatement, leading } = this;
    switch (selection.kind) {
      case 'destructive':
        if (!isStatement) return false;
        if (!isOneStatement) return true;
        if (leading === SET) return this.setsStatement();
        return !(HARMLESS.has(leading) || this.hasSelectiveWhere());
      case 'matching':
        return isStatement && !(isOneStatement && READS.has(leading));
      // what comes before has looked at the connection
      case 'connections':
        return true;
      case 'two-phase-ends':
        return isStatement && leading === XA;
      case 'control':
        return isStatement && this.showsControl();
      case 'writes':
        if (!isStatement) return CONNECTION_RECORDS.includes(this.bytes[this.operation] ?? 0);
        if (!isOneStatement) return true;
        if (leading !== SET) return !READS.has(leading);
        return this.setsStatement() || this.sqlMatches(/autocommit|completion_type|password/i);
      default:
        return unreachable(selection);
    }
  }

  /** `SET STATEMENT … FOR` runs the statement that follows. */
  private setsStatement(): boolean {
    let i = this.sqlStart + 3;
    while (i < this.end && (this.bytes[i] ?? 0) <= 0x20) i++;
    return ((this.bytes[i] ?? 0) | LOWER) === S && this.sqlMatches(/^set\s+statement/i);
  }

  private sqlMatches(pattern: RegExp): boolean {
    return pattern.test(this.bytes.toString('latin1', this.sqlStart, this.end));
  }

  private hasSelectiveWhere(): boolean {
    if (this.leading !== UPDATE && this.leading !== DELETE) return false;
    const sql = this.bytes.toString('latin1', this.sqlStart, this.end - 2);
    // looked for once: from each WHERE on, a long text would take too long
    const condition = SELECTIVE.exec(sql);
    return condition !== null && !MAY_BE_ALL.test(sql.slice(condition[0].length));
  }
}

/** A connection id's digits as a number that a filter of connections goes by; different ids may have the same. */
export function connectionNumber(bytes: Buffer, start: number, end: number): number {
  let number = 0;
  for (let i = start; i < end; i++) number = (Math.imul(number, 10) + (bytes[i] ?? 0) - 0x30) | 0;
  return number;
}
