import type { Dialect } from '../artefacts/incident';
import { unreachable } from '../errors';
import { requiredLiterals } from './insights-literals';
import type { Connection, Meant, Selection, Window } from './log-source';

const FIELDS = 'fields @timestamp, @ingestionTime, @logStream, @message';

/** Statements that neither destroy nor hide anything, where no other statement follows in the same text. */
const HARMLESS_VERBS =
  '(?:select|show|use|explain|desc|describe|insert|replace|commit|rollback|begin|start|savepoint|release|flush|lock|unlock)\\b|' +
  'set\\s+(?:[^s\\s]|session|sql)|create\\s+[^o\\s]';
/**
 * `UPDATE t SET … WHERE column = value …` and `DELETE FROM t WHERE column = value …` in the log's own
 * escapes: most of any log, and not for every row unless an OR follows.
 */
const SELECTIVE =
  "(?:update\\s+[\\w.`]+\\s+set\\s(?:-?[^;()'\"\\\\#\\/-]|\\\\'[^'\\\\]*\\\\'|\\([^;()'\"\\\\#\\/-]*\\))*|delete\\s+from\\s+[\\w.`]+)" +
  "\\s+where\\s+[a-z_`][\\w.`]*\\s*(?:(?:=|<|<=)\\s*(?:\\\\'[^'\\\\]*\\\\'|[0-9][\\w.]*|\\?)|(?:<=>|>|>=|<>)\\s*(?:\\\\'[^'\\\\0-9-][^'\\\\]*\\\\'|(?:[2-9]|1[0-9])[\\w.]*|\\?))" +
  "\\s*(?:'|(?:and|order|limit)\\b)";
const MAY_BE_ALL = '(?i)\\b(?:x?or)\\b|\\|\\||where\\s+(?:true|false|null|not)\\b';
const CONTROL_VERBS = '(?:begin|start|commit|rollback|set|savepoint|xa)\\b';
const READ_VERBS = '(?:select|show|use|explain|desc|describe)\\b';

/** The query that finds what a selection asks for, or a little more; what it gives is parsed and selected again. */
export function renderInsightsQuery(selection: Selection, dialect: Dialect, limit: number): string {
  return `${FIELDS}\n${filters(selection, dialect)}\n| sort @timestamp asc\n| limit ${limit}`;
}

/** The same, only counted by time, so that a wide window can be asked for in parts. */
export function renderBinsQuery(selection: Selection, dialect: Dialect, seconds: number): string {
  return `${filters(selection, dialect).slice(2)}\n| stats count(*) as events by ${binColumn(seconds)}`;
}

export function binColumn(seconds: number): string {
  return `bin(${seconds}s)`;
}

/** Statements that succeeded and may have written, counted by who wrote where; ROLLBACK too. For Aurora MySQL. */
export function renderTallyQuery(window: Window): string {
  return [
    String.raw`filter @message like /,QUERY[A-Z_]*,/ and @message like /',0,*\s*$/`,
    String.raw`| parse @message /(?i)^(?<executedAt>\d{16}),[^,]*,(?<user>[^,]*),[^,]*,\d+,\d+,QUERY[A-Z_]*,(?<database>[^,]*),'\s*(?<verb>insert|update|delete|replace|truncate|drop|alter|create|rename|load|rollback)\b(?:\s+(?:ignore|into|from|low_priority|delayed|quick|table|if|not|exists)\b)*\s*(?<name>(?:(?:database|schema)\s+(?:if\s+(?:not\s+)?exists\s+)?)?[\w.${'`'}$]*)/`,
    `| filter ispresent(verb)${within(window)}`,
    '| stats count(*) as statements, min(executedAt * 1) as firstAt, max(executedAt * 1) as lastAt by user, database, verb, name',
  ].join('\n');
}

function within({ since, until }: Window): string {
  const from = since === null ? '' : ` and executedAt >= ${since}`;
  return from + (until === null ? '' : ` and executedAt <= ${until}`);
}

