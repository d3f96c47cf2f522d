import type { Dialect } from '../artefacts/incident';
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

/** Whose statements a person means: a source may leave out what is certainly of others. */
export interface Meant {
  readonly user: string | null;
  readonly connectionId: string | null;
  /** May be `database.table`. */
  readonly table: string | null;
}

/** Which records a question needs. A source may give more; `selects` decides. */
export type Selection =
  /** Statements that may destroy data, as far as the words in their line tell. */
  | { readonly kind: 'destructive'; readonly window: Window; readonly of?: Meant }
  /** Statements whose line matches a person's own pattern or query id. */
  | {
      readonly kind: 'matching';
      readonly window: Window;
      readonly pattern: string;
      readonly queryId: string | null;
      readonly of?: Meant;
    }
  /** Everything of these connections. */
  | { readonly kind: 'connections'; readonly window: Window; readonly connections: readonly Connection[] }
  /** The second phases of two-phase commits, which any connection may issue. */
  | { readonly kind: 'two-phase-ends'; readonly window: Window }
  /** Statements that begin or end transactions or set variables: the proof that such statements are audited at all. */
  | { readonly kind: 'control'; readonly window: Window }
  /**
   * Everything that writes, or begins or ends a connection or transaction. With `headsExcept`, plain
   * statements of other connections than these may come without what follows their table: enough to count them.
   */
  | { readonly kind: 'writes'; readonly window: Window; readonly headsExcept?: readonly string[] };

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

/** Writes counted where the logs live, without following their transactions: those that were rolled back count too. */
export interface WriteTally {
  readonly groups: readonly {
    readonly user: string;
    /** In lower case, such as `update`. */
    readonly verb: string;
    /** `database.table`, or `?`. */
    readonly table: string;
    readonly statements: number;
    readonly firstAt: EpochMicros;
    readonly lastAt: EpochMicros;
  }[];
  readonly rollbacks: number;
}

/** A place where audit logs live. */
export interface LogSource {
  /** For people: a log group's name, or the files. */
  readonly name: string;
  readonly dialect: Dialect;
  /**
   * Calls `take` with the selected records, in no particular order. A source that knows up to when it
   * has given all of them calls `settled` with that time: no record before it is still to come.
   */
  fetchRecords(
    selection: Selection,
    take: (record: AuditRecord) => void,
    settled?: (before: number) => void,
  ): Promise<Outcome<Scanned, SourceRefusal>>;
  fetchDelivery(): Promise<Outcome<Delivery, SourceRefusal>>;
  /** Counts writes where fetching each would take long; null where it would not. */
  tallyWrites?(window: Window): Promise<Outcome<WriteTally | null, SourceRefusal>>;
  /** In words: what is missing in the logs of a window as a whole, such as an instance without records. */
  fetchGaps?(window: Window): Promise<readonly string[]>;
}
