import { valueOf } from '../errors';
import { showCount } from '../shorten';
import { formatDuration, formatInstant, parseInstant, type EpochMicros } from '../time';

/** An instant of an artefact, in microseconds; its schema has already checked that it is one. */
export function microsOf(instant: string): EpochMicros {
  return valueOf(parseInstant(instant));
}

/** Milliseconds from `from` to `to`, with microseconds as a fraction; negative where `to` is earlier. */
export function msBetween(from: string, to: string): number {
  return (microsOf(to) - microsOf(from)) / 1000;
}

export function laterOf(one: string, other: string): string {
  return msBetween(one, other) > 0 ? other : one;
}

export function earlierOf(one: string, other: string): string {
  return laterOf(one, other) === one ? other : one;
}

/** `2026-01-02` */
export function showDay(instant: string): string {
  return instant.slice(0, 10);
}

/** `03:04:05` or `03:04:05.123`: to the millisecond, cut off and not rounded, so that it is never later than the truth. */
export function showTime(instant: string): string {
  const [, time = '', fraction = ''] = /T(.{8})(?:[.](\d+))?Z$/.exec(instant) ?? [];
  return /[1-9]/.test(fraction) ? `${time}.${fraction.padEnd(3, '0').slice(0, 3)}` : time;
}

/** `2026-01-02 03:04:05.123 UTC` */
export function showInstant(instant: string): string {
  return `${showDay(instant)} ${showTime(instant)} UTC`;
}

/** `2026-01-02 03:04:05.123456`: for tables, where digits stand below digits. */
export function showExactly(instant: string): string {
  return formatInstant(microsOf(instant)).replace('T', ' ').replace('Z', '');
}

/** `3.0 s before`, `11.2 s after`, `the same instant`: how `instant` lies to `mark`. */
export function showOffset(instant: string, mark: string): string {
  const ms = msBetween(mark, instant);
  if (ms === 0) return 'the same instant';
  return `${formatDuration(Math.abs(ms))} ${ms < 0 ? 'before' : 'after'}`;
}

/** `1 write`, `1,234 writes` */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${showCount(count)} ${count === 1 ? singular : plural}`;
}
