import { epochMicros, type EpochMicros } from '../time';
import type { AuditDialect, AuditEvent, LogLine, ParsedLine } from './audit-record';

/** `%t:%r:%u@%d:[%p]:` as Aurora PostgreSQL writes it, with `%m` (milliseconds) too, and the message's severity. */
const PREFIX =
  /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:[.](\d{1,6}))? (?:UTC|GMT):([^:()]*(?:\(\d+\))?|[0-9a-fA-F:]*\(\d+\)):([^@]*)@([^:]*):\[(\d+)\]:\s*([A-Z]+\d?):\s+/;
const BEGINS = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/;
const AUDIT = 'AUDIT: ';

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
  const prefix = PREFIX.exec(text);
  if (prefix === null) return BEGINS.test(text) || text.trim() === '' ? 'other' : 'unparsed';
  const [whole, date = '', time = '', fraction = '', host = '', user = '', database = '', connectionId = ''] =
    prefix;
  const severity = prefix[8] ?? '';
  const message = text.slice(whole.length).replaceAll('\n\t', '\n');
  const millis = Date.parse(`${date}T${time}Z`);
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
    return { ...base, event: 'error', queryId: null, object: '', errorCode: null };
  }
  // follows an ERROR and holds what failed: in logs of whole seconds the order alone does not tell
  if (severity === 'STATEMENT')
    return { ...base, event: 'error', queryId: null, object: message, errorCode: null };
  if (!message.startsWith(AUDIT)) {
    const event = connectionEvent(message);
    return event === null ? 'other' : { ...base, event, queryId: null, object: '', errorCode: null };
  }
  const [kind, statementId, substatementId, , , , , statement, , ...more] = parseCsv(
    message.slice(AUDIT.length),
  );
  if ((kind !== 'SESSION' && kind !== 'OBJECT') || statementId === undefined || statement === undefined) {
    return 'unparsed';
  }
  if (more.length > 1) return 'unparsed';
  return {
    ...base,
    // an OBJECT record repeats a statement once for each relation that it touches
    event: 'statement',
    queryId: `${statementId}.${substatementId ?? ''}`,
    object: statement,
    errorCode: null,
  };
}

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
