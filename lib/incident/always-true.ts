import type { SqlToken } from './sql-tokens';
import { isSubquery, isUncorrelated, withoutSubqueries } from './subqueries';
import { closing, punctuationAt, wordAt } from './token-reading';

/**
 * For how many rows a condition holds, by its text alone: for all, for none, for all as far as the
 * text tells (`id IS NOT NULL`, `COALESCE(1, 0)`), or for `some`.
 */
export type Truth = 'true' | 'false' | 'perhaps' | 'some';

/** Deeper than this no condition of a person is: it is not followed further. */
const DEEPEST = 25;

/**
 * Judges constants, the same column on both sides, and any of these with OR, AND, NOT and brackets.
 * `own` are the tables of the statement, of which a subquery may read all rows.
 */
export function truthOf(condition: readonly SqlToken[], own: readonly string[] = []): Truth {
  const names = own.map((name) => (name.split('.').at(-1) ?? '').toUpperCase());
  return truthWithin(withoutCasts(condition), names, 0);
}

function truthWithin(condition: readonly SqlToken[], own: readonly string[], depth: number): Truth {
  if (depth > DEEPEST) return 'perhaps';
  const within = (part: readonly SqlToken[]): Truth => truthWithin(part, own, depth + 1);
  const tokens = stripBrackets(condition);
  const alternatives = splitAt(tokens, ['OR', '||']);
  // for rows that are not meant, mostly
  if (tokens.some(({ text }) => text === 'XOR') && splitAt(tokens, ['XOR']).length > 1) return 'perhaps';
  if (alternatives.length > 1) {
    const truth = anyOf(alternatives.map(within));
    return truth === 'some' && holdsOpposites(alternatives) ? 'perhaps' : truth;
  }
  const all = splitAt(tokens, ['AND', '&&']);
  if (all.length > 1) return allOf(all.map(within));
  const [first, ...others] = tokens;
  if (first === undefined) return 'some';
  if (first.type !== 'name' && (first.text === 'NOT' || first.text === '!')) {
    return mayHoldForNone(others) ? 'perhaps' : negated(within(others));
  }
  if (isKey(tokens)) return 'perhaps';
  if (others.length === 0) return constantTruth(first);
  return comparisonTruth(tokens) ?? (isOpen(tokens, own) ? 'perhaps' : 'some');
}

export function anyOf(truths: readonly Truth[]): Truth {
  if (truths.includes('true')) return 'true';
  if (truths.includes('perhaps')) return 'perhaps';
  return truths.every((truth) => truth === 'false') ? 'false' : 'some';
}

export function allOf(truths: readonly Truth[]): Truth {
  if (truths.includes('false')) return 'false';
  if (truths.includes('some')) return 'some';
  return truths.includes('perhaps') ? 'perhaps' : 'true';
}

export function negated(truth: Truth): Truth {
  return truth === 'true' ? 'false' : truth === 'false' ? 'true' : truth;
}

function constantTruth(token: SqlToken): Truth {
  const { type, text } = token;
  if (type === 'number') return Number(text) === 0 ? 'false' : 'true';
  // a true one in PostgreSQL, and none in MySQL
  if (type === 'string' && /^'(?:t|tr|tru|true|y|ye|yes|on)'$/i.test(text)) return 'perhaps';
  if (type === 'string') return Number.parseFloat(text.slice(1)) > 0 ? 'true' : 'false';
  if (type === 'word' && text === 'TRUE') return 'true';
  if (type === 'word' && (text === 'FALSE' || text === 'NULL')) return 'false';
  return isColumn(token) ? 'some' : 'perhaps';
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<=>': (order) => order === 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
  '<>': (order) => order !== 0,
  '!=': (order) => order !== 0,
  LIKE: (order) => order === 0,
};

