import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { epochMicros, formatInstant, parseInstant, type EpochMicros } from '../time';

/** `2026-01-02 03:04:05.123456` as a clock with this offset from UTC shows the instant. */
export function wallTimeOf(at: EpochMicros, offsetMinutes: number): string {
  return formatInstant(epochMicros(at + offsetMinutes * 60_000_000))
    .replace('T', ' ')
    .replace('Z', '');
}

/** The instant at which a clock with this offset shows the text of a DATETIME or TIMESTAMP; null for the zero date and other dates that do not exist. */
export function instantOf(wallTime: string, offsetMinutes: number): EpochMicros | null {
  const parsed = parseInstant(`${wallTime}Z`);
  return parsed.ok ? epochMicros(parsed.value - offsetMinutes * 60_000_000) : null;
}

/** Parses `UTC`, `Z` or `+02:00` into minutes. Names of zones are refused: an hour that repeats in autumn would be two instants. */
export function parseOffset(text: string): Outcome<number, Refusal<'not-an-offset'>> {
  if (/^(utc|z)$/i.test(text)) return accept(0);
  const match = /^([+-])(0\d|1[0-4]):([0-5]\d)$/.exec(text);
  if (match === null) {
    return refuse({
      reason: 'not-an-offset',
      message: `'${text}' is not an offset from UTC`,
      hint: 'write UTC or an offset such as +02:00',
    });
  }
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return accept(match[1] === '-' ? -minutes : minutes);
}
