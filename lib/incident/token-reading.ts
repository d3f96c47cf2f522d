import type { SqlToken } from './sql-tokens';

/** Index of the bracket that closes the one around `from`, or the end. */
export function closing(tokens: readonly SqlToken[], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    const text = punctuationAt(tokens, i);
    if (text === '(') depth++;
    if (text === ')' && --depth < 0) return i;
  }
  return tokens.length;
}

/** Where a condition ends that begins at `from`: what stands in its brackets is of a subquery or an aggregate. */
export function conditionEnd(tokens: readonly SqlToken[], from: number): number {
  let depth = 0;
  const end = tokens.findIndex(({ type, text }, i) => {
    if (i < from) return false;
    if (type === 'punctuation' && text === '(') depth++;
    if (type === 'punctuation' && text === ')') depth--;
    return depth <= 0 && type === 'word' && ['ORDER', 'LIMIT', 'RETURNING'].includes(text);
  });
  return end === -1 ? tokens.length : end;
}

export function topLevel(tokens: readonly SqlToken[], word: string): number {
  let depth = 0;
  return tokens.findIndex(({ type, text }) => {
    if (type === 'punctuation' && text === '(') depth++;
    if (type === 'punctuation' && text === ')') depth--;
    return depth === 0 && type === 'word' && text === word;
  });
}

export function depthAtEnd(tokens: readonly SqlToken[]): number {
  return tokens.reduce((depth, { type, text }) => {
    if (type !== 'punctuation') return depth;
    return text === '(' ? depth + 1 : text === ')' ? depth - 1 : depth;
  }, 0);
}

export function wordAt(tokens: readonly SqlToken[], i: number): string {
  const token = tokens[i];
  return token?.type === 'word' ? token.text : '';
}

export function punctuationAt(tokens: readonly SqlToken[], i: number): string | null {
  const token = tokens[i];
  return token?.type === 'punctuation' ? token.text : null;
}
