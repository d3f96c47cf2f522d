import type { SqlToken } from './sql-tokens';
import { closing, punctuationAt } from './token-reading';

/**
 * Whether a condition is true for every row by its constants alone: `1`, `1=1`, `TRUE`, `'a'='a'`,
 * the same column on both sides, any of these with OR, all of them with AND, in brackets or not.
 */
export function isAlwaysTrue(condition: readonly SqlToken[]): boolean {
  const tokens = stripBrackets(condition);
  const alternatives = splitAt(tokens, ['OR', '||']);
  if (alternatives.length > 1) return alternatives.some(isAlwaysTrue);
  const all = splitAt(tokens, ['AND', '&&']);
  if (all.length > 1) return all.every(isAlwaysTrue);
  const [first, operator] = tokens;
  if (first === undefined) return false;
  if (first.text === 'NOT' || first.text === '!') return isAlwaysFalse(tokens.slice(1));
  if (operator === undefined) return constantTruth(first) === true;
  return isTrueComparison(tokens);
}

function isAlwaysFalse(condition: readonly SqlToken[]): boolean {
  const tokens = stripBrackets(condition);
  const [only, ...others] = tokens;
  return only !== undefined && others.length === 0 && constantTruth(only) === false;
}

function constantTruth({ type, text }: SqlToken): boolean | null {
  if (type === 'word') return text === 'TRUE' ? true : text === 'FALSE' ? false : null;
  if (type === 'number') return Number(text) !== 0;
  if (type === 'string') return Number.parseFloat(text.slice(1)) > 0;
  return null;
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

function isTrueComparison(tokens: readonly SqlToken[]): boolean {
  const at = tokens.findIndex(
    ({ type, text }) =>
      (type === 'punctuation' && /^[=<>!]$/.test(text)) || (type === 'word' && text === 'LIKE'),
  );
  if (at < 1) return false;
  let end = at + 1;
  while (/^[=<>]$/.test(punctuationAt(tokens, end) ?? '')) end++;
  const operator = tokens
    .slice(at, end)
    .map(({ text }) => text)
    .join('');
  const compare = COMPARISONS[operator];
  const left = tokens.slice(0, at);
  const right = tokens.slice(end);
  if (compare === undefined || right.length === 0) return false;
  const order = constantOrder(left, right);
  return order !== null && compare(order);
}

/** The sign of left against right where both are constants, 0 where both are the same column; otherwise null. */
function constantOrder(left: readonly SqlToken[], right: readonly SqlToken[]): number | null {
  const words = (tokens: readonly SqlToken[]): string =>
    tokens.map(({ text }) => text.toUpperCase()).join(' ');
  const [a] = left;
  const [b] = right;
  if (a === undefined || b === undefined) return null;
  const isColumn = left.every(({ type, text }) => type === 'word' || type === 'name' || text === '.');
  if (isColumn && words(left) === words(right)) return 0;
  if (left.length > 1 || right.length > 1 || a.type !== b.type) return null;
  if (a.type === 'number') return Math.sign(Number(a.text) - Number(b.text));
  if (a.type === 'string') return a.text === b.text ? 0 : a.text < b.text ? -1 : 1;
  return null;
}

function stripBrackets(tokens: readonly SqlToken[]): readonly SqlToken[] {
  let inner = tokens;
  while (punctuationAt(inner, 0) === '(' && closing(inner, 1) === inner.length - 1)
    inner = inner.slice(1, -1);
  return inner;
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
