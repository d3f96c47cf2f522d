import { accept, refuse, type Outcome, type Refusal } from './errors';

declare const micros: unique symbol;
/** Microseconds since 1970-01-01T00:00:00Z: exact in a double until the year 2255. */
export type EpochMicros = number & { readonly [micros]: true };

export type TimeRefusal = Refusal<'time-without-zone' | 'not-a-time' | 'not-a-duration'>;

export function epochMicros(value: number): EpochMicros {
  if (!Number.isSafeInteger(value)) throw new Error(`not a count of microseconds: ${value}`);
  return value as EpochMicros;
}

export function microsFromMillis(millis: number): EpochMicros {
  return epochMicros(Math.round(millis * 1000));
}

/** `2026-01-02T03:04:05.123456Z`; whole milliseconds and seconds keep their digits, so that widths align. */
export function formatInstant(at: EpochMicros): string {
  const second = Math.floor(at / 1_000_000);
  const fraction = String(at - second * 1_000_000).padStart(6, '0');
  return `${new Date(second * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** `2026-01-02T03:04:05Z`; refuses to drop a fraction, since whoever calls it must have decided which way to round. */
export function formatWholeSecond(at: EpochMicros): string {
  if (at % 1_000_000 !== 0) throw new Error(`not a whole second: ${formatInstant(at)}`);
  return `${new Date(at / 1000).toISOString().slice(0, 19)}Z`;
}

/** The greatest whole second strictly before `at`. A restore point is always made by this function. */
export function wholeSecondBefore(at: EpochMicros): EpochMicros {
  return epochMicros((Math.ceil(at / 1_000_000) - 1) * 1_000_000);
}

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:[.](\d{1,9}))?(Z|z|[+-]\d\d:\d\d)?$/;

/**
 * Parses an RFC 3339 time with its zone into microseconds; further digits are cut off.
 * A time without a zone is refused: at three in the morning nobody knows which one was meant.
 */
export function parseInstant(text: string): Outcome<EpochMicros, TimeRefusal> {
  const match = RFC_3339.exec(text.trim());
  const [, date, time, fraction = '', zone] = match ?? [];
  if (date === undefined || time === undefined) {
    return refuse({
      reason: 'not-a-time',
      message: `'${text}' is not an RFC 3339 time`,
      hint: 'write it like 2026-01-02T03:04:05Z or 2026-01-02T03:04:05+01:00',
    });
  }
  if (zone === undefined) {
    return refuse({
      reason: 'time-without-zone',
      message: `'${text}' has no time zone`,
      hint: `add the zone that you mean, such as ${date}T${time}Z for UTC`,
    });
  }
  const millis = Date.parse(`${date}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(millis) || !isCalendarDate(date)) {
    return refuse({
      reason: 'not-a-time',
      message: `'${text}' is not a time that exists`,
      hint: 'check the month, the day and the hour',
    });
  }
  return accept(epochMicros(millis * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6))));
}

/** Date.parse accepts 30 February and rolls it over; a restore must not. */
function isCalendarDate(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Parses `500ms`, `1s`, `5m`, `2h`, `3d` into milliseconds. */
export function parseDurationMs(text: string): Outcome<number, TimeRefusal> {
  const match = /^(\d+(?:[.]\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  if (match?.[1] === undefined) {
    return refuse({
      reason: 'not-a-duration',
      message: `'${text}' is not a duration`,
      hint: 'write a number with a unit, such as 500ms, 1s, 5m, 2h or 3d',
    });
  }
  return accept(Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]);
}

/** `850 ms`, `12.3 s`, `4 min 5 s`, `2 h 3 min`, `3 d 4 h`: for people; artefacts hold numbers. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(seconds, 60, 'min', 's');
  if (seconds < 86_400) return pair(Math.round(seconds / 60), 60, 'h', 'min');
  return pair(Math.round(seconds / 3600), 24, 'd', 'h');
}

function pair(amount: number, base: number, large: string, small: string): string {
  const rest = amount % base;
  return `${Math.floor(amount / base)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}
