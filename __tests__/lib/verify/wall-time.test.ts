import fc from 'fast-check';
import { epochMicros } from '../../../lib/time';
import { instantOf, parseOffset, wallTimeOf } from '../../../lib/verify/wall-time';

test.each([
  ['UTC', 0],
  ['z', 0],
  ['+00:00', 0],
  ['+02:00', 120],
  ['-05:30', -330],
])('%s is %i minutes', (text, minutes) => {
  expect(parseOffset(text)).toEqual({ ok: true, value: minutes });
});

test.each(['Europe/Zurich', '2', '+2', '+15:00', '+02:60', ''])("'%s' is refused", (text) => {
  expect(parseOffset(text)).toMatchObject({ ok: false, refusal: { reason: 'not-an-offset' } });
});

test('what a clock shows leads back to the instant, to the microsecond', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4_102_444_800_000_000 }),
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
      (at, offset) =>
        instantOf(wallTimeOf(epochMicros(at + 86_400_000_000), offset), offset) === at + 86_400_000_000,
    ),
  );
});

test('the zero date is no instant', () => {
  expect(instantOf('0000-00-00 00:00:00', 0)).toBeNull();
});
