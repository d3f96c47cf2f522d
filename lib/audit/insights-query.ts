import type { Dialect } from '../artefacts';
import { unreachable } from '../errors';
import type { Connection, Selection } from './log-source';

const FIELDS = 'fields @timestamp, @ingestionTime, @logStream, @message';

/** Statements that neither destroy nor hide anything, where no other statement follows in the same text. */
const HARMLESS_VERBS =
  'select|show|set|use|explain|desc|describe|insert|replace|commit|rollback|begin|start|savepoint|release|flush|lock|unlock|create';
const CONTROL_VERBS = 'begin|start|commit|rollback|set|savepoint|xa';
const READ_VERBS = 'select|show|use|explain|desc|describe';

/** The query that finds what a selection asks for, or a little more; what it gives is parsed and selected again. */
export function renderInsightsQuery(selection: Selection, dialect: Dialect, limit: number): string {
  const condition = dialect === 'pgaudit' ? pgauditCondition(selection) : mysqlCondition(selection);
  return `${FIELDS}\n| filter ${condition}\n| sort @timestamp asc\n| limit ${limit}`;
}

/** The newest records: they tell how far the logs have arrived. */
export function renderNewestQuery(limit: number): string {
  return `${FIELDS}\n| sort @timestamp desc\n| limit ${limit}`;
}

/** A message may hold several lines, of which one harmless line must not hide another. */
const SEVERAL_LINES = String.raw`@message like /\n\d{8,16}[ ,]/`;

function mysqlCondition(selection: Selection): string {
  const statement = '@message like /,QUERY[A-Z_]*,/';
  const beginsWith = (verbs: string): string =>
    String.raw`@message like /(?i),QUERY[A-Z_]*,[^,]*,'\s*(${verbs})\b[^;]*$/`;
  switch (selection.kind) {
    case 'destructive':
      return `${statement} and (not (${beginsWith(HARMLESS_VERBS)}) or ${SEVERAL_LINES})`;
    case 'matching':
      if (selection.queryId !== null)
        return `@message like /,${escapePattern(selection.queryId)},QUERY[A-Z_]*,/`;
      return `${statement} and (not (${beginsWith(READ_VERBS)}) or ${SEVERAL_LINES})`;
    case 'connections':
      return selection.connections.map(mysqlConnection).join(' or ');
    case 'two-phase-ends':
      return String.raw`@message like /(?i)\bxa\s+(commit|rollback)\b/`;
    case 'control':
      return beginsWith(CONTROL_VERBS);
    case 'writes':
      return (
        `(@message like /,(QUERY[A-Z_]*|CONNECT|DISCONNECT|CHANGEUSER),/)` +
        ` and (not (${beginsWith(READ_VERBS)}) or ${SEVERAL_LINES})`
      );
    default:
      return unreachable(selection);
  }
}

function mysqlConnection({ serverHost, connectionId }: Connection): string {
  return `@message like /,?${escapePattern(serverHost)},[^,]*,[^,]*,${escapePattern(connectionId)},/`;
}

function pgauditCondition(selection: Selection): string {
  const audit = (classes: string): string =>
    String.raw`@message like /AUDIT: (SESSION|OBJECT),\d+,\d+,(${classes}),/`;
  switch (selection.kind) {
    case 'destructive':
    case 'matching':
      return `(${audit('WRITE|DDL|FUNCTION|MISC')}) or (@message like /(?i)\\b(delete|update|truncate|drop)\\b/)`;
    case 'connections':
      return selection.connections
        .map(({ connectionId }) => `@message like /:\\[${escapePattern(connectionId)}\\]:/`)
        .join(' or ');
    case 'two-phase-ends':
      return String.raw`@message like /(?i)\b(commit|rollback)\s+prepared\b/`;
    case 'control':
      return audit('MISC');
    case 'writes':
      return `(${audit('WRITE|DDL|MISC|FUNCTION')}) or (@message like /(?i)\\b(delete|update|insert)\\b/) or (@message like /:(ERROR|FATAL|LOG):/)`;
    default:
      return unreachable(selection);
  }
}

/** Makes a value stand for itself inside `/…/`: it can neither end the pattern nor change it. */
export function escapePattern(value: string): string {
  return value.replace(/[^\p{L}\p{N}_ -]/gu, (char) =>
    char <= '~' && char >= ' ' ? `\\${char}` : `\\x{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
