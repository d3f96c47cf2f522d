import type { SqlToken } from './sql-tokens';
import { closing, punctuationAt, topLevel, wordAt } from './token-reading';

/** Tables of a DELETE in its single-table and both multi-table forms. */
export function deleteTables(tokens: readonly SqlToken[]): string[] {
  const from = topLevel(tokens, 'FROM');
  const modifiers = ['LOW_PRIORITY', 'QUICK', 'IGNORE', 'HISTORY', 'FROM', 'ONLY'];
  const named = namesAfter(tokens, 1, modifiers);
  // `DELETE a, b FROM …` and `DELETE FROM a, b USING …` name what they delete from by alias
  const isListFirst = from > 1 && !modifiers.includes(wordAt(tokens, 1));
  const references = isListFirst ? from : topLevel(tokens, 'USING');
  if (references === -1) return named;
  const tables = joinedTables(tokens.slice(references + 1));
  return named.map((alias) => resolveAlias(tables, alias));
}

/** Tables of an UPDATE: of a joined one those whose columns it sets, by alias or name; a column without either may be of any. */
export function updateTables(tokens: readonly SqlToken[]): string[] {
  const set = topLevel(tokens, 'SET');
  const tables = joinedTables(tokens.slice(1, set === -1 ? tokens.length : set));
  if (tables.length < 2 || set === -1) return tables.map(({ name }) => name);
  const where = topLevel(tokens, 'WHERE');
  const columns = assignedColumns(tokens.slice(set + 1, where === -1 ? tokens.length : where));
  if (columns.some((column) => !column.includes('.'))) return [...new Set(tables.map(({ name }) => name))];
  const prefixes = columns.map((column) => column.slice(0, column.lastIndexOf('.')));
  return [...new Set(prefixes.map((prefix) => resolveAlias(tables, prefix)))];
}

function assignedColumns(tokens: readonly SqlToken[]): string[] {
  const columns: string[] = [];
  let depth = 0;
  for (let i = 0; i < tokens.length; i++) {
    const before = punctuationAt(tokens, i - 1);
    if (before === '(') depth++;
    if (before === ')') depth--;
    if (depth > 0 || (i > 0 && before !== ',')) continue;
    const column = nameAt(tokens, i);
    if (column !== null) columns.push(column.name);
  }
  return columns;
}

interface TableReference {
  readonly name: string;
  readonly alias: string | null;
}

/** The tables that a list of joined ones names, without what its conditions and subqueries do. */
function joinedTables(tokens: readonly SqlToken[]): TableReference[] {
  const tables: TableReference[] = [];
  let isTable = true;
  for (let i = 0; i < tokens.length; i++) {
    const word = wordAt(tokens, i);
    if (['WHERE', 'ORDER', 'LIMIT', 'RETURNING'].includes(word)) break;
    if (punctuationAt(tokens, i) === '(') {
      const isSubquery = ['SELECT', 'WITH', 'VALUES'].includes(wordAt(tokens, i + 1));
      if (isTable && !isSubquery) continue;
      i = closing(tokens, i + 1);
      isTable = false;
    } else if (punctuationAt(tokens, i) === ',' || word === 'JOIN' || word === 'STRAIGHT_JOIN')
      isTable = true;
    else if (isTable && !REFERENCE_MODIFIERS.includes(word)) {
      const name = nameAt(tokens, i);
      if (name === null) continue;
      const alias = nameAt(tokens, wordAt(tokens, name.next) === 'AS' ? name.next + 1 : name.next);
      tables.push({ name: name.name, alias: alias?.name ?? null });
      i = name.next - 1;
      isTable = false;
    }
  }
  return tables;
}

const REFERENCE_MODIFIERS = ['LOW_PRIORITY', 'IGNORE', 'ONLY', 'LATERAL'];

export function createdTables(tokens: readonly SqlToken[]): string[] {
  const at = tokens.findIndex(({ type, text }) => type === 'word' && text === 'TABLE');
  return at === -1 ? [] : namesAfter(tokens, at + 1, ['IF', 'NOT', 'EXISTS']).slice(0, 1);
}

function resolveAlias(tables: readonly TableReference[], alias: string): string {
  const wanted = alias.replace(/[.][*]$/, '').toLowerCase();
  const byAlias = tables.find((table) => table.alias?.toLowerCase() === wanted);
  const byName = tables.find(({ name }) => name.toLowerCase().split('.').at(-1) === wanted);
  return (byAlias ?? byName)?.name ?? alias.replace(/[.][*]$/, '');
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
