import type { SqlToken } from './sql-tokens';
import { punctuationAt, wordAt } from './token-reading';

/** What a `SET` of MySQL changes in how the session's transactions begin and end; null for what it leaves alone. */
export interface SessionSettings {
  readonly kind: 'settings';
  /** `unknown` where the value is that of a variable. */
  readonly autocommit: 'on' | 'off' | 'unknown' | null;
  /** What follows a COMMIT or ROLLBACK that does not say: nothing, a new transaction, or the end of the connection. */
  readonly completion: 'none' | 'chain' | 'release' | null;
}

const GLOBAL = ['GLOBAL', 'PERSIST', 'PERSIST_ONLY'];
const SESSION = ['SESSION', 'LOCAL'];

/** Reads `SET` in all its forms, also among other assignments; the last one counts. Null where it changes neither. */
export function sessionSettings(tokens: readonly SqlToken[]): SessionSettings | null {
  let autocommit: SessionSettings['autocommit'] = null;
  let completion: SessionSettings['completion'] = null;
  let isGlobal = false;
  for (const assignment of assignments(tokens.slice(1))) {
    // a scope holds for the variables after it too, where it is a word of its own
    const word = wordAt(assignment, 0);
    if (GLOBAL.includes(word)) isGlobal = true;
    else if (SESSION.includes(word)) isGlobal = false;
    const target = targetOf(assignment);
    if (target === null || (target.scope === null ? isGlobal : GLOBAL.includes(target.scope))) continue;
    if (target.name === 'AUTOCOMMIT') autocommit = autocommitOf(target.value);
    if (target.name === 'COMPLETION_TYPE') completion = completionOf(target.value);
  }
  return autocommit === null && completion === null ? null : { kind: 'settings', autocommit, completion };
}

function assignments(tokens: readonly SqlToken[]): SqlToken[][] {
  const parts: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.type === 'punctuation' && token.text === '(') depth++;
    if (token.type === 'punctuation' && token.text === ')') depth--;
    if (depth === 0 && token.type === 'punctuation' && token.text === ',') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** `autocommit`, `SESSION autocommit`, `@@autocommit`, `@@session.autocommit`: the variable, its own scope, and its value. */
function targetOf(
  assignment: readonly SqlToken[],
): { scope: string | null; name: string; value: readonly SqlToken[] } | null {
  const equals = assignment.findIndex((_, i) => punctuationAt(assignment, i) === '=');
  if (equals === -1) return null;
  const end = punctuationAt(assignment, equals - 1) === ':' ? equals - 1 : equals;
  const name = assignment[end - 1]?.text.toUpperCase() ?? '';
  const isQualified = punctuationAt(assignment, end - 2) === '.';
  return {
    scope: isQualified ? wordAt(assignment, end - 3).replace(/^@@/, '') : null,
    name: name.replace(/^@@/, ''),
    value: assignment.slice(equals + 1),
  };
}

function autocommitOf([value]: readonly SqlToken[]): 'on' | 'off' | 'unknown' {
  const text = (value?.written ?? '').replace(/^['"]|['"]$/g, '').toUpperCase();
  if (['0', 'OFF', 'FALSE'].includes(text)) return 'off';
  return ['1', 'ON', 'TRUE', 'DEFAULT'].includes(text) ? 'on' : 'unknown';
}

function completionOf([value]: readonly SqlToken[]): 'none' | 'chain' | 'release' {
  const text = (value?.written ?? '').replace(/^['"]|['"]$/g, '').toUpperCase();
  if (['1', 'CHAIN'].includes(text)) return 'chain';
  return ['2', 'RELEASE'].includes(text) ? 'release' : 'none';
}
