import type { StatementKind } from '../artefacts';
import { isAlwaysTrue } from './always-true';
import { tokenize, type SqlFlavour, type SqlToken } from './sql-tokens';
import { createdTables, deleteTables, namesAfter, updateTables } from './table-names';
import { closing, conditionEnd, depthAtEnd, skipBrackets, topLevel, wordAt } from './token-reading';
import { transactionControl, type TransactionControl } from './transaction-control';

/** What one SQL statement does, as far as its words tell. */
export interface StatementFacts {
  readonly kind: StatementKind;
  /** The leading keyword, in lower case, such as `delete`: what a person calls the kind of a write. */
  readonly verb: string;
  /** Whether it changes data or schema when it succeeds. */
  readonly writes: boolean;
  /** Tables that it changes, as written, without quotes; `schema.table` where it says so. */
  readonly tables: readonly string[];
  readonly control: TransactionControl | null;
  /** Whether MySQL commits the session's transaction before it runs this statement. */
  readonly commitsBefore: boolean;
  /** Whether its leading keyword is known: an unknown one may do anything. */
  readonly understood: boolean;
  /** Whether the end of its text is missing by the look of its quotes and brackets. */
  readonly unfinished: boolean;
}

/** The statements in one text: several, where a client sent several in one packet. */
export function analyseSql(sql: string, flavour: SqlFlavour): StatementFacts[] {
  const { tokens, unterminated } = tokenize(sql, flavour);
  const statements = split(tokens.filter(({ type }) => type !== 'comment'));
  return statements.map((statement, i) =>
    analyse(statement, flavour, unterminated && i === statements.length - 1),
  );
}