/** Null where it is no comparison of two constants or of a column with itself. */
function comparisonTruth(tokens: readonly SqlToken[]): Truth | null {
  const parts = comparisonOf(tokens);
  if (parts === null) return null;
  const { left, operator, right } = parts;
  if (['LIKE', 'ILIKE'].includes(operator) && /^['"][%_]*%[%_]*['"]$/.test(right[0]?.text ?? ''))
    return 'perhaps';
  if (['REGEXP', 'RLIKE', '~', '~*'].includes(operator))
    return MATCHES_ALL.test(right[0]?.text ?? '') ? 'perhaps' : null;
  const compare = COMPARISONS[operator];
  if (compare === undefined) return null;
  const order = constantOrder(left, right);
  // with ANSI_QUOTES what stands in double quotes is a column
  const isQuoted = [...left, ...right].some(
    ({ type, written }) => type === 'string' && written.startsWith('"'),
  );
  if (order !== null) return !compare(order) ? 'false' : isQuoted ? 'perhaps' : 'true';
  return isOfOneColumn(left, right) || isGuard(left, operator, right) ? 'perhaps' : null;
}

/** The usual ways around a server's refusal of changes without a key: `id > 0`, `id <> ''`, `id >= 1`. */
function isGuard(left: readonly SqlToken[], operator: string, right: readonly SqlToken[]): boolean {
  const bound = right
    .map(({ text }) => text)
    .join('')
    .replace(/^(['"])(.*)\1$/, '$2');
  if (!isKey(left)) return false;
  if (operator === '>' || operator === '<>' || operator === '!=')
    return /^(?:-\d+|0*(?:[.]0*)?)$/.test(bound);
  return operator === '>=' && /^(?:-\d+|0*1?(?:[.]0*)?)$/.test(bound);
}

/** Whether this is one column by whose name rows are told apart, other than `paid` or `balance`. */
function isKey(tokens: readonly SqlToken[]): boolean {
  const name = tokens.at(-1);
  if (name === undefined || !isColumn(name)) return false;
  if (tokens.slice(0, -1).some((token) => !isColumn(token) && token.text !== '.')) return false;
  return KEY.test(name.type === 'name' ? name.text : name.written) && !NO_KEY.test(name.text);
}

const KEY = /(?:^|_)(?:pk|key|no|nr|num|number|seq)$|(?:id|Id|ID)$/;
const NO_KEY = /(?:paid|void|valid|bid|grid|solid|liquid|avoid)$/i;

/** Whether a condition behind NOT holds for no row, as far as the text tells: `id IS NULL`, `id <=> NULL`, `id = 0`. */
function mayHoldForNone(condition: readonly SqlToken[]): boolean {
  const tokens = stripBrackets(condition);
  const words = tokens.map(({ type, text }) => (type === 'word' ? text : ''));
  const ending = words.slice(-2).join(' ');
  if (ending === 'IS NULL' || words.at(-1) === 'ISNULL') return true;
  if (words[0] === 'ISNULL' && punctuationAt(tokens, 1) === '(') return true;
  const parts = comparisonOf(tokens);
  if (parts === null) return distinct(tokens, false) !== null;
  const { left, operator, right } = parts;
  if (operator === '<=>' && right.length === 1 && right[0]?.text === 'NULL') return true;
  const opposite = OPPOSITES[operator];
  return opposite?.some((each) => isGuard(left, each, right)) ?? false;
}

/** `a IS DISTINCT FROM b`, or with NOT where `isNegated`, of the same on both sides or of NULL: null for anything else. */
function distinct(tokens: readonly SqlToken[], isNegated: boolean): true | null {
  const at = tokens.findIndex(({ type, text }) => type === 'word' && text === 'DISTINCT');
  const start = isNegated ? at - 2 : at - 1;
  if (at === -1 || wordAt(tokens, start) !== 'IS' || wordAt(tokens, at + 1) !== 'FROM') return null;
  if (isNegated !== (wordAt(tokens, at - 1) === 'NOT')) return null;
  const [left, right] = [tokens.slice(0, start), tokens.slice(at + 2)];
  return isOfOneColumn(left, right) ? true : null;
}

const MATCHES_ALL = /^['"]\^?(?:\.[*?]?)?\$?['"]$/;
const OPERATOR_WORDS = ['LIKE', 'ILIKE', 'REGEXP', 'RLIKE'];

interface Comparison {
  readonly left: readonly SqlToken[];
  readonly operator: string;
  readonly right: readonly SqlToken[];
}

/** Null where no operator of a comparison stands outside of brackets. */
function comparisonOf(tokens: readonly SqlToken[]): Comparison | null {
  let depth = 0;
  const at = tokens.findIndex(({ type, text }) => {
    if (type === 'punctuation' && text === '(') depth++;
    if (type === 'punctuation' && text === ')') depth--;
    return (
      depth === 0 &&
      (type === 'punctuation' ? /^[=<>!~]$/.test(text) : type === 'word' && OPERATOR_WORDS.includes(text))
    );
  });
  if (at < 1) return null;
  let end = at + 1;
  while (/^[=<>~*]$/.test(punctuationAt(tokens, end) ?? '')) end++;
  const operator = tokens
    .slice(at, end)
    .map(({ text }) => text)
    .join('');
  return end === tokens.length ? null : { left: tokens.slice(0, at), operator, right: tokens.slice(end) };
}

/** Whether both sides are made of the same column and no other: `id = id + 0`, `accounts.id = id`, `COALESCE(id, 0) = COALESCE(id, 0)`. */
function isOfOneColumn(left: readonly SqlToken[], right: readonly SqlToken[]): boolean {
  const columnsOf = (tokens: readonly SqlToken[]): string[] =>
    tokens
      .filter((token, i) => isColumn(token) && !['(', '.'].includes(punctuationAt(tokens, i + 1) ?? ''))
      .map(({ text }) => text.toUpperCase());
  const [columns, others] = [new Set(columnsOf(left)), new Set(columnsOf(right))];
  // of two tables it is their join
  const qualifiers = new Set([...qualifiersOf(left), ...qualifiersOf(right)]);
  return (
    columns.size === 1 &&
    others.size === 1 &&
    [...columns].every((column) => others.has(column)) &&
    qualifiers.size < 2
  );
}

function qualifiersOf(tokens: readonly SqlToken[]): string[] {
  return tokens.filter((_, i) => punctuationAt(tokens, i + 1) === '.').map(({ text }) => text.toUpperCase());
}

const OPPOSITES: Readonly<Record<string, readonly string[]>> = {
  '=': ['<>', '!='],
  '<>': ['='],
  '!=': ['='],
  '<': ['>='],
  '>': ['<='],
  '<=': ['>', '>='],
  '>=': ['<', '<='],
};

/** `id = 5 OR id <> 5`: one of the two holds for every row, but for NULL. */
function holdsOpposites(alternatives: readonly (readonly SqlToken[])[]): boolean {
  const written = (tokens: readonly SqlToken[]): string => tokens.map(({ text }) => text).join(' ');
  const operators = new Map<string, Set<string>>();
  for (const tokens of alternatives) {
    const parts = comparisonOf(stripBrackets(tokens));
    if (parts === null) continue;
    const sides = JSON.stringify([written(parts.left), written(parts.right)]);
    const known = operators.get(sides) ?? new Set<string>();
    if (OPPOSITES[parts.operator]?.some((opposite) => known.has(opposite))) return true;
    operators.set(sides, known.add(parts.operator));
  }
  return false;
}

/** Without PostgreSQL's `::type`. */
function withoutCasts(tokens: readonly SqlToken[]): readonly SqlToken[] {
  const isCast = (i: number): boolean =>
    punctuationAt(tokens, i) === ':' && punctuationAt(tokens, i + 1) === ':';
  if (!tokens.some((_, i) => isCast(i))) return tokens;
  const kept: SqlToken[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (isCast(i)) i = punctuationAt(tokens, i + 3) === '(' ? closing(tokens, i + 4) : i + 2;
    else if (token !== undefined) kept.push(token);
  }
  return kept;
}

/** The sign of left against right where both are constants, 0 where both are the same column; otherwise null. */
function constantOrder(left: readonly SqlToken[], right: readonly SqlToken[]): number | null {
  const words = (tokens: readonly SqlToken[]): string =>
    tokens.map(({ text }) => text.toUpperCase()).join(' ');
  const [a] = left;
  const [b] = right;
  if (a === undefined || b === undefined) return null;
  const isName = left.every(({ type, text }) => type === 'word' || type === 'name' || text === '.');
  if (isName && words(left) === words(right)) return 0;
  if (left.length > 1 || right.length > 1 || a.type !== b.type) return null;
  if (a.type === 'number') return Math.sign(Number(a.text) - Number(b.text));
  if (a.type === 'string') return textOrder(a.text.slice(1), b.text.slice(1));
  return null;
}

function textOrder(a: string, b: string): number {
  const [left, right] = [a.slice(0, -1), b.slice(0, -1)];
  return left === right ? 0 : left < right ? -1 : 1;
}

/** `column IS NOT NULL`, a condition that names no column, or one that its own rows fulfil: it may hold for every row. */
function isOpen(tokens: readonly SqlToken[], own: readonly string[]): boolean {
  const words = tokens.map(({ type, text }) => (type === 'word' ? text : ''));
  if (words.slice(-3).join(' ') === 'IS NOT NULL' || words.at(-1) === 'NOTNULL') return true;
  if (words.slice(-4).join(' ') === 'IS DISTINCT FROM NULL' || distinct(tokens, true) !== null) return true;
  if (isInOwnRows(tokens, own)) return true;
  const outside = withoutSubqueries(tokens);
  return (
    !outside.some((token, i) => isColumn(token) && punctuationAt(outside, i + 1) !== '(') &&
    isUncorrelated(tokens)
  );
}

/** `id IN (SELECT id FROM accounts)` in a change of accounts: without anything that leaves rows out. */
function isInOwnRows(tokens: readonly SqlToken[], own: readonly string[]): boolean {
  const at = tokens.findIndex(({ type, text }) => type === 'word' && (text === 'IN' || text === 'ANY'));
  if (at < 1 || wordAt(tokens, at - 1) === 'NOT' || !isSubquery(tokens.slice(at + 1))) return false;
  const subquery = tokens.slice(at + 1);
  return (
    subquery.some(
      (token, i) =>
        token.type !== 'string' && isTableName(subquery, i) && own.includes(token.text.toUpperCase()),
    ) && !subquery.some(({ type, text }) => type === 'word' && LEAVES_OUT.includes(text))
  );
}

function isTableName(tokens: readonly SqlToken[], i: number): boolean {
  const before = punctuationAt(tokens, i - 1) === '.' ? i - 3 : i - 1;
  return ['FROM', 'ONLY'].includes(wordAt(tokens, before));
}

const LEAVES_OUT = ['WHERE', 'LIMIT', 'HAVING', 'JOIN', 'FETCH', 'EXCEPT', 'INTERSECT', 'GROUP'];

const NOT_COLUMNS = new Set(
  (
    'EXISTS ANY ALL SOME AND OR XOR NOT IS NULL TRUE FALSE UNKNOWN IN BETWEEN LIKE ILIKE ESCAPE REGEXP RLIKE DIV MOD INTERVAL BINARY COLLATE ' +
    'CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP CURRENT_USER'
  ).split(' '),
);

function isColumn({ type, text }: SqlToken): boolean {
  return type === 'name' || (type === 'word' && !NOT_COLUMNS.has(text) && !text.startsWith('@'));
}

function stripBrackets(tokens: readonly SqlToken[]): readonly SqlToken[] {
  if (punctuationAt(tokens, 0) !== '(') return tokens;
  const closings = closingsOf(tokens);
  let [from, to] = [0, tokens.length - 1];
  while (closings.get(from) === to && !SUBQUERIES.includes(wordAt(tokens, from + 1))) {
    from++;
    to--;
  }
  return tokens.slice(from, to + 1);
}

const SUBQUERIES = ['SELECT', 'WITH'];

/** Where each bracket closes. */
function closingsOf(tokens: readonly SqlToken[]): ReadonlyMap<number, number> {
  const closings = new Map<number, number>();
  const open: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const text = punctuationAt(tokens, i);
    if (text === '(') open.push(i);
    const begun = text === ')' ? open.pop() : undefined;
    if (begun !== undefined) closings.set(begun, i);
  }
  return closings;
}

function splitAt(tokens: readonly SqlToken[], separators: readonly string[]): SqlToken[][] {
  const parts: SqlToken[][] = [[]];
  let depth = 0;
  let betweens = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    if (token.type === 'punctuation' && token.text === '(') depth++;
    if (token.type === 'punctuation' && token.text === ')') depth--;
    if (token.type === 'word' && token.text === 'BETWEEN') betweens++;
    const next = tokens[i + 1];
    const doubled =
      token.type === 'punctuation' && token.end === next?.start ? token.text + next.text : token.text;
    const separates =
      depth === 0 && token.type !== 'string' && token.type !== 'name' && separators.includes(doubled);
    if (separates && token.text === 'AND' && betweens > 0) betweens--;
    else if (separates) {
      if (doubled !== token.text) i++;
      parts.push([]);
      continue;
    }
    parts.at(-1)?.push(token);
  }
  return parts;
}
