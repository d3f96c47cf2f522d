/** How the sandbox's CloudWatch Logs behaves; every setting has a default. */
export interface LogsSettings {
  readonly accountId: string;
  readonly region: string;
  /** From the writing of an audit line to its record time (`@timestamp`), before jitter. */
  readonly logDelayMs: number;
  /** Record times lie within `logDelayMs` ± this. */
  readonly logJitterMs: number;
  /** From record time to `@ingestionTime`; before that no query sees the record. */
  readonly logIngestionDelayMs: number;
  /** Over how many rotating files at once an instance stripes its audit lines. */
  readonly auditFiles: number;
  /** How many audit lines one log event may hold, joined by newlines. */
  readonly auditLinesPerEvent: number;
  /** From StartQuery until the query's status is Complete, at the least. */
  readonly queryDurationMs: number;
  /** How many queries may run at once before StartQuery answers LimitExceededException. */
  readonly concurrentQueries: number;
  /** Makes delays and striping repeatable. */
  readonly seed: number;
  /** The clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

export const defaultLogsSettings: LogsSettings = {
  accountId: '000000000000',
  region: 'us-east-1',
  logDelayMs: 2000,
  logJitterMs: 1000,
  logIngestionDelayMs: 250,
  auditFiles: 4,
  auditLinesPerEvent: 1,
  queryDurationMs: 500,
  // AWS's own default quota in most regions
  concurrentQueries: 100,
  seed: 1,
  now: Date.now,
};
