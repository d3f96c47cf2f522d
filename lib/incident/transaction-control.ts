import { sessionSettings, type SessionSettings } from './session-settings';
import type { SqlFlavour, SqlToken } from './sql-tokens';
import { wordAt } from './token-reading';

/** A statement that begins, ends or divides transactions and changes no data itself. */
export type TransactionControl =
  | { readonly kind: 'begin' }
  | Ending
  | { readonly kind: 'savepoint' | 'rollback-to' | 'release-savepoint'; readonly name: string }
  | SessionSettings
  /** In MySQL tables that are locked end a transaction, and so does unlocking them, but only those. */
  | { readonly kind: 'lock-tables' | 'unlock-tables' }
  | { readonly kind: 'two-phase-begin' | 'two-phase-end' | 'two-phase-prepare'; readonly id: string }
  | { readonly kind: 'two-phase-commit' | 'two-phase-rollback'; readonly id: string };

/** Whether another transaction or nothing follows is null where the statement leaves it to the session's settings. */
export interface Ending {
  readonly kind: 'commit' | 'rollback';
  readonly chain: boolean | null;
  readonly release: boolean | null;
}

/** Recognizes transaction control by its leading words; null for every other statement. */
export function transactionControl(
  tokens: readonly SqlToken[],
  flavour: SqlFlavour,
): TransactionControl | null {
  const [first, second] = [wordAt(tokens, 0), wordAt(tokens, 1)];
  switch (first) {
    case 'BEGIN':
      return flavour === 'mysql' && tokens.length > 1 && second !== 'WORK' ? null : { kind: 'begin' };
    case 'START':
      return second === 'TRANSACTION' ? { kind: 'begin' } : null;
    case 'COMMIT':
    case 'END':
      if (first === 'END' && flavour === 'mysql') return null;
      if (second === 'PREPARED') return { kind: 'two-phase-commit', id: identifier(tokens.slice(2)) };
      return ending('commit', tokens);
    case 'ROLLBACK':
    case 'ABORT':
      if (first === 'ABORT' && flavour === 'mysql') return null;
      if (second === 'PREPARED') return { kind: 'two-phase-rollback', id: identifier(tokens.slice(2)) };
      return rollbackTo(tokens) ?? ending('rollback', tokens);
    case 'SAVEPOINT':
      return { kind: 'savepoint', name: savepointName(tokens, 1) };
    case 'RELEASE':
      return { kind: 'release-savepoint', name: savepointName(tokens, second === 'SAVEPOINT' ? 2 : 1) };
    case 'PREPARE':
      return second === 'TRANSACTION' ? { kind: 'two-phase-prepare', id: identifier(tokens.slice(2)) } : null;
    case 'XA':
      return xa(tokens, second);
    case 'LOCK':
    case 'UNLOCK':
      if (flavour !== 'mysql' || (second !== 'TABLES' && second !== 'TABLE')) return null;
      return { kind: first === 'LOCK' ? 'lock-tables' : 'unlock-tables' };
    case 'SET':
      return flavour === 'mysql' ? sessionSettings(tokens) : null;
    default:
      return null;
  }
}

function ending(kind: Ending['kind'], tokens: readonly SqlToken[]): Ending {
  return { kind, chain: asks(tokens, 'CHAIN'), release: asks(tokens, 'RELEASE') };
}

function asks(tokens: readonly SqlToken[], word: string): boolean | null {
  const at = tokens.findIndex(({ type, text }) => type === 'word' && text === word);
  return at < 1 ? null : wordAt(tokens, at - 1) !== 'NO';
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
  const words = ['ONE', 'PHASE', 'JOIN', 'RESUME', 'SUSPEND', 'FOR', 'MIGRATE'];
  const id = identifier(tokens.slice(2).filter(({ type, text }) => type !== 'word' || !words.includes(text)));
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

/** The same for each way to write one: `'a'`, `"a"` and `'a','',1` are one transaction of MySQL. */
function identifier(tokens: readonly SqlToken[]): string {
  return tokens
    .map(({ type, text }) => (type === 'string' ? text.replaceAll('"', "'") : text))
    .join('')
    .replace(/,1$/, '')
    .replace(/,''$/, '');
}
