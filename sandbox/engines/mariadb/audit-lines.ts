import type { Micros } from '../database-cluster';

/** What follows time and server host in a QUERY record: the text is all between the first `,'` and the last `',<retcode>`. */
const QUERY = /^(?<before>.*?,\d+,\d+,QUERY,.*?,')(?<text>.*)(?<after>',\d+)$/s;
const RECORD = /^\d{8} \d\d:\d\d:\d\d,[^,]*,(?<rest>.*)$/s;

/** How the plugin writes white space within a statement; Aurora MySQL 2 puts a blank for each. */
const WHITE_SPACE = /\\(?<escaped>[\s\S])|[\v]/g;

/** Logged without user and host, and with what lay in memory as the database (seen with 10.11). */
const CHANGE_USER = /^(?<before>,,\d+,\d+,CHANGEUSER,).*(?<after>,,\d+)$/s;

/** Whether a line of the plugin's file begins a record, rather than going on with the one before. */
export function isAuditRecord(line: string): boolean {
  return RECORD.test(line);
}

/**
 * A record of MariaDB's server_audit plugin as Aurora MySQL's advanced auditing writes it: the
 * instant in microseconds, the instance as server host, white space within statements as blanks.
 * Both plugins agree on the rest (they have one ancestor). Undefined where the line is no record.
 */
export function auroraAuditLine(line: string, writtenAt: Micros, serverHost: string): string | undefined {
  const rest = RECORD.exec(line)?.groups?.['rest'];
  if (rest === undefined) return undefined;
  return `${writtenAt},${serverHost},${asAurora(rest)}`;
}

function asAurora(rest: string): string {
  const query = QUERY.exec(rest)?.groups;
  if (query !== undefined) {
    const { before = '', text = '', after = '' } = query;
    return `${before}${text.replace(WHITE_SPACE, blankForWhiteSpace)}${after}`;
  }
  return rest.replace(CHANGE_USER, '$<before>$<after>');
}

function blankForWhiteSpace(sequence: string, escaped: string | undefined): string {
  switch (escaped) {
    case undefined:
    case 'n':
    case 'r':
    case 't':
    case 'f':
      return ' ';
    case 'b':
      return '\b';
    default:
      return sequence;
  }
}
