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
  const ends: number[] = [];
  for (let i = 0, from = start; i < 7; i++) {
    const comma = text.indexOf(',', from);
    if (comma === -1) return null;
    ends.push(comma);
    from = comma + 1;
  }
  const [host = 0, user = 0, client = 0, connection = 0, query = 0, operation = 0, database = 0] = ends;
  const event = EVENTS.get(text.slice(query + 1, operation));
  const connectionId = text.slice(client + 1, connection);
  const queryId = text.slice(connection + 1, query);
  if (event === undefined || !DIGITS.test(connectionId) || !DIGITS.test(queryId)) return null;
  const object = parseObject(text, database + 1, event);
  if (object === null) return null;
  return {
    serverHost: text.slice(start, host),
    user: text.slice(host + 1, user),
    host: text.slice(user + 1, client),
    connectionId,
    queryId,
    event,
    database: text.slice(operation + 1, database),
    ...object,
  };
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
