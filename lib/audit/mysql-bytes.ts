import { unreachable } from '../errors';
import type { Selection } from './log-source';

const COMMA = 0x2c;
const QUOTE = 0x27;
const LOWER = 0x20;
const QUERY = 0x51;
/** First letters of CONNECT and CHANGEUSER (and the table record CREATE), DISCONNECT (and DROP), FAILED_CONNECT. */
const CONNECTION_RECORDS = [0x43, 0x44, 0x46];

const letters = (text: string): number =>
  (text.charCodeAt(0) << 16) | (text.charCodeAt(1) << 8) | text.charCodeAt(2);
const setOf = (...words: string[]): ReadonlySet<number> => new Set(words.map(letters));

const HARMLESS = setOf(
  ...['sel', 'sho', 'set', 'ins', 'rep', 'com', 'rol', 'rel', 'beg', 'use', 'sav', 'sta', 'exp', 'des'],
);
const READS = setOf('sel', 'sho', 'use', 'exp', 'des');
const CONTROL = setOf('set', 'com', 'rol', 'beg', 'sav', 'sta', 'xa ');
const SET = letters('set');
const XA = letters('xa ');
const UPDATE = letters('upd');
const DELETE = letters('del');

/**
 * `UPDATE t SET … WHERE column <op> …` and `DELETE FROM t WHERE column <op> …` in the log's own
 * escapes, whose condition holds no OR and does not compare a column with itself: not for every row.
 */
const SELECTIVE =
  /^(?:update\s+[\w.`]+\s+set\s(?:[^;()'"\\#/-]|\\'[^'\\]*\\'|\((?!\s*select)[^;()'"\\#/-]*\))*?\s|delete\s+from\s+[\w.`]+\s+)where\s+([\w.`]+)\s*(?:=|<|>|\sin\b|\slike\b|\sbetween\b)(?![=>\s]*\1\b)(?![\s\S]*(?:\bor\b|\|\||;\s*\S))(?=\s*[^\s])/i;

/** What a glance at the raw bytes of one MySQL audit record tells; used again for each record, so that a glance leaves no garbage. */
export class MysqlGlance {
  /** Whether the bytes look like a record at all. */
  isRecord = false;
  /** Bounds of the server's name. */
  hostStart = 0;
  hostEnd = 0;
  /** Index of the statement's first byte after white space; -1 where the record is of no statement. */
  sqlStart = -1;
  private connectionStart = 0;
  private connectionEnd = 0;
  private operation = 0;
  /** The statement's first three bytes, in lower case. */
  private leading = 0;

  /** Looks at `serverhost,username,host,connectionid,queryid,operation,database,'sql` from `at` on. */
  read(bytes: Buffer, at: number, end: number): void {
    let i = at;
    this.hostStart = at;
    while (i < end && bytes[i] !== COMMA) i++;
    this.hostEnd = i++;
    while (i < end && bytes[i] !== COMMA) i++;
    i++;
    while (i < end && bytes[i] !== COMMA) i++;
    this.connectionStart = ++i;
    while (i < end && bytes[i] !== COMMA) i++;
    this.connectionEnd = i++;
    while (i < end && bytes[i] !== COMMA) i++;
    this.operation = bytes[++i] ?? 0;
    while (i < end && bytes[i] !== COMMA) i++;
    i++;
    while (i < end && bytes[i] !== COMMA) i++;
    this.isRecord = ++i <= end;
    this.leading = 0;
    this.sqlStart = -1;
    if (i >= end || bytes[i] !== QUOTE) return;
    i++;
    while (i < end && (bytes[i] ?? 0) <= 0x20) i++;
    this.sqlStart = i;
    this.leading =
      (((bytes[i] ?? 0) | LOWER) << 16) |
      (((bytes[i + 1] ?? 0) | LOWER) << 8) |
      ((bytes[i + 2] ?? 0) | LOWER);
  }

  /** Whether it begins or ends a transaction or sets a variable. */
  showsControl(): boolean {
    return this.sqlStart !== -1 && CONTROL.has(this.leading);
  }

  /**
   * Whether the record may be selected, going by its bytes: false only where it certainly is not.
   * `isOneStatement` tells that it holds no semicolon but one at its end.
   */
  maySelect(
    selection: Selection,
    connectionIds: readonly Buffer[],
    bytes: Buffer,
    end: number,
    isOneStatement: boolean,
  ): boolean {
    const isStatement = this.operation === QUERY;
    switch (selection.kind) {
      case 'destructive':
        if (!isStatement) return false;
        return !(isOneStatement && (HARMLESS.has(this.leading) || this.hasSelectiveWhere(bytes, end)));
      case 'matching':
        return isStatement && !(isOneStatement && READS.has(this.leading));
      case 'connections':
        return this.isOneOf(connectionIds, bytes);
      case 'two-phase-ends':
        return isStatement && this.leading === XA;
      case 'control':
        return isStatement && CONTROL.has(this.leading);
      case 'writes':
        if (!isStatement) return CONNECTION_RECORDS.includes(this.operation);
        if (!isOneStatement) return true;
        return this.leading === SET ? this.setsAutocommit(bytes, end) : !READS.has(this.leading);
      default:
        return unreachable(selection);
    }
  }

  private isOneOf(ids: readonly Buffer[], bytes: Buffer): boolean {
    for (const id of ids) {
      if (id.length !== this.connectionEnd - this.connectionStart) continue;
      let i = 0;
      while (i < id.length && id[i] === bytes[this.connectionStart + i]) i++;
      if (i === id.length) return true;
    }
    return false;
  }

  private setsAutocommit(bytes: Buffer, end: number): boolean {
    return /autocommit|password/i.test(bytes.toString('latin1', this.sqlStart, end));
  }

  private hasSelectiveWhere(bytes: Buffer, end: number): boolean {
    if (this.leading !== UPDATE && this.leading !== DELETE) return false;
    const match = SELECTIVE.exec(bytes.toString('latin1', this.sqlStart, end - 2));
    // a constant on the left, such as `1 = 1`, is no column
    return match?.[1] !== undefined && !/^\d/.test(match[1]) && !/^(?:true|false|not|null)$/i.test(match[1]);
  }
}
