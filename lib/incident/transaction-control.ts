import type { SqlFlavour, SqlToken } from './sql-tokens';
import { punctuationAt, wordAt } from './token-reading';

/** A statement that begins, ends or divides transactions and changes no data itself. */
export type TransactionControl =
  | { readonly kind: 'begin' }
  | { readonly kind: 'commit' | 'rollback'; readonly chain: boolean; readonly release: boolean }
  | { readonly kind: 'savepoint' | 'rollback-to' | 'release-savepoint'; readonly name: string }
  | { readonly kind: 'autocommit'; readonly on: boolean }
  | { readonly kind: 'two-phase-begin' | 'two-phase-end' | 'two-phase-prepare'; readonly id: string }
  | { readonly kind: 'two-phase-commit' | 'two-phase-rollback'; readonly id: string };

/** Recognizes transaction control by its leading words; null for every other statement. */
export function transactionControl(
  tokens: readonly SqlToken[],
  flavour: SqlFlavour,
): TransactionControl | null {
  const [first, second] = [wordAt(tokens, 0), wordAt(tokens, 1)];
  switch (first) {
    case 'BEGIN':
      return { kind: 'begin' };
    case 'START':
      return second === 'TRANSACTION' ? { kind: 'begin' } : null;
    case 'COMMIT':
    case 'END':
      if (first === 'END' && flavour === 'mysql') return null;
      if (second === 'PREPARED') return { kind: 'two-phase-commit', id: rest(tokens, 2) };
      return ending('commit', tokens);
    case 'ROLLBACK':
    case 'ABORT':
      if (first === 'ABORT' && flavour === 'mysql') return null;
      if (second === 'PREPARED') return { kind: 'two-phase-rollback', id: rest(tokens, 2) };
      return rollbackTo(tokens) ?? ending('rollback', tokens);
    case 'SAVEPOINT':
      return { kind: 'savepoint', name: savepointName(tokens, 1) };
    case 'RELEASE':
      return { kind: 'release-savepoint', name: savepointName(tokens, second === 'SAVEPOINT' ? 2 : 1) };
    case 'PREPARE':
      return second === 'TRANSACTION' ? { kind: 'two-phase-prepare', id: rest(tokens, 2) } : null;
    case 'XA':
      return xa(tokens, second);
    case 'SET':
      return flavour === 'mysql' ? setAutocommit(tokens) : null;
    default:
      return null;
  }
}

function ending(kind: 'commit' | 'rollback', tokens: readonly SqlToken[]): TransactionControl {
  return { kind, chain: asks(tokens, 'CHAIN'), release: asks(tokens, 'RELEASE') };
}

function asks(tokens: readonly SqlToken[], word: string): boolean {
  const at = tokens.findIndex(({ type, text }) => type === 'word' && text === word);
  return at > 0 && wordAt(tokens, at - 1) !== 'NO';
}

function rollbackTo(tokens: readonly SqlToken[]): TransactionControl | null {
  const to = tokens.findIndex(({ type, text }) => type === 'word' && text === 'TO');
  if (to === -1) return null;
  return {
    kind: 'rollback-to',
    name: savepointName(tokens, wordAt(tokens, to + 1) === 'SAVEPOINT' ? to + 2 : to + 1),
  };
}

/** MySQL compares savepoint names without regard to case, PostgreSQL unless they are quoted. */
function savepointName(tokens: readonly SqlToken[], at: number): string {
  return (tokens[at]?.text ?? '').toLowerCase();
}

function xa(tokens: readonly SqlToken[], phase: string): TransactionControl | null {
  const onePhase =
    wordAt(tokens, tokens.length - 2) === 'ONE' && wordAt(tokens, tokens.length - 1) === 'PHASE';
  const id = rest(onePhase ? tokens.slice(0, -2) : tokens, 2).replace(/(JOIN|RESUME|SUSPEND.*)$/, '');
  switch (phase) {
    case 'START':
    case 'BEGIN':
      return { kind: 'two-phase-begin', id };
    case 'END':
      return { kind: 'two-phase-end', id };
    case 'PREPARE':
      return { kind: 'two-phase-prepare', id };
    case 'COMMIT':
      return { kind: 'two-phase-commit', id };
    case 'ROLLBACK':
      return { kind: 'two-phase-rollback', id };
    default:
      return null;
  }
}

function rest(tokens: readonly SqlToken[], from: number): string {
  return tokens
    .slice(from)
    .map(({ text }) => text)
    .join('');
}

/** `SET autocommit=0` in all its forms, also among other assignments; the last one counts. */
function setAutocommit(tokens: readonly SqlToken[]): TransactionControl | null {
  let control: TransactionControl | null = null;
  for (const [i, token] of tokens.entries()) {
    const text = token.type === 'word' || token.type === 'name' ? token.text.toUpperCase() : '';
    if (text !== 'AUTOCOMMIT' && text !== '@@AUTOCOMMIT') continue;
    if (isGlobal(tokens, i)) continue;
    const value = tokens
      .slice(i + 1)
      .find(({ type, text }) => type !== 'punctuation' || !/^[:=]$/.test(text));
    if (punctuationAt(tokens, i + 1) === null || value === undefined) continue;
    control = { kind: 'autocommit', on: !/^['"]?(0|OFF|FALSE)['"]?$/i.test(value.written) };
  }
  return control;
}

function isGlobal(tokens: readonly SqlToken[], i: number): boolean {
  const scope = punctuationAt(tokens, i - 1) === '.' ? wordAt(tokens, i - 2) : wordAt(tokens, i - 1);
  return ['GLOBAL', '@@GLOBAL', 'PERSIST', '@@PERSIST', 'PERSIST_ONLY', '@@PERSIST_ONLY'].includes(scope);
}
