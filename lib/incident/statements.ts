import type { StatementKind } from '../artefacts/incident';
import { truthOf } from './always-true';
import { rejoined } from './line-comments';
import { isBlock, splitStatements, unwrap } from './split-statements';
import { tokenize, withoutConditionalComments, type SqlFlavour, type SqlToken } from './sql-tokens';
import { createdTables, deleteTables, namesAfter, updateTables } from './table-names';
import { closing, conditionEnd, depthAtEnd, topLevel, wordAt } from './token-reading';
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
  /** Whether what it destroys may be gone long before it ends: it drops one table after the other, or fills a new one in a dropped one's place. */
  readonly destroysEarly: boolean;
  /** Whether its `tables` are databases, all of whose tables go. */
  readonly dropsDatabase: boolean;
  /** Whether it may commit the session's transaction, or begin or end one, which its text alone does not tell. */
  readonly perhaps: 'commits' | 'controls' | null;
  /** Whether its leading keyword is known: an unknown one may do anything. */
  readonly understood: boolean;
  /** Whether its WHERE may hold for every row, which its text alone does not tell, such as `id IS NOT NULL`. */
  readonly unclear: boolean;
  /** Whether the end of its text is missing by the look of its quotes and brackets. */
  readonly unfinished: boolean;
}

/** The statements in one text: several, where a client sent several in one packet. */
export function analyseSql(sql: string, flavour: SqlFlavour): StatementFacts[] {
  const facts = analyseText(sql, flavour);
  if (flavour !== 'mysql') return facts;
  const shorter = sql.includes('/*') ? withoutConditionalComments(sql) : sql;
  const both = shorter === sql ? facts : withShorter(facts, analyseText(shorter, flavour));
  const { texts, hasMore } = rejoined(sql);
  const readings = texts.map((text) => analyseText(text, flavour));
  const all = readings.length === 0 ? both : withRejoined(both, readings);
  return hasMore ? all.map((each) => ({ ...each, understood: false })) : all;
}

/** Whichever way the server read it, what destroys more counts, as unclear where the other way does not. */
function withShorter(facts: StatementFacts[], others: StatementFacts[]): StatementFacts[] {
  const [more, less] = others.length > facts.length ? [others, facts] : [facts, others];
  return more.map((each, i) => moreDangerous(each, less[i] ?? null));
}

/** Likewise where a line comment may have ended in several places; a text of nothing but a comment no server runs. */
function withRejoined(
  facts: StatementFacts[],
  readings: readonly (readonly StatementFacts[])[],
): StatementFacts[] {
  const length = Math.max(facts.length, ...readings.map((reading) => reading.length));
  return Array.from({ length }, (_, i) => {
    const own = facts[i];
    const others = readings.flatMap((reading) => reading[i] ?? []);
    const [first, ...rest] = own === undefined ? others : [own, ...others];
    if (first === undefined) return [];
    const worst = rest.reduce(
      (a, b) => (a.kind === 'other' || (a.unclear && !b.unclear && b.kind !== 'other') ? b : a),
      first,
    );
    const isUnclear =
      own === undefined || [first, ...rest].some(({ kind, unclear }) => kind === 'other' || unclear);
    const unclear = worst.kind !== 'other' && isUnclear;
    return [{ ...worst, ...controlOf(own ?? null, first, rest), unclear }];
  }).flat();
}

/** What a statement is sure to do to the transaction, by all readings. */
function controlOf(
  own: StatementFacts | null,
  first: StatementFacts,
  rest: readonly StatementFacts[],
): Pick<StatementFacts, 'control' | 'commitsBefore' | 'perhaps'> {
  const said = ({ control, commitsBefore, perhaps }: StatementFacts): string =>
    JSON.stringify([control, commitsBefore, perhaps]);
  const { control, commitsBefore, perhaps } = first;
  const isSame = rest.every((each) => said(each) === said(first));
  // what controls by what stands before its comment does so whatever follows
  if (isSame || own?.control) return { control, commitsBefore, perhaps };
  return { control: null, commitsBefore: false, perhaps: 'controls' };
}

function moreDangerous(a: StatementFacts, b: StatementFacts | null): StatementFacts {
  if (b === null || a.kind === b.kind) return b !== null && !b.unclear && a.kind !== 'other' ? b : a;
  if (a.kind !== 'other' && b.kind !== 'other') return a;
  return a.kind === 'other' ? { ...b, unclear: true } : { ...a, unclear: true };
}

