import { tokenize, type SqlFlavour, type SqlToken } from './sql-tokens';
import { closing, topLevel, wordAt } from './token-reading';

/** The statements of a packet. What defines a routine is one statement, however many its body holds. */
export function splitStatements(tokens: readonly SqlToken[]): SqlToken[][] {
  const statements: SqlToken[][] = [[]];
  for (const token of tokens) {
    const current = statements.at(-1) ?? [];
    if (token.type === 'punctuation' && token.text === ';' && !isOpenBlock(current)) statements.push([]);
    else current.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

/** Words that only hint at how to run a change, and which parsers of SQL take for names. */
const HINTS = ['LOW_PRIORITY', 'QUICK', 'IGNORE', 'DELAYED', 'HIGH_PRIORITY'];

/** Each statement of a packet by itself, without comments, hints and what is around it: for a parser of SQL. */
export function statementTexts(sql: string, flavour: SqlFlavour): string[] {
  const { tokens } = tokenize(sql, flavour);
  return splitStatements(tokens.filter(({ type }) => type !== 'comment')).map((statement) => {
    const [verb, ...rest] = unwrap(statement, flavour);
    const first = rest.findIndex(({ type, text }) => type !== 'word' || !HINTS.includes(text));
    return verb === undefined
      ? ''
      : written([verb, ...(flavour === 'mysql' && first > 0 ? rest.slice(first) : rest)]);
  });
}

function written(tokens: readonly SqlToken[]): string {
  return tokens
    .map((token, i) => (tokens[i - 1]?.end === token.start ? '' : ' ') + token.written)
    .join('')
    .trim();
}

const ROUTINES = ['PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT', 'PACKAGE'];

/** Whether a routine's body or a block of MariaDB has begun: it runs as a whole, and is not a transaction's BEGIN. */
function isOpenBlock(tokens: readonly SqlToken[]): boolean {
  return (
    isBlock(tokens) ||
    (definesRoutine(tokens) && tokens.some(({ type, text }) => type === 'word' && text === 'BEGIN'))
  );
}

/** `BEGIN NOT ATOMIC … END`: the server logs each of its statements by itself as well. */
export function isBlock(tokens: readonly SqlToken[]): boolean {
  return ['BEGIN', 'NOT', 'ATOMIC'].every((word, i) => wordAt(tokens, i) === word);
}

function definesRoutine(tokens: readonly SqlToken[]): boolean {
  const verb = wordAt(tokens, 0);
  if (verb !== 'CREATE' && verb !== 'ALTER') return false;
  const object = tokens.find(
    ({ type, text }) => type === 'word' && (ROUTINES.includes(text) || ENDS_HEAD.has(text)),
  );
  return object !== undefined && ROUTINES.includes(object.text);
}

/** Words after which no kind of routine is named. */
const ENDS_HEAD = new Set(['TABLE', 'INDEX', 'VIEW', 'DATABASE', 'SCHEMA', 'USER', 'AS', 'SELECT', 'ON']);

/** The statement that really runs where another one is around it: in brackets, `SET STATEMENT … FOR`, or to be measured. */
export function unwrap(tokens: readonly SqlToken[], flavour: SqlFlavour): readonly SqlToken[] {
  const first = tokens.findIndex(({ text }) => text !== '(');
  const bare = first > 0 ? tokens.slice(first) : tokens;
  const inner = flavour === 'mysql' ? innerOfMysql(bare) : innerOfPostgresql(bare);
  return inner === -1 ? bare : bare.slice(inner);
}

const RUNS = new Set(['DELETE', 'UPDATE', 'INSERT', 'REPLACE', 'SELECT', 'WITH', 'MERGE']);

/** MariaDB's `ANALYZE DELETE …` deletes, other than `EXPLAIN DELETE …`. */
function innerOfMysql(tokens: readonly SqlToken[]): number {
  const [verb, second] = [wordAt(tokens, 0), wordAt(tokens, 1)];
  if (verb === 'SET' && second === 'STATEMENT') return topLevel(tokens, 'FOR') + 1 || -1;
  if (verb !== 'ANALYZE') return -1;
  const at = second === 'FORMAT' ? 4 : 1;
  return RUNS.has(wordAt(tokens, at)) ? at : -1;
}

function innerOfPostgresql(tokens: readonly SqlToken[]): number {
  if (wordAt(tokens, 0) !== 'EXPLAIN') return -1;
  const isList = tokens[1]?.text === '(';
  const end = isList ? closing(tokens, 2) + 1 : tokens.findIndex(({ text }, i) => i > 0 && RUNS.has(text));
  const options = tokens.slice(1, Math.max(end, 1));
  const analyze = options.findIndex(({ text }) => text === 'ANALYZE' || text === 'ANALYSE');
  const isOff = ['OFF', 'FALSE', '0'].includes(options[analyze + 1]?.text ?? '');
  return analyze !== -1 && !isOff ? end : -1;
}
