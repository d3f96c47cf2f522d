import type { AuditRecord } from '../audit/audit-record';
import type { StatementFacts } from './statements';

/** One statement that writes, followed to the end of its transaction. */
export interface Write {
  readonly record: AuditRecord;
  readonly facts: StatementFacts;
  /** The record before it on the same connection: it ran after that one. */
  readonly previous: AuditRecord | null;
}

export interface Committed {
  readonly kind: 'committed';
  readonly by: 'autocommit' | 'commit' | 'implicit-commit' | 'two-phase-commit';
  /** The record of the statement that made it visible. */
  readonly at: AuditRecord;
  /** The record before that one on the same connection: the effect came after it. */
  readonly after: AuditRecord | null;
  /** When its transaction began; null where it is its own transaction. */
  readonly began: AuditRecord | null;
  /** False where the logs do not show the connection's begin, so that its autocommit mode is presumed. */
  readonly proven: boolean;
  /** A statement that may have committed before, since the log does not tell what it ran; `after` is the record before this one. */
  readonly perhapsBy?: AuditRecord;
  /** A statement of the transaction that waited for a lock in vain, which by a setting of the server rolls all back. */
  readonly timedOut?: AuditRecord;
}

/** What became of a write. */
export type Fate =
  | Committed
  | { readonly kind: 'rolled-back'; readonly by: RolledBackBy; readonly at: AuditRecord }
  | { readonly kind: 'failed' }
  /** It failed, but is not undone as a whole: what it had destroyed by then is gone. */
  | { readonly kind: 'failed-midway'; readonly otherwise: Committed }
  /** Its transaction has no end in the logs. */
  | { readonly kind: 'open'; readonly began: AuditRecord | null }
  /** The logs hold no transaction control at all, so that its end cannot be seen. */
  | { readonly kind: 'not-logged' }
  /** It or another statement failed, which the logs do not tell apart; what became of it `otherwise`, had it not. */
  | { readonly kind: 'perhaps-failed'; readonly at: AuditRecord; readonly otherwise: Committed }
  /** Rolled back, unless a statement before that committed, of which the log does not tell what it ran. */
  | { readonly kind: 'perhaps-committed'; readonly at: AuditRecord; readonly otherwise: Committed }
  /** Committed, unless an error before that rolled its whole transaction back, which the log does not tell. */
  | { readonly kind: 'perhaps-rolled-back'; readonly at: AuditRecord; readonly otherwise: Committed }
  /** Its transaction lies in an hour that came twice, so that the order of its statements is not known; or `at` in one that never came, or is a change of user whose place among them is lost. */
  | { readonly kind: 'order-unknown'; readonly at: AuditRecord }
  /** What followed ended it in one way or the other: by the mode of autocommit, which the logs do not tell. */
  | { readonly kind: 'mode-unknown'; readonly at: AuditRecord };

export type RolledBackBy =
  'rollback' | 'rollback-to-savepoint' | 'disconnect' | 'change-user' | 'restart' | 'failed-commit' | 'error';

/** Called once for every write, together with the others of its transaction that share its fate. */
export type Settle = (writes: readonly Write[], fate: Fate) => void;
