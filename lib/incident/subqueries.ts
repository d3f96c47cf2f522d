import type { SqlToken } from './sql-tokens';
import { closing, punctuationAt, wordAt } from './token-reading';

/** Whether these are a subquery with its brackets. */
export function isSubquery(tokens: readonly SqlToken[]): boolean {
  return isSubqueryAt(tokens, 1);
}

/** The tokens without the subqueries among them, whose brackets stay. */
export function withoutSubqueries(tokens: readonly SqlToken[]): readonly SqlToken[] {
  const bounds = subqueriesIn(tokens);
  if (bounds.length === 0) return tokens;
  let from = 0;
  const kept = bounds.flatMap(([at, end]) => {
    const before = tokens.slice(from, at);
    from = end;
    return before;
  });
  return [...kept, ...tokens.slice(from)];
}

/**
 * Whether no subquery names a table of the statement around it, as far as names before a dot tell: it
 * then holds for every row or for none.
 */
export function isUncorrelated(tokens: readonly SqlToken[]): boolean {
  return subqueriesIn(tokens).every(([at, end]) => namesOwnTablesOnly(tokens.slice(at, end)));
}

/** Bounds of the outermost subqueries, without their brackets. */
function subqueriesIn(tokens: readonly SqlToken[]): [number, number][] {
  const bounds: [number, number][] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (!isSubqueryAt(tokens, i)) continue;
    const end = closing(tokens, i);
    bounds.push([i, end]);
    i = end;
  }
  return bounds;
}

function isSubqueryAt(tokens: readonly SqlToken[], i: number): boolean {
  return punctuationAt(tokens, i - 1) === '(' && ['SELECT', 'WITH'].includes(wordAt(tokens, i));
}

/** Databases stand before a dot too, but only where tables are named. */
function namesOwnTablesOnly(subquery: readonly SqlToken[]): boolean {
  const isQualifier = (i: number): boolean => punctuationAt(subquery, i + 1) === '.';
  const named = new Set(subquery.filter((_, i) => !isQualifier(i)).map(({ text }) => text.toUpperCase()));
  return subquery.every(
    ({ text }, i) =>
      !isQualifier(i) || named.has(text.toUpperCase()) || ['FROM', 'JOIN'].includes(wordAt(subquery, i - 1)),
  );
}