function analyseText(sql: string, flavour: SqlFlavour): StatementFacts[] {
  const { tokens, unterminated } = tokenize(sql, flavour);
  const statements = splitStatements(tokens.filter(({ type }) => type !== 'comment'));
  return statements.map((statement, i) =>
    analyse(statement, flavour, unterminated && i === statements.length - 1),
  );
}

const READS = new Set(
  (
    'SELECT SHOW USE EXPLAIN DESC DESCRIBE HELP SET DECLARE FETCH CLOSE MOVE OPEN HANDLER TABLE VALUES PREPARE DEALLOCATE ' +
    'CHECKSUM GET LISTEN UNLISTEN NOTIFY DISCARD RESET CHECKPOINT KILL BINLOG PURGE SHUTDOWN CHANGE SLAVE REPLICA START STOP LOCK UNLOCK XA SIGNAL RELEASE'
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
  return { ...facts(unwrap(tokens, flavour), flavour), unfinished };
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
    destroysEarly: false,
    dropsDatabase: false,
    perhaps: flavour === 'mysql' && mayCommit(tokens) ? 'commits' : null,
    understood: true,
    unclear: false,
  };
  if (base.control !== null) return base;
  switch (verb) {
    case 'DELETE':
      return {
        ...base,
        ...without(tokens, 'delete-without-where', deleteTables(tokens)),
        writes: true,
      };
    case 'UPDATE':
      return {
        ...base,
        ...without(tokens, 'update-without-where', updateTables(tokens)),
        writes: true,
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
      return { ...base, ...createFacts(tokens) };
    case 'RENAME':
      return { ...base, writes: true, tables: createdTables(tokens) };
    case 'MERGE':
      return { ...base, ...mergeFacts(tokens) };
    case 'WITH':
      return { ...base, ...withFacts(tokens, flavour) };
    default:
      return {
        ...base,
        writes: BULK_WRITES.has(verb),
        understood:
          [READS, MAINTENANCE, OPAQUE, BULK_WRITES].some((known) => known.has(verb)) || isBlock(tokens),
      };
  }
}

const REPLICATION = ['SLAVE', 'REPLICA', 'ALL', 'GROUP_REPLICATION', 'MASTER', 'REPLICATION'];

/** MySQL's list of statements that cause an implicit commit; temporary tables are left out of it. */
function commitsImplicitly(tokens: readonly SqlToken[]): boolean {
  const [verb, object] = [wordAt(tokens, 0), wordAt(tokens, 1)];
  const temporary = tokens.slice(1, 4).some(({ text }) => text === 'TEMPORARY');
  switch (verb) {
    case 'CREATE':
    case 'DROP':
      // MariaDB commits for a sequence that is temporary too
      return !temporary || tokens.slice(2, 5).some(({ text }) => text === 'SEQUENCE');
    case 'LOCK':
    case 'UNLOCK':
      return object === 'INSTANCE';
    case 'SET':
      return object === 'PASSWORD';
    case 'LOAD':
      return object === 'INDEX';
    case 'RESET':
      return object !== 'PERSIST';
    case 'START':
    case 'STOP':
    case 'CHANGE':
      return REPLICATION.includes(object);
    default:
      return ['ALTER', 'RENAME', 'TRUNCATE'].includes(verb) || MAINTENANCE.has(verb);
  }
}

/** MariaDB commits before `SET DEFAULT ROLE`; of MySQL nothing public says so. */
function mayCommit(tokens: readonly SqlToken[]): boolean {
  return ['SET', 'DEFAULT', 'ROLE'].every((word, i) => wordAt(tokens, i) === word);
}

const INSERT_MODIFIERS = ['LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY', 'IGNORE', 'INTO', 'OVERWRITE'];

function dropFacts(tokens: readonly SqlToken[]): Partial<Facts> {
  const rest = tokens.slice(1);
  const object = rest.find(
    ({ text }) => text !== 'OR' && text !== 'REPLACE' && text !== 'MATERIALIZED',
  )?.text;
  const at = tokens.findIndex(({ text }) => text === object);
  const cascades = tokens.at(-1)?.text === 'CASCADE';
  if (object === undefined || !(DROPS_DATA.includes(object) || (cascades && DROPS_COLUMNS.includes(object))))
    return { writes: object !== 'TEMPORARY' && object !== 'PREPARE' };
  const tables = DROPS_TABLES.includes(object) ? namesAfter(tokens, at + 1, ['IF', 'EXISTS']) : [];
  const dropsDatabase = object === 'DATABASE' || object === 'SCHEMA';
  return {
    ...{ kind: 'drop', writes: true, tables },
    ...{ dropsDatabase, destroysEarly: dropsDatabase || tables.length > 1 },
  };
}

const DROPS_TABLES = ['TABLE', 'TABLES', 'DATABASE', 'SCHEMA', 'VIEW'];
const DROPS_DATA = [...DROPS_TABLES, 'OWNED'];
/** With CASCADE the columns of such a type go too. */
const DROPS_COLUMNS = ['TYPE', 'DOMAIN', 'EXTENSION'];

/** MariaDB's `CREATE OR REPLACE TABLE` drops the table that is there. */
function createFacts(tokens: readonly SqlToken[]): Partial<Facts> {
  const replaces = ['CREATE', 'OR', 'REPLACE', 'TABLE'].every((word, i) => wordAt(tokens, i) === word);
  const isFilled = tokens.some(({ type, text }) => type === 'word' && FILLS.includes(text));
  return {
    ...{ kind: replaces ? 'drop' : 'other', writes: true, tables: createdTables(tokens) },
    destroysEarly: replaces && isFilled,
  };
}

const FILLS = ['SELECT', 'VALUES', 'WITH'];

/** `ALTER TABLE … DROP PARTITION`, `TRUNCATE PARTITION`, `DROP COLUMN` and `DISCARD TABLESPACE` destroy rows or values; dropping an index or a key does not. */
function alterFacts(tokens: readonly SqlToken[]): Partial<Facts> {
  const at = tokens.findIndex((_, i) => i > 0 && !ALTER_MODIFIERS.includes(wordAt(tokens, i)));
  const tables = namesAfter(tokens, at, ['TABLE', 'IF', 'EXISTS', 'ONLY']).slice(0, 1);
  if (wordAt(tokens, at) !== 'TABLE') return { writes: true, tables };
  for (const [i, token] of tokens.entries()) {
    if (token.type !== 'word') continue;
    const next = tokens[i + 1];
    if (token.text === 'TRUNCATE' && next?.text === 'PARTITION')
      return { kind: 'truncate', writes: true, tables };
    if (token.text === 'DISCARD') return { kind: 'drop', writes: true, tables };
    if (token.text === 'DROP' && next !== undefined && dropsData(next))
      return { kind: 'drop', writes: true, tables };
  }
  return { writes: true, tables };
}

const ALTER_MODIFIERS = ['ONLINE', 'OFFLINE', 'IGNORE'];

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

/** Each is read to its end, which those within it have in common. */
const MOST_PARTS = 1000;

/** A common table expression may itself write, and so may the statement after it. */
function withFacts(tokens: readonly SqlToken[], flavour: SqlFlavour): Partial<Facts> {
  const parts: Facts[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.type !== 'word' || i === 0) continue;
    const before = tokens[i - 1];
    const begins = before?.text === '(' || before?.text === ')';
    if (!begins || !['DELETE', 'UPDATE', 'INSERT', 'REPLACE'].includes(token.text)) continue;
    if (parts.length === MOST_PARTS) break;
    parts.push(facts(tokens.slice(i, closing(tokens, i)), flavour));
  }
  const worst = parts.find(({ kind }) => kind !== 'other') ?? parts[0];
  return worst === undefined
    ? {}
    : { kind: worst.kind, unclear: worst.unclear, verb: worst.verb, writes: true, tables: worst.tables };
}

/** Which rows a MERGE that deletes hits, its conditions do not tell. */
function mergeFacts(tokens: readonly SqlToken[]): Partial<Facts> {
  const deletes = tokens.some((_, i) => wordAt(tokens, i - 1) === 'THEN' && wordAt(tokens, i) === 'DELETE');
  const tables = namesAfter(tokens, 1, ['INTO', 'ONLY']).slice(0, 1);
  return { kind: deletes ? 'delete-without-where' : 'other', unclear: deletes, writes: true, tables };
}

function without(
  tokens: readonly SqlToken[],
  kind: StatementKind,
  tables: readonly string[],
): Pick<Facts, 'kind' | 'unclear' | 'tables'> {
  const where = topLevel(tokens, 'WHERE');
  if (where === -1) return { kind, unclear: false, tables };
  const truth = truthOf(tokens.slice(where + 1, conditionEnd(tokens, where + 1)), tables);
  return truth === 'true' || truth === 'perhaps'
    ? { kind, unclear: truth === 'perhaps', tables }
    : { kind: 'other', unclear: false, tables };
}
