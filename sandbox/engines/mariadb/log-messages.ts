import type { AuditLine, Micros } from '../database-cluster';
import type { BinlogPosition } from './commit-log';

/** To the thread that reads the logs; `question` numbers those that it answers. */
export type LogRequest =
  | { readonly kind: 'watch'; readonly id: number; readonly directory: string }
  | { readonly kind: 'name-server'; readonly id: number; readonly serverHost: string }
  | { readonly kind: 'drain'; readonly id: number; readonly question: number }
  | { readonly kind: 'last-commit'; readonly id: number; readonly question: number; readonly at: Micros }
  | { readonly kind: 'forget'; readonly id: number };

/** From the thread that reads the logs. */
export type LogReport =
  | { readonly kind: 'audit-lines'; readonly id: number; readonly lines: readonly AuditLine[] }
  /** Every commit up to then is stamped. */
  | { readonly kind: 'heartbeat'; readonly at: Micros }
  /** All that was written is read; `file` is the binary log's current one, 0 where there is none yet. */
  | { readonly kind: 'drained'; readonly question: number; readonly at: Micros; readonly file: number }
  | { readonly kind: 'commit'; readonly question: number; readonly commit: BinlogPosition | undefined };
