import type { Socket } from 'node:net';
import { formatDuration } from '../time';
import { QueryError, type Side } from './database';

/** What a server sends when its own limit has passed may still be on its way. */
const MARGIN_MS = 10_000;
const GOODBYE_MS = 2000;

/**
 * Waits for the answers of one server. One that hangs, or whose network drops everything, never says
 * so: the limit is kept here as well, and what the person interrupts ends at once.
 */
export class Line {
  private lost: string | undefined;

  constructor(
    private readonly side: Side,
    private readonly socket: Socket,
    private readonly statementTimeoutMs: number,
    private readonly signal: AbortSignal | undefined,
    private readonly marginMs = MARGIN_MS,
  ) {}

  /** @throws QueryError where no answer comes; the connection is gone then */
  async answer<T>(ask: () => Promise<T>): Promise<T> {
    const { signal } = this;
    signal?.throwIfAborted();
    if (this.lost !== undefined) {
      throw new Error(`the connection to the ${this.side} database is lost (${this.lost})`);
    }
    return new Promise((resolve, reject) => {
      const giveUp = (why: unknown): void => {
        this.socket.destroy();
        reject(why instanceof Error ? why : new Error(String(why)));
      };
      const waitMs = this.statementTimeoutMs + this.marginMs;
      const timer = setTimeout(() => {
        this.lost = `it did not answer within ${formatDuration(waitMs)}`;
        giveUp(new QueryError(this.side, 'NO_ANSWER', `the ${this.side} database hangs: ${this.lost}`));
      }, waitMs);
      const abort = (): void => {
        giveUp(signal?.reason);
      };
      signal?.addEventListener('abort', abort);
      ask()
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', abort);
        });
    });
  }

  /** Ends the session in the server's own way, where it still listens. */
  async close(end: () => Promise<unknown>): Promise<void> {
    const timer = setTimeout(() => this.socket.destroy(), GOODBYE_MS);
    try {
      if (!this.socket.destroyed) await end();
    } catch {
      // it is gone already
    } finally {
      clearTimeout(timer);
      this.socket.destroy();
    }
  }
}
