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

const EVENTS: Readonly<Record<string, AuditEvent>> = {
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
};

const HEAD = /^([^,]*),([^,]*),([^,]*),(\d+),(\d+),([A-Z_]+),([^,]*),/;
const QUOTED_TAIL = /',(\d*)((?:,[^',]*)*)\s*$/;
const PLAIN_TAIL = /,(\d*)((?:,[^,]*)*)\s*$/;

/**
 * Reads `serverhost,username,host,connectionid,queryid,operation,database,object,retcode`.
 * Null where the text is not such a record.
 */
export function parseMysqlFields(text: string): MysqlFields | null {
  const head = HEAD.exec(text);
  if (head === null) return null;
  const [whole, serverHost = '', user = '', host = '', connectionId = '', queryId = '', operation = ''] =
    head;
  const event = EVENTS[operation];
  if (event === undefined) return null;
  const object = parseObject(text.slice(whole.length), event);
  if (object === null) return null;
  return { serverHost, user, host, connectionId, queryId, event, database: head[7] ?? '', ...object };
}

function parseObject(
  text: string,
  event: AuditEvent,
): Pick<MysqlFields, 'object' | 'errorCode' | 'rest'> | null {
  if (text.startsWith("'")) {
    const tail = QUOTED_TAIL.exec(text);
    if (tail === null || tail.index === 0) return null;
    return { object: unquote(text.slice(1, tail.index)), errorCode: errorCode(tail[1]), rest: tail[2] ?? '' };
  }
  // the connect family has an empty object; what follows the error code there is the connection's type
  if (event !== 'table') {
    const [object = '', code, ...rest] = text.trimEnd().split(',');
    return code === undefined
      ? null
      : { object, errorCode: errorCode(code), rest: rest.map((r) => `,${r}`).join('') };
  }
  const tail = PLAIN_TAIL.exec(text);
  if (tail === null) return null;
  return { object: text.slice(0, tail.index), errorCode: errorCode(tail[1]), rest: tail[2] ?? '' };
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
  const tail = QUOTED_TAIL.exec(text);
  return tail !== null && tail.index > head[0].length && !isEscaped(text, tail.index);
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}
