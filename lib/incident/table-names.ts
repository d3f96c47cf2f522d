import type { SqlToken } from './sql-tokens';
import { punctuationAt, topLevel, wordAt } from './token-reading';

/** Tables of a DELETE in its single-table and both multi-table forms. */
export function deleteTables(tokens: readonly SqlToken[]): string[] {
  const from = topLevel(tokens, 'FROM');
  const modifiers = ['LOW_PRIORITY', 'QUICK', 'IGNORE', 'HISTORY', 'FROM', 'ONLY'];
  const named = namesAfter(tokens, 1, modifiers);
  // `DELETE a, b FROM …` names what it deletes from by alias, before FROM
  if (from > 1 && !modifiers.includes(wordAt(tokens, 1)))
    return named.map((alias) => resolveAlias(tokens, from, alias));
  return named;
}

/** Tables of an UPDATE: of a joined one those whose columns it sets, by alias or name. */
export function updateTables(tokens: readonly SqlToken[]): string[] {
  const set = topLevel(tokens, 'SET');
  const prefixes = new Set<string>();
  for (let i = set; set > 0 && i < tokens.length; i++) {
    if (i > set && punctuationAt(tokens, i) !== ',') continue;
    const column = nameAt(tokens, i + 1);
    const dot = column?.name.lastIndexOf('.') ?? -1;
    if (column !== null && dot !== -1 && punctuationAt(tokens, column.next) === '=') {
      prefixes.add(column.name.slice(0, dot));
    }
  }
  if (prefixes.size === 0) return namesAfter(tokens, 1, ['LOW_PRIORITY', 'IGNORE', 'ONLY']);
  return [...new Set([...prefixes].map((prefix) => resolveAlias(tokens.slice(0, set), 0, prefix)))];
}

export function createdTables(tokens: readonly SqlToken[]): string[] {
  const at = tokens.findIndex(({ type, text }) => type === 'word' && text === 'TABLE');
  return at === -1 ? [] : namesAfter(tokens, at + 1, ['IF', 'NOT', 'EXISTS']).slice(0, 1);
}

function resolveAlias(tokens: readonly SqlToken[], from: number, alias: string): string {
  const wanted = alias.replace(/[.][*]$/, '');
  for (let i = from + 1; i < tokens.length; i++) {
    const name = nameAt(tokens, i);
    if (name === null) continue;
    const after = wordAt(tokens, name.next) === 'AS' ? name.next + 1 : name.next;
    const alsoCalled = nameAt(tokens, after)?.name;
    if (alsoCalled?.toLowerCase() === wanted.toLowerCase()) return name.name;
    i = name.next - 1;
  }
  return wanted;
}

/** The comma-separated names from `at` on, after words that may come before them. */
export function namesAfter(tokens: readonly SqlToken[], at: number, modifiers: readonly string[]): string[] {
  let i = at;
  const names: string[] = [];
  for (;;) {
    while (modifiers.includes(wordAt(tokens, i))) i++;
    const name = nameAt(tokens, i);
    if (name === null) return names;
    names.push(name.name);
    i = name.next;
    if (punctuationAt(tokens, i) === '.' && punctuationAt(tokens, i + 1) === '*') i += 2;
    if (punctuationAt(tokens, i) === '*') i++;
    while (i < tokens.length && punctuationAt(tokens, i) !== ',' && !isEndOfNames(tokens, i)) i++;
    if (punctuationAt(tokens, i) !== ',') return names;
    i++;
  }
}

const ENDS_NAMES = new Set(
  'FROM WHERE SET USING ORDER LIMIT RETURNING VALUES VALUE SELECT JOIN INNER LEFT RIGHT CROSS STRAIGHT_JOIN NATURAL PARTITION ON CASCADE RESTRICT RESTART'.split(
    ' ',
  ),
);

function isEndOfNames(tokens: readonly SqlToken[], i: number): boolean {
  return ENDS_NAMES.has(wordAt(tokens, i)) || punctuationAt(tokens, i) === '(';
}

function nameAt(tokens: readonly SqlToken[], at: number): { name: string; next: number } | null {
  const parts: string[] = [];
  let i = at;
  for (;;) {
    const token = tokens[i];
    if (token === undefined || (token.type !== 'word' && token.type !== 'name')) return null;
    if (parts.length === 0 && token.type === 'word' && ENDS_NAMES.has(token.text)) return null;
    parts.push(token.type === 'name' ? token.text : token.written);
    if (punctuationAt(tokens, i + 1) !== '.' || tokens[i + 2]?.text === '*')
      return { name: parts.join('.'), next: i + 1 };
    i += 2;
  }
}
