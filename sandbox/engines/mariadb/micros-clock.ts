import type { Micros } from '../database-cluster';

/**
 * The system's time in microseconds, of which Date.now() gives whole milliseconds only: within that
 * millisecond the monotonic clock tells, and where the system's clock was set (or a laptop slept)
 * the system's wins. Each reading is greater than the one before all the same.
 */
export class MicrosClock {
  private offset = 0;
  private last = 0;

  constructor(
    private readonly systemMillis: () => number = Date.now,
    private readonly monotonicMicros: () => number = () => Math.floor(performance.now() * 1000),
  ) {}

  now(): Micros {
    const earliest = this.systemMillis() * 1000;
    const elapsed = this.monotonicMicros();
    const reading = Math.min(Math.max(this.offset + elapsed, earliest), earliest + 999);
    this.offset = reading - elapsed;
    this.last = Math.max(this.last + 1, reading);
    return this.last;
  }
}
