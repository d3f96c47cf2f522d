import { valueOf } from '../../../../lib/errors';
import { parseInstant, type EpochMicros } from '../../../../lib/time';
import { judgeClock, type ClockReading } from '../../../../lib/verify/checks/restore-point';

const at = (time: string): EpochMicros => valueOf(parseInstant(`2026-01-02T${time}Z`));
const restoreTo = at('03:04:05');

const RIGHT: ClockReading = {
  stampedBy: 'insert',
  restored: { newestAt: at('03:04:04.9'), late: 0, settled: 500 },
  source: { settled: 500, beyond: { rows: 0, firstAt: null }, firstLateAt: at('03:04:05.01') },
};
const reading = (
  restored: Partial<ClockReading['restored']>,
  source: Partial<NonNullable<ClockReading['source']>> | 'no source' = {},
): ClockReading => ({
  ...RIGHT,
  restored: { ...RIGHT.restored, ...restored },
  source: source === 'no source' || RIGHT.source === undefined ? undefined : { ...RIGHT.source, ...source },
});

test.each([
  {
    what: 'the last row before the restore point, and none after it',
    clock: RIGHT,
    verdict: 'pass',
    says: /100 ms before it; the source's first one after it, from 2026-01-02T03:04:05[.]010000Z, is absent; the 500 rows/,
  },
  {
    what: 'one row from after the restore point',
    clock: reading({ late: 1, newestAt: at('03:04:05.000001') }),
    verdict: 'fail',
    says: /^1 row from after the restore point .*: restored to a later time$/,
  },
  {
    what: 'rows missing at the end, from longer ago than a transaction takes',
    clock: reading({}, { beyond: { rows: 7, firstAt: at('03:04:04.4') } }),
    verdict: 'fail',
    says: /the source has 7 rows after that .* 600 ms before it: restored to an earlier time/,
  },
  {
    what: 'rows missing at the end, whose transaction may have been open',
    clock: reading({}, { beyond: { rows: 1, firstAt: at('03:04:04.6') } }),
    verdict: 'pass',
    says: /1 row not committed yet at the restore point$/,
  },
  {
    what: 'a row missing in the last minute',
    clock: reading({ settled: 499 }),
    verdict: 'fail',
    says: /of the 500 rows .* 1 are missing$/,
  },
  {
    what: 'rows that the source deleted since',
    clock: reading({ settled: 510 }),
    verdict: 'pass',
    says: /10 more were deleted on the source since$/,
  },
  {
    what: 'nothing restored of what the source has',
    clock: reading(
      { newestAt: null, settled: 0 },
      { settled: 0, beyond: { rows: 9, firstAt: at('01:00:00') } },
    ),
    verdict: 'fail',
    says: /^no row restored, but the source has 9 rows/,
  },
  {
    what: 'nothing on either side',
    clock: reading({ newestAt: null, settled: 0 }, { settled: 0 }),
    verdict: 'not-applicable',
    says: /on either side$/,
  },
  {
    what: 'none after the restore point, without the source',
    clock: reading({}, 'no source'),
    verdict: 'pass',
    says: /^no row from after the restore point/,
  },
  {
    what: 'nothing restored, without the source',
    clock: reading({ newestAt: null }, 'no source'),
    verdict: 'not-applicable',
    says: /^no row restored$/,
  },
])('a clock with $what: $verdict', ({ clock, verdict, says }) => {
  const part = judgeClock(clock, restoreTo, 500);

  expect(part.verdict).toBe(verdict);
  expect(part.evidence).toMatch(says);
});

test('a longer commit delay excuses what a shorter one does not', () => {
  const slow = reading({}, { beyond: { rows: 7, firstAt: at('03:04:02') } });

  expect(judgeClock(slow, restoreTo, 500).verdict).toBe('fail');
  expect(judgeClock(slow, restoreTo, 5000).verdict).toBe('pass');
});
