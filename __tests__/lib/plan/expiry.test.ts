import { checkNotExpired, planExpiry } from '../../../lib/plan/expiry';
import { at } from './facts';

const DAY_MS = 86_400_000;

describe('planExpiry', () => {
  test('lets a plan hold for as long as asked', () => {
    expect(planExpiry(at('2026-01-08T10:30:00Z'), 3 * DAY_MS, at('2026-01-08T10:00:00Z'), 7)).toBe(
      at('2026-01-11T10:30:00Z'),
    );
  });

  test('lets no plan outlive the backups that it needs', () => {
    expect(planExpiry(at('2026-01-08T10:30:00Z'), 3 * DAY_MS, at('2026-01-02T12:00:00Z'), 7)).toBe(
      at('2026-01-09T12:00:00Z'),
    );
  });

  test("goes by RDS's window for what is out of the retention", () => {
    const madeAt = at('2026-01-08T10:30:00Z');
    const restoreTo = at('2026-01-07T10:20:00Z');
    const earliest = at('2026-01-07T10:00:00Z');
    expect(planExpiry(madeAt, 3 * DAY_MS, restoreTo, 1, earliest)).toBe(at('2026-01-08T10:50:00Z'));
  });

  test('goes by the retention inside of it', () => {
    const madeAt = at('2026-01-08T10:30:00Z');
    const restoreTo = at('2026-01-08T10:20:00Z');
    const born = at('2026-01-08T10:00:00Z');
    expect(planExpiry(madeAt, 3 * DAY_MS, restoreTo, 1, born)).toBe(at('2026-01-09T10:20:00Z'));
  });

  test('ends at a whole second', () => {
    expect(planExpiry(at('2026-01-08T10:30:00.9Z'), DAY_MS, at('2026-01-08T10:00:00Z'), 7)).toBe(
      at('2026-01-09T10:30:00Z'),
    );
  });
});

describe('checkNotExpired', () => {
  test.each([
    ['2026-01-09T10:29:59.999999Z', true],
    ['2026-01-09T10:30:00Z', false],
  ])('at %s answers %s', (now, ok) => {
    expect(checkNotExpired('d', at('2026-01-09T10:30:00Z'), at(now))).toMatchObject({ ok });
  });
});