function split(tokens: readonly SqlToken[]): SqlToken[][] {
  const statements: SqlToken[][] = [[]];
  for (const token of tokens) {
    if (token.type === 'punctuation' && token.text === ';') statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

const READS = new Set(
  (
    'SELECT SHOW USE EXPLAIN DESC DESCRIBE HELP SET DECLARE FETCH CLOSE MOVE OPEN HANDLER TABLE VALUES PREPARE DEALLOCATE ' +
    'LISTEN UNLISTEN NOTIFY DISCARD RESET CHECKPOINT KILL BINLOG PURGE SHUTDOWN CHANGE SLAVE REPLICA START STOP LOCK UNLOCK XA SIGNAL RELEASE'
  ).split(' '),
);
/** Statements that commit the transaction before them in MySQL, and whose own change needs no commit. */
const MAINTENANCE = new Set(
  'ANALYZE CHECK OPTIMIZE REPAIR FLUSH CACHE GRANT REVOKE INSTALL UNINSTALL VACUUM CLUSTER REINDEX COMMENT SECURITY REASSIGN REFRESH'.split(
    ' ',
  ),
);
/** Statements whose own text does not tell what they run. */
const OPAQUE = new Set(['CALL', 'EXECUTE', 'DO']);
const BULK_WRITES = new Set(['LOAD', 'IMPORT', 'COPY', 'MERGE']);

type Facts = Omit<StatementFacts, 'unfinished'>;

function analyse(tokens: readonly SqlToken[], flavour: SqlFlavour, unterminated: boolean): StatementFacts {
  const unfinished = unterminated || depthAtEnd(tokens) > 0;
  return { ...facts(skipBrackets(tokens), flavour), unfinished };
}

function facts(tokens: readonly SqlToken[], flavour: SqlFlavour): Facts {
  const verb = wordAt(tokens, 0);
  const base: Facts = {
    kind: 'other',
    verb: verb.toLowerCase(),
    writes: false,
    tables: [],
    control: transactionControl(tokens, flavour),
    commitsBefore: flavour === 'mysql' && commitsImplicitly(tokens),
    understood: true,
  };
  if (base.control !== null) return base;
  switch (verb) {
    case 'DELETE':
      return {
        ...base,
        kind: without(tokens, 'delete-without-where'),
        writes: true,
        tables: deleteTables(tokens),
      };
    case 'UPDATE':
      return {
        ...base,
        kind: without(tokens, 'update-without-where'),
        writes: true,
        tables: updateTables(tokens),
      };
    case 'TRUNCATE':
      return { ...base, kind: 'truncate', writes: true, tables: namesAfter(tokens, 1, ['TABLE', 'ONLY']) };
    case 'DROP':
      return { ...base, ...dropFacts(tokens) };
    case 'ALTER':
      return { ...base, ...alterFacts(tokens) };
    case 'INSERT':
    case 'REPLACE':
      return { ...base, writes: true, tables: namesAfter(tokens, 1, INSERT_MODIFIERS).slice(0, 1) };
    case 'CREATE':
    case 'RENAME':
      return { ...base, writes: true, tables: createdTables(tokens) };
    case 'WITH':
      return { ...base, ...withFacts(tokens, flavour) };
    case 'DO':
      return { ...base, ...blockFacts(tokens, flavour) };
    default:
      return {
        ...base,
        writes: BULK_WRITES.has(verb),
        understood: [READS, MAINTENANCE, OPAQUE, BULK_WRITES].some((known) => known.has(verb)),
      };
  }
}

/** MySQL's list of statements that cause an implicit commit; temporary tables are left out of it. */
function commitsImplicitly(tokens: readonly SqlToken[]): boolean {
  const [verb, object] = [wordAt(tokens, 0), wordAt(tokens, 1)];
  if (verb === 'CREATE' || verb === 'DROP')
    return !tokens.slice(1, 4).some(({ text }) => text === 'TEMPORARY');
  if (verb === 'LOCK' || verb === 'UNLOCK') return ['TABLES', 'TABLE', 'INSTANCE'].includes(object);
  if (verb === 'SET') return object === 'PASSWORD';
  if (verb === 'LOAD') return object === 'INDEX';
  return ['ALTER', 'RENAME', 'TRUNCATE'].includes(verb) || MAINTENANCE.has(verb);
}

const INSERT_MODIFIERS = ['LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY', 'IGNORE', 'INTO', 'OVERWRITE'];

function dropFacts(tokens: readonly SqlToken[]): Partial<Facts> {
  const rest = tokens.slice(1);
  const object = rest.find(
    ({ text }) => text !== 'OR' && text !== 'REPLACE' && text !== 'MATERIALIZED',
  )?.text;
  const at = tokens.findIndex(({ text }) => text === object);
  const destroys =
    object !== undefined && ['TABLE', 'TABLES', 'DATABASE', 'SCHEMA', 'VIEW', 'OWNED'].includes(object);
  if (!destroys) return { writes: object !== 'TEMPORARY' && object !== 'PREPARE' };
  return { kind: 'drop', writes: true, tables: namesAfter(tokens, at + 1, ['IF', 'EXISTS']) };
}

/** `ALTER TABLE … DROP PARTITION`, `TRUNCATE PARTITION` and `DROP COLUMN` destroy rows or values; dropping an index or a key does not. */
function alterFacts(tokens: readonly SqlToken[]): Partial<Facts> {
  const tables = namesAfter(tokens, 1, ['ONLINE', 'IGNORE', 'TABLE', 'IF', 'EXISTS', 'ONLY']).slice(0, 1);
  if (wordAt(tokens, 1) !== 'TABLE') return { writes: true, tables };
  for (const [i, token] of tokens.entries()) {
    if (token.type !== 'word') continue;
    const next = tokens[i + 1];
    if (token.text === 'TRUNCATE' && next?.text === 'PARTITION')
      return { kind: 'truncate', writes: true, tables };
    if (token.text === 'DROP' && next !== undefined && dropsData(next))
      return { kind: 'drop', writes: true, tables };
  }
  return { writes: true, tables };
}

const DROPS_NO_DATA = [
  ...[
    'INDEX',
    'KEY',
    'PRIMARY',
    'FOREIGN',
    'CONSTRAINT',
    'CHECK',
    'DEFAULT',
    'NOT',
    'EXPRESSION',
    'IDENTITY',
  ],
  'SYSTEM',
];

function dropsData(next: SqlToken): boolean {
  return next.type === 'name' || (next.type === 'word' && !DROPS_NO_DATA.includes(next.text));
}

const BEGINS_STATEMENT = ['BEGIN', 'THEN', 'ELSE', 'LOOP'];

/** What the body of PostgreSQL's DO block destroys, as far as its text shows: it may also build statements as it runs. */
function blockFacts(tokens: readonly SqlToken[], flavour: SqlFlavour): Partial<Facts> {
  const body = tokens.find(({ type }) => type === 'string')?.written;
  const inner = /^(\$\w*\$)([\s\S]*)\1$/.exec(body ?? '')?.[2];
  if (flavour !== 'postgresql' || inner === undefined) return {};
  const statements = split(tokenize(inner, flavour).tokens.filter(({ type }) => type !== 'comment')).map(
    (piece) => {
      const start = piece.findLastIndex((_, i) => BEGINS_STATEMENT.includes(wordAt(piece, i)));
      return facts(piece.slice(start + 1), flavour);
    },
  );
  const worst = statements.find(({ kind }) => kind !== 'other') ?? statements.find(({ writes }) => writes);
  return worst === undefined
    ? {}
    : { kind: worst.kind, verb: worst.verb, writes: true, tables: worst.tables };
}

/** A common table expression may itself write, and so may the statement after it. */
function withFacts(tokens: readonly SqlToken[], flavour: SqlFlavour): Partial<Facts> {
  const parts: Facts[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.type !== 'word' || i === 0) continue;
    const before = tokens[i - 1];
    const begins = before?.text === '(' || before?.text === ')';
    if (!begins || !['DELETE', 'UPDATE', 'INSERT', 'REPLACE'].includes(token.text)) continue;
    parts.push(facts(tokens.slice(i, closing(tokens, i)), flavour));
  }
  const worst = parts.find(({ kind }) => kind !== 'other') ?? parts[0];
  return worst === undefined
    ? {}
    : { kind: worst.kind, verb: worst.verb, writes: true, tables: worst.tables };
}

function without(tokens: readonly SqlToken[], kind: StatementKind): StatementKind {
  const where = topLevel(tokens, 'WHERE');
  if (where === -1) return kind;
  return isAlwaysTrue(tokens.slice(where + 1, conditionEnd(tokens, where + 1))) ? kind : 'other';
}
