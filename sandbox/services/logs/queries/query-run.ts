import { randomUUID } from 'node:crypto';
import type { CompiledQuery, ResultField } from '../insights/compile-query';
import type { Row, SourceEvent } from '../insights/row';
import { inSlices } from './slices';

export type QueryStatus = 'Scheduled' | 'Running' | 'Complete' | 'Cancelled';

export interface QueryResult {
  readonly rows: readonly (readonly ResultField[])[];
  readonly status: QueryStatus;
  readonly recordsMatched: number;
  readonly recordsScanned: number;
  readonly bytesScanned: number;
}

export interface NewQueryRun {
  readonly number: number;
  readonly query: CompiledQuery;
  readonly queryString: string;
  readonly logGroupNames: readonly string[];
  /** What was visible when the query was started, latest first: later arrivals are not in its answer. */
  readonly events: readonly SourceEvent[];
  readonly durationMs: number;
  readonly now: () => number;
}

/** Share of its duration for which a query waits before it runs. */
const SCHEDULED_SHARE = 0.1;

/**
 * One query on its way. Its progress follows the clock: whoever looks sees as many events scanned as
 * its age allows, so that pollers meet every status; the work is done when somebody looks.
 */
export class QueryRun {
  readonly id = randomUUID();
  /** Counts the queries of the sandbox. */
  readonly number: number;
  readonly queryString: string;
  readonly logGroupNames: readonly string[];
  /** In milliseconds since the epoch. */
  readonly startedAt: number;
  private readonly query: CompiledQuery;
  private readonly durationMs: number;
  private readonly now: () => number;
  private events: readonly SourceEvent[];
  private matched: Row[] = [];
  private scanned = 0;
  private bytesScanned = 0;
  private cancelledAt: number | undefined;
  private ended: QueryResult | undefined;
  /** The look that goes on; the next one waits for it. */
  private looking: Promise<unknown> = Promise.resolve();

  constructor({ number, query, queryString, logGroupNames, events, durationMs, now }: NewQueryRun) {
    this.number = number;
    this.query = query;
    this.queryString = queryString;
    this.logGroupNames = logGroupNames;
    this.events = events;
    this.durationMs = durationMs;
    this.now = now;
    this.startedAt = now();
  }

  get status(): QueryStatus {
    if (this.cancelledAt !== undefined) return 'Cancelled';
    if (this.progress >= 1) return 'Complete';
    return this.progress < SCHEDULED_SHARE ? 'Scheduled' : 'Running';
  }

  get isActive(): boolean {
    return this.status === 'Scheduled' || this.status === 'Running';
  }

  /** How long it took, or has taken so far. */
  get ageMs(): number {
    return Math.min((this.cancelledAt ?? this.now()) - this.startedAt, this.durationMs);
  }

  cancel(): void {
    this.cancelledAt = this.now();
  }

  /** The rows that the query gives over the events scanned by now; over all of them once it is Complete. */
  look(): Promise<QueryResult> {
    const look = this.looking.then(() => this.ended ?? this.advance());
    this.looking = look.catch(() => undefined);
    return look;
  }

  private async advance(): Promise<QueryResult> {
    const status = this.status;
    const until = status === 'Scheduled' ? 0 : Math.floor(this.progress * this.events.length);
    await inSlices(this.scan(until));
    const result = {
      rows: await inSlices(this.query.finish(this.matched)),
      status,
      recordsMatched: this.matched.length,
      recordsScanned: this.scanned,
      bytesScanned: this.bytesScanned,
    };
    if (status === 'Complete' || status === 'Cancelled') this.end(result);
    return result;
  }

  private *scan(until: number): Generator<void, void> {
    for (const event of this.events.slice(this.scanned, until)) {
      const row = this.query.match(event);
      if (row !== undefined) this.matched.push(row);
      this.scanned += 1;
      this.bytesScanned += Buffer.byteLength(event.message);
      yield;
    }
  }

  /** Keeps the result and lets go of what it was made from. */
  private end(result: QueryResult): void {
    this.ended = result;
    this.events = [];
    this.matched = [];
  }

  /** Share of the events that may have been scanned by now. */
  private get progress(): number {
    return this.durationMs <= 0 ? 1 : Math.min(this.ageMs / this.durationMs, 1);
  }
}
