import { unreachable } from '../errors';
import type { Selection } from './log-source';

/** What a glance at the raw bytes of a MySQL audit record tells; reused for each record, so that a glance makes no garbage. */
export interface Glance {
  /** Bounds of the server's name and of the connection id; -1 where the bytes are no record. */
  hostStart: number;
  hostEnd: number;
  connectionStart: number;
  connectionEnd: number;
  /** First byte of the operation's name. */
  operation: number;
  /** First and second byte of the statement, in lower case, after its white space; 0 where there is none. */
  first: number;
  second: number;
  third: number;
  /** Index of the statement's first byte. */
  sqlStart: number;
}

export function newGlance(): Glance {
  return {
    hostStart: -1,
    hostEnd: -1,
    connectionStart: -1,
    connectionEnd: -1,
    operation: 0,
    first: 0,
    second: 0,
    third: 0,
    sqlStart: -1,
  };
}

const COMMA = 0x2c;
const QUOTE = 0x27;
const LOWER = 0x20;

/** Reads `serverhost,username,host,connectionid,queryid,operation,database,'sql` from `at` on. */
export function glanceAt(glance: Glance, bytes: Buffer, at: number, end: number): void {
  let i = at;
  glance.hostStart = at;
  while (i < end && bytes[i] !== COMMA) i++;
  glance.hostEnd = i++;
  while (i < end && bytes[i] !== COMMA) i++;
  i++;
  while (i < end && bytes[i] !== COMMA) i++;
  glance.connectionStart = ++i;
  while (i < end && bytes[i] !== COMMA) i++;
  glance.connectionEnd = i++;
  while (i < end && bytes[i] !== COMMA) i++;
  i++;
  glance.operation = bytes[i] ?? 0;
  while (i < end && bytes[i] !== COMMA) i++;
  i++;
  while (i < end && bytes[i] !== COMMA) i++;
  i++;
  glance.first = glance.second = glance.third = 0;
  glance.sqlStart = -1;
  if (i >= end || bytes[i] !== QUOTE) {
    if (i > end) glance.connectionStart = -1;
    return;
  }
  i++;
  while (i < end && (bytes[i] ?? 0) <= 0x20) i++;
  glance.sqlStart = i;
  glance.first = (bytes[i] ?? 0) | LOWER;
  glance.second = (bytes[i + 1] ?? 0) | LOWER;
  glance.third = (bytes[i + 2] ?? 0) | LOWER;
}

const letters = (text: string): number =>
  (text.charCodeAt(0) << 16) | (text.charCodeAt(1) << 8) | text.charCodeAt(2);
const QUERY = 0x51;
/** Operations CONNECT, CHANGEUSER (and the table event CREATE), DISCONNECT (and DROP), FAILED_CONNECT. */
const C = 0x43;
const D = 0x44;
const F = 0x46;

const HARMLESS = new Set(
  ['sel', 'sho', 'set', 'ins', 'rep', 'com', 'rol', 'rel', 'beg', 'use', 'sav', 'sta', 'exp', 'des'].map(
    letters,
  ),
);
const READS = new Set(['sel', 'sho', 'use', 'exp', 'des'].map(letters));
const CONTROL = new Set(['set', 'com', 'rol', 'beg', 'sav', 'sta', 'xa '].map(letters));

export function leadingLetters({ first, second, third }: Glance): number {
  return (first << 16) | (second << 8) | third;
}

export function showsControl(glance: Glance): boolean {
  return glance.sqlStart !== -1 && CONTROL.has(leadingLetters(glance));
}

/**
 * Whether a record may be selected, going by its bytes: false only where it certainly is not.
 * `isOneStatement` tells whether the record holds no semicolon but one at its end.
 */
export function maySelect(
  selection: Selection,
  connectionIds: readonly Buffer[],
  glance: Glance,
  bytes: Buffer,
  end: number,
  isOneStatement: boolean,
): boolean {
  if (glance.connectionStart === -1) return true;
  const isStatement = glance.operation === QUERY;
  switch (selection.kind) {
    case 'destructive':
      if (!isStatement) return false;
      if (isOneStatement && HARMLESS.has(leadingLetters(glance))) return false;
      return !(isOneStatement && hasSelectiveWhere(glance, bytes, end));
    case 'matching':
      return isStatement && !(isOneStatement && READS.has(leadingLetters(glance)));
    case 'connections':
      return isOneOf(connectionIds, glance, bytes) || (isStatement && leadingLetters(glance) === XA);
    case 'control':
      return isStatement && CONTROL.has(leadingLetters(glance));
    case 'writes':
      if (isStatement) return !(isOneStatement && READS.has(leadingLetters(glance)));
      return glance.operation === C || glance.operation === D || glance.operation === F;
    default:
      return unreachable(selection);
  }
}

const XA = letters('xa ');

function isOneOf(ids: readonly Buffer[], { connectionStart, connectionEnd }: Glance, bytes: Buffer): boolean {
  for (const id of ids) {
    if (id.length !== connectionEnd - connectionStart) continue;
    let i = 0;
    while (i < id.length && id[i] === bytes[connectionStart + i]) i++;
    if (i === id.length) return true;
  }
  return false;
}

const UPDATE = letters('upd');
const DELETE = letters('del');
/**
 * `UPDATE t SET … WHERE column <op> …` and `DELETE FROM t WHERE column <op> …` in the log's own
 * escapes, whose condition holds no OR and does not compare a column with itself: not for every row.
 */
const SELECTIVE =
  /^(?:update\s+[\w.`]+\s+set\s(?:[^;()'"\\#/-]|\\'[^'\\]*\\')*?\s|delete\s+from\s+[\w.`]+\s+)where\s+([\w.`]+)\s*(?:=|<|>|\sin\b|\slike\b|\sbetween\b)(?![=>\s]*\1\b)(?![\s\S]*(?:\bor\b|\|\||;\s*\S))(?=\s*[^\s])/i;

function hasSelectiveWhere(glance: Glance, bytes: Buffer, end: number): boolean {
  const leading = leadingLetters(glance);
  if (leading !== UPDATE && leading !== DELETE) return false;
  const match = SELECTIVE.exec(bytes.toString('latin1', glance.sqlStart, end - 2));
  // a constant on the left, such as `1 = 1`, is no column
  return match?.[1] !== undefined && !/^\d/.test(match[1]) && !/^(?:true|false|not|null)$/i.test(match[1]);
}