function filters(selection: Selection, dialect: Dialect): string {
  const condition = dialect === 'pgaudit' ? pgauditCondition(selection) : mysqlCondition(selection);
  const time = within(selection.window);
  if (dialect !== 'aurora-mysql' || time === '') return `| filter ${condition}`;
  // the window is padded for late records: most of what that brings in is not meant
  return [
    `| filter ${condition}`,
    String.raw`| parse @message /^(?<executedAt>\d{16}),/`,
    `| filter not ispresent(executedAt) or ${SEVERAL_LINES} or (ispresent(executedAt)${time})`,
  ].join('\n');
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
    String.raw`@message like /(?i),QUERY[A-Z_]*,[^,]*,'\s*(?:${verbs})[^;]*$/`;
  switch (selection.kind) {
    case 'destructive':
      return (
        `${ofMysql(selection.of)}${withoutOtherTables(selection.of, beginsWith)}${statement} and (not (${beginsWith(HARMLESS_VERBS)})` +
        ` and (not (${beginsWith(SELECTIVE)}) or @message like /${MAY_BE_ALL}/) or ${SEVERAL_LINES})`
      );
    case 'matching':
      if (selection.queryId !== null)
        return `@message like /,${escapePattern(selection.queryId)},QUERY[A-Z_]*,/`;
      return (
        `${ofMysql(selection.of)}${withoutOtherTables(selection.of, beginsWith)}${holding(selection.pattern, PREPARED)}` +
        `${statement} and (not (${beginsWith(READ_VERBS)}) or ${SEVERAL_LINES})`
      );
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

/** What EXECUTE runs stands in another record. */
const PREPARED = ' or @message like /(?i)(prepare|execute)/';

/** Records of the user and connection that are meant, in any line of a message. */
function ofMysql({ user, connectionId }: Partial<Meant> = {}): string {
  if ((user ?? connectionId ?? null) === null) return '';
  const id = connectionId ?? null;
  return String.raw`@message like /,${exactly(user ?? null, '[^,]*')},[^,]*,${exactly(id, String.raw`\d+`)},\d+,QUERY/ and `;
}

function exactly(value: string | null, otherwise: string): string {
  return value === null ? otherwise : escapePattern(value);
}

/** A plain change of one table, as most are, that does not hold the name of the one that is meant. */
function withoutOtherTables({ table }: Partial<Meant> = {}, beginsWith: (verbs: string) => string): string {
  const name = table?.split('.').at(-1) ?? '';
  if (!/^\w+$/.test(name)) return '';
  const change = beginsWith(PLAIN_CHANGE);
  return `(not (${change}) or @message like /(?i)${name}/ or ${SEVERAL_LINES}) and `;
}

const PLAIN_CHANGE =
  '(?:delete\\s+from\\s+[\\w.`]+\\s+where|update\\s+[\\w.`]+\\s+set|(?:insert|replace)\\s+(?:ignore\\s+)?into\\s+[\\w.`]+)\\s';

/** Messages that may match a person's pattern: those that hold what any match of it holds. */
function holding(pattern: string, orElse = ''): string {
  const literals = requiredLiterals(pattern);
  if (literals === null) return '';
  const any = literals.map((literal) => `@message like /(?i)${escapePattern(literal)}/`).join(' or ');
  return `(${any}${orElse}) and `;
}

function mysqlConnection({ serverHost, connectionId }: Connection): string {
  return `@message like /,?${escapePattern(serverHost)},[^,]*,[^,]*,${escapePattern(connectionId)},/`;
}

function pgauditCondition(selection: Selection): string {
  const audit = (classes: string): string =>
    String.raw`@message like /AUDIT: (SESSION|OBJECT),\d+,\d+,(${classes}),/`;
  const mayChange = String.raw`((${audit('WRITE|DDL|FUNCTION|MISC')}) or (@message like /(?i)\b(delete|update|truncate|drop)\b/))`;
  switch (selection.kind) {
    case 'destructive':
      return `${ofPostgresql(selection.of)}${mayChange}`;
    case 'matching':
      return `${ofPostgresql(selection.of)}${holding(selection.pattern)}${mayChange}`;
    case 'connections':
      return selection.connections.map(({ connectionId }) => postgresqlConnection(connectionId)).join(' or ');
    case 'two-phase-ends':
      return String.raw`@message like /(?i)\b(commit|rollback)\s+prepared\b/`;
    case 'control':
      return audit('MISC');
    case 'writes':
      return `(${audit('WRITE|DDL|MISC|FUNCTION')}) or (@message like /(?i)\\b(delete|update|insert)\\b/) or (@message like /\\b(ERROR|FATAL|LOG):/)`;
    default:
      return unreachable(selection);
  }
}

/** Records of the user and process that are meant, by the prefix of the log's lines. */
function ofPostgresql({ user, connectionId }: Partial<Meant> = {}): string {
  const ofUser =
    user === undefined || user === null ? '' : `@message like /[: ]${escapePattern(user)}@/ and `;
  return connectionId === undefined || connectionId === null
    ? ofUser
    : `${ofUser}${postgresqlConnection(connectionId)} and `;
}

function postgresqlConnection(connectionId: string): string {
  return `@message like /\\[${escapePattern(connectionId)}\\]/`;
}

/** Makes a value stand for itself inside `/…/`: it can neither end the pattern nor change it. */
export function escapePattern(value: string): string {
  return value.replace(/[^\p{L}\p{N}_ -]/gu, (char) =>
    char <= '~' && char >= ' ' ? `\\${char}` : `\\x{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
