import type { AuditEvent } from './audit-record';

/** The fields that Aurora MySQL and MariaDB's server_audit write after the time. */
export interface MysqlFields {
  readonly serverHost: string;
  readonly user: string;
  readonly host: string;
  readonly connectionId: string;
  readonly queryId: string;
  readonly event: AuditEvent;
  readonly database: string;
  readonly object: string;
  readonly errorCode: number | null;
  /** What follows the error code, such as the two commas of RDS MySQL 8. */
  readonly rest: string;
}

const EVENTS: ReadonlyMap<string, AuditEvent> = new Map(
  Object.entries({
    QUERY: 'statement',
    QUERY_DML: 'statement',
    QUERY_DDL: 'statement',
    QUERY_DCL: 'statement',
    QUERY_DML_NO_SELECT: 'statement',
    CONNECT: 'connect',
    FAILED_CONNECT: 'failed-connect',
    DISCONNECT: 'disconnect',
    CHANGEUSER: 'change-user',
    READ: 'table',
    WRITE: 'table',
    CREATE: 'table',
    ALTER: 'table',
    RENAME: 'table',
    DROP: 'table',
  } as const satisfies Record<string, AuditEvent>),
);

/** `retcode` and what some builds write after it. */
const TAIL = /^(\d*)((?:,[^,]*)*)\s*$/;
const DIGITS = /^\d+$/;

/**
 * Reads `serverhost,username,host,connectionid,queryid,operation,database,object,retcode` from
 * `start` on. Null where the text is not such a record.
 */
export function parseMysqlFields(text: string, start: number): MysqlFields | null {
  const session = nthComma(text, start, 4);
  const query = session === -1 ? -1 : text.indexOf(',', session + 1);
  const operation = query === -1 ? -1 : text.indexOf(',', query + 1);
  const database = operation === -1 ? -1 : text.indexOf(',', operation + 1);
  if (database === -1) return null;
  const event = EVENTS.get(text.slice(query + 1, operation));
  const head = sessionOf(text.slice(start, session));
  const queryId = text.slice(session + 1, query);
  if (event === undefined || head === null || !DIGITS.test(queryId)) return null;
  const rest = parseObject(text, database + 1, event);
  if (rest === null) return null;
  return {
    serverHost: head.serverHost,
    user: head.user,
    host: head.host,
    connectionId: head.connectionId,
    queryId,
    event,
    database: text.slice(operation + 1, database),
    object: rest.object,
    errorCode: rest.errorCode,
    rest: rest.rest,
  };
}

export type Session = Pick<MysqlFields, 'serverHost' | 'user' | 'host' | 'connectionId'>;

/** Sessions write many records each: their fields are read once and shared, which saves most of the memory. */
const sessions = new Map<string, Session>();
const MOST_SESSIONS = 10_000;

export function sessionOf(text: string): Session | null {
  const known = sessions.get(text);
  if (known !== undefined) return known;
  const [serverHost = '', user = '', host = '', connectionId = ''] = text.split(',');
  if (!DIGITS.test(connectionId)) return null;
  if (sessions.size >= MOST_SESSIONS) sessions.clear();
  const session = { serverHost, user, host, connectionId };
  sessions.set(text, session);
  return session;
}

function nthComma(text: string, start: number, count: number): number {
  let at = start - 1;
  for (let i = 0; i < count; i++) {
    at = text.indexOf(',', at + 1);
    if (at === -1) return -1;
  }
  return at;
}

function parseObject(
  text: string,
  start: number,
  event: AuditEvent,
): Pick<MysqlFields, 'object' | 'errorCode' | 'rest'> | null {
  if (text[start] === "'") {
    // no quote comes after the closing one
    const close = text.lastIndexOf("'");
    if (close === start || text[close + 1] !== ',') return null;
    const tail = TAIL.exec(text.slice(close + 2));
    if (tail === null) return null;
    return {
      object: unquote(text.slice(start + 1, close)),
      errorCode: errorCode(tail[1]),
      rest: tail[2] ?? '',
    };
  }
  // the connect family has an empty object; what follows the error code there is the connection's type
  const end = event === 'table' ? lastFieldOf(text, start) : text.indexOf(',', start);
  const tail = end === -1 ? null : TAIL.exec(text.slice(end + 1));
  if (tail === null) return null;
  return { object: text.slice(start, end), errorCode: errorCode(tail[1]), rest: tail[2] ?? '' };
}

/** The comma after a table's name, which may itself hold commas: the one that only a code and empty fields follow. */
function lastFieldOf(text: string, start: number): number {
  const match = /,\d*,*\s*$/.exec(text.slice(start));
  return match === null ? -1 : start + match.index;
}

function errorCode(text: string | undefined): number | null {
  return text === undefined || !/^\d+$/.test(text) ? null : Number(text);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Undoes the plugin's escapes: `\'`, `\\`, and the control characters that some builds escape. */
export function unquote(text: string): string {
  if (!text.includes('\\')) return text;
  // most texts hold escaped quotes only
  if (!/\\[^']/.test(text)) return text.replaceAll("\\'", "'");
  return text.replace(/\\([\s\S])/g, (whole, char: string) =>
    char === "'" || char === '\\' ? char : (ESCAPES[char] ?? whole),
  );
}

/** Whether the quoted object of a record is closed, so that the record does not go on in the next line. */
export function isWholeMysqlRecord(text: string): boolean {
  const head = /^[^,]*,[^,]*,[^,]*,[^,]*,\d+,\d+,[A-Z_]+,[^,]*,(?=')/.exec(text);
  if (head === null) return true;
  const close = text.lastIndexOf("'");
  return (
    close > head[0].length && /^,\d*(?:,[^,]*)*\s*$/.test(text.slice(close + 1)) && !isEscaped(text, close)
  );
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}
