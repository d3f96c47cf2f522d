import type { Dialect } from '../artefacts';
import type { Refusal, Outcome } from '../errors';
import type { EpochMicros } from '../time';
import type { AuditRecord } from './audit-record';

/** A span of the time inside the records; both ends belong to it. Null where the logs' own bounds decide. */
export interface Window {
  readonly since: EpochMicros | null;
  readonly until: EpochMicros | null;
}

export interface Connection {
  readonly serverHost: string;
  readonly connectionId: string;
}

/** Which records a question needs. A source may give more; `selects` decides. */
export type Selection =
  /** Statements that may destroy data, as far as the words in their line tell. */
  | { readonly kind: 'destructive'; readonly window: Window }
  /** Statements whose line matches a person's own pattern or query id. */
  | {
      readonly kind: 'matching';
      readonly window: Window;
      readonly pattern: string;
      readonly queryId: string | null;
    }
  /** Everything of these connections. */
  | { readonly kind: 'connections'; readonly window: Window; readonly connections: readonly Connection[] }
  /** The second phases of two-phase commits, which any connection may issue. */
  | { readonly kind: 'two-phase-ends'; readonly window: Window }
  /** Statements that begin or end transactions or set variables: the proof that such statements are audited at all. */
  | { readonly kind: 'control'; readonly window: Window }
  /** Everything that writes, or begins or ends a connection or transaction. */
  | { readonly kind: 'writes'; readonly window: Window };

/** What the source looked at to answer, for `coverage`. */
export interface Scanned {
  readonly records: number;
  readonly unparsed: number;
  readonly bytes: number;
  /** Time inside the newest record looked at, and the servers seen, whether selected or not; null where only selected records are seen. */
  readonly seen: Seen | null;
}

export interface Seen {
  readonly newestAt: EpochMicros | null;
  readonly serverHosts: readonly string[];
  /** Whether statements that end transactions or set variables are audited. */
  readonly showsTransactionControl: boolean;
  /** How much older than one before it a record is at the most, in microseconds; null where the order of reading is not one file's. */
  readonly disorderMicros: number | null;
}

/** How far the logs reach: what had arrived when the source was asked. */
export interface Delivery {
  /** Time inside the newest record; null when there is none. */
  readonly newestAt: EpochMicros | null;
  /** Up to when every record is taken to have arrived. */
  readonly completeUntil: EpochMicros | null;
  /** Greatest record time less time inside, in milliseconds; null where the log has no record time. */
  readonly lagMs: number | null;
  /** Whether asking later can give more. */
  readonly growing: boolean;
  readonly serverHosts: readonly string[];
}

export type SourceRefusal = Refusal<
  | 'no-log-group'
  | 'no-log-file'
  | 'no-records'
  | 'cut-result'
  | 'query-failed'
  | 'expensive-query'
  | 'unknown-dialect'
>;

/** A place where audit logs live. */
export interface LogSource {
  /** For people: a log group's name, or the files. */
  readonly name: string;
  readonly dialect: Dialect;
  /** Calls `take` with the selected records, in no particular order. */
  fetchRecords(
    selection: Selection,
    take: (record: AuditRecord) => void,
  ): Promise<Outcome<Scanned, SourceRefusal>>;
  fetchDelivery(): Promise<Outcome<Delivery, SourceRefusal>>;
}
