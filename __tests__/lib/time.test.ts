import fc from 'fast-check';
import {
  epochMicros,
  formatDuration,
  formatInstant,
  formatWholeSecond,
  parseDurationMs,
  parseInstant,
  wholeSecondBefore,
} from '../../lib/time';

const at = (text: string): number => {
  const parsed = parseInstant(text);
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.value;
};

describe('a restore point', () => {
  it.each([
    ['2026-01-02T03:04:05.000001Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.999999Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.000000Z', '2026-01-02T03:04:04Z'],
    ['2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z'],
  ])('before %s is %s', (effect, restorePoint) => {
    expect(formatWholeSecond(wholeSecondBefore(epochMicros(at(effect))))).toBe(restorePoint);
  });

  it('is a whole second strictly before the effect, and the greatest one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_000_000_000_000_000 }), (micros) => {
        const point = wholeSecondBefore(epochMicros(micros));
        expect(Math.abs(point % 1_000_000)).toBe(0);
        expect(point).toBeLessThan(micros);
        expect(point + 1_000_000).toBeGreaterThanOrEqual(micros);
      }),
    );
  });

  it('is never made by dropping a fraction', () => {
    expect(() => formatWholeSecond(epochMicros(1_500_000))).toThrow('not a whole second');
  });
});

describe('parseInstant', () => {
  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000000Z'],
    ['2026-01-02T03:04:05.1234567Z', '2026-01-02T03:04:05.123456Z'],
    ['2026-01-02T03:04:05+05:30', '2026-01-01T21:34:05.000000Z'],
    ['2026-01-02 03:04:05.5-08:00', '2026-01-02T11:04:05.500000Z'],
  ])('reads %s as %s', (text, expected) => {
    expect(formatInstant(epochMicros(at(text)))).toBe(expected);
  });

  it.each([
    ['2026-01-02T03:04:05', 'time-without-zone'],
    ['2026-02-30T03:04:05Z', 'not-a-time'],
    ['2026-01-02T25:04:05Z', 'not-a-time'],
    ['yesterday', 'not-a-time'],
    ['1767322800', 'not-a-time'],
  ])('refuses %s as %s', (text, reason) => {
    expect(parseInstant(text)).toMatchObject({ ok: false, refusal: { reason } });
  });

  it('reads back whatever formatInstant writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), (micros) => {
        expect(at(formatInstant(epochMicros(micros)))).toBe(micros);
      }),
    );
  });
});

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['1s', 1000],
    ['1.5s', 1500],
    ['2h', 7_200_000],
    ['3d', 259_200_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDurationMs(text)).toEqual({ ok: true, value: ms });
  });

  it.each(['', '5', 's', '-1s', '1 hour'])('refuses %j', (text) => {
    expect(parseDurationMs(text)).toMatchObject({ ok: false, refusal: { reason: 'not-a-duration' } });
  });

  it.each([
    [0, '0 ms'],
    [12_345, '12.3 s'],
    [59_960, '1 min'],
    [245_000, '4 min 5 s'],
    [7_380_000, '2 h 3 min'],
    [273_600_000, '3 d 4 h'],
    [-1500, '-1.5 s'],
  ])('%d ms reads as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
