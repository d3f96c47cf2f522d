import { epochMicros, type EpochMicros } from '../time';
import type { AuditDialect, AuditEvent, LogLine, ParsedLine } from './audit-record';

/** The time of a record, in UTC or so far from it. */
const TIME = String.raw`^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:[.](\d{1,6}))? (UTC|GMT|[+-]\d\d(?::?\d\d)?)`;
const SEVERITY = String.raw`(LOG|ERROR|FATAL|PANIC|STATEMENT|WARNING|NOTICE|INFO|DEBUG\d|DETAIL|HINT|CONTEXT|QUERY|LOCATION):\s+`;
const PREFIXES = [
  // `%t:%r:%u@%d:[%p]:` as Aurora PostgreSQL writes it, with `%m` (milliseconds) and more behind it too; names of users may hold @
  new RegExp(
    String.raw`${TIME}:(?<host>[^:()]*(?:\(\d+\))?|[0-9a-fA-F:]*\(\d+\)):(?<user>[^:\n]*)@(?<database>[^@:\n]*):\[(?<id>\d+)\]:(?:[^\n]*?:)??\s*${SEVERITY}`,
  ),
  // `%m [%p] %q%u@%d ` and its like, which do not tell the host
  new RegExp(
    String.raw`${TIME}:? ?\[(?<id>\d+)\]:? +(?:\[[-\d]+\]:? +)?(?:(?<user>\S*)@(?<database>[^@\s:]*):? +)?(?<host>)${SEVERITY}`,
  ),
];
const BEGINS = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;
const AUDIT = 'AUDIT: ';
const READS_OR_ADDS = new Set(['SELECT', 'INSERT']);
const IDLE_IN_TRANSACTION = 'terminating connection due to idle-in-transaction timeout';
/** Logged as LOG, and only where a transaction was open. */
const EOF_IN_TRANSACTION = 'unexpected EOF on client connection with an open transaction';
/** What no other line of the log begins with behind its prefix. */
const HOLDS_AUDIT = /\bAUDIT: (?:SESSION|OBJECT),/;

/**
 * pgaudit's records in the log of Aurora PostgreSQL. A statement's record is written before the
 * statement runs, COMMIT's before the commit; a failure follows as an ERROR of its own.
 */
export const pgaudit: AuditDialect = {
  name: 'pgaudit',
  beginsRecord: (line) => BEGINS.test(line),
  // a line that goes on begins with a tab or, inside a quoted statement, with anything: only a new prefix ends a record
  isWhole: () => false,
  parse: parsePgaudit,
};

function parsePgaudit({ text, recordedAt, stream }: LogLine): ParsedLine {
  const prefix = prefixOf(text);
  if (prefix === null)
    return (BEGINS.test(text) && !HOLDS_AUDIT.test(text)) || text.trim() === '' ? 'other' : 'unparsed';
  const [whole, date = '', time = '', fraction = '', zone = ''] = prefix;
  const { host = '', user = '', database = '', id: connectionId = '' } = prefix.groups ?? {};
  const severity = prefix.at(-1) ?? '';
  const message = text.slice(whole.length).replaceAll('\n\t', '\n');
  const millis = Date.parse(`${date}T${time}${offsetOf(zone)}`);
  if (Number.isNaN(millis)) return 'unparsed';
  const base = {
    executedAt: epochMicros(millis * 1000 + Number(fraction.padEnd(6, '0'))) satisfies EpochMicros,
    precisionMicros: fraction === '' ? 1_000_000 : 10 ** (6 - fraction.length),
    stamped: 'start' as const,
    recordedAt,
    serverHost: stream,
    user,
    host,
    connectionId,
    database,
  };
  if (severity === 'ERROR' || severity === 'FATAL' || severity === 'PANIC') {
    const error = { ...base, event: 'error' as const, queryId: null, object: '', errorCode: null };
    if (severity === 'ERROR') return error;
    return { ...error, ends: message.startsWith(IDLE_IN_TRANSACTION) ? 'transaction' : 'session' };
  }
  // follows an ERROR and holds what failed: in logs of whole seconds the order alone does not tell
  if (severity === 'STATEMENT')
    return { ...base, event: 'error', queryId: null, object: message, errorCode: null };
  if (message.startsWith(EOF_IN_TRANSACTION))
    return { ...base, event: 'error', queryId: null, object: '', errorCode: null, ends: 'transaction' };
  if (!message.startsWith(AUDIT)) {
    const event = connectionEvent(message);
    return event === null ? 'other' : { ...base, event, queryId: null, object: '', errorCode: null };
  }
  const [kind, statementId, substatementId, , command, , , statement, , ...more] = parseCsv(
    message.slice(AUDIT.length),
  );
  if ((kind !== 'SESSION' && kind !== 'OBJECT') || statementId === undefined || statement === undefined) {
    return 'unparsed';
  }
  if (more.length > 1) return 'unparsed';
  // with pgaudit.log_statement_once a statement's further records, one for each relation, are without its text
  if (statement === '<previously logged>' && READS_OR_ADDS.has(command ?? '')) return 'other';
  return {
    ...base,
    // an OBJECT record repeats a statement once for each relation that it touches
    event: 'statement',
    queryId: `${statementId}.${substatementId ?? ''}`,
    object: command === 'PREPARE' ? statement : statement.replace(PREPARE, ''),
    errorCode: null,
  };
}

function prefixOf(text: string): RegExpExecArray | null {
  for (const each of PREFIXES) {
    const found = each.exec(text);
    if (found !== null) return found;
  }
  return null;
}

function offsetOf(zone: string): string {
  const [, hours, minutes = '00'] = /^([+-]\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return hours === undefined ? 'Z' : `${hours}:${minutes}`;
}

/** What EXECUTE runs is logged with the text of its PREPARE; the command tells one from the other. */
const PREPARE = /^\s*prepare\s+(?!transaction\b)(?:"[^"]*"|[^\s("]+)\s*(?:\([^)]*\))?\s+as\s+/i;

function connectionEvent(message: string): AuditEvent | null {
  if (message.startsWith('connection authorized:')) return 'connect';
  if (message.startsWith('disconnection:')) return 'disconnect';
  return null;
}

/** One CSV record whose quotes are doubled inside quoted fields; an unclosed quote runs to the end. */
function parseCsv(text: string): string[] {
  const field = /"((?:[^"]+|"")*)(?:"|$)|([^,"]*)/y;
  const fields: string[] = [];
  for (let at = 0; at <= text.length;) {
    field.lastIndex = at;
    const match = field.exec(text);
    if (match === null) break;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    at = field.lastIndex;
    if (text[at] !== ',') break;
    at++;
  }
  return fields;
}
