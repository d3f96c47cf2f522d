import { valueOf } from '../../../lib/errors';
import { parseInstant, type EpochMicros } from '../../../lib/time';
import {
  findCommitClocks,
  resolveClock,
  type ClockSettings,
  type CommitClock,
  type NewestStamps,
} from '../../../lib/verify/commit-clocks';
import { mysqlDialect } from '../../../lib/verify/mysql-dialect';
import { column, index, inventory, stamped, table } from './tables';

const SETTINGS: ClockSettings = { clocks: [], ignoredClocks: [], clockOffsetMinutes: undefined };
const ORDERS = table('orders', [
  column('id'),
  stamped('placed_at'),
  stamped('noted_at', 'datetime', { default: 'current_timestamp()' }),
  stamped('changed_at', 'timestamp', { extra: 'default_generated on update current_timestamp(6)' }),
  column('due_at', 'datetime'),
  column('opened_at', 'timestamp', { default: '0000-00-00 00:00:00' }),
]);

function find(
  settings: Partial<ClockSettings> = {},
  orders = ORDERS,
): { used: string[]; unused: readonly string[] } {
  const { clocks, unused } = findCommitClocks(
    inventory([orders]),
    { ...SETTINGS, ...settings },
    mysqlDialect,
  );
  return { used: clocks.map(({ name, stampedBy }) => `${name} ${stampedBy}`), unused };
}

test('columns that the server stamps are clocks, in the words of MySQL and of MariaDB', () => {
  expect(find()).toEqual({
    used: ['shop.orders.placed_at insert', 'shop.orders.noted_at insert', 'shop.orders.changed_at update'],
    unused: [],
  });
});

test('a person can name a clock, and say that a column is none', () => {
  const { used } = find({ clocks: ['shop.orders.due_at'], ignoredClocks: ['shop.orders.placed_at'] });

  expect(used).toEqual([
    'shop.orders.noted_at insert',
    'shop.orders.changed_at update',
    'shop.orders.due_at insert',
  ]);
});

test('a named column that is no time is reported', () => {
  expect(find({ clocks: ['shop.orders.id'] }).unused).toEqual([
    'shop.orders.id is no column of the restored database that holds a date and time',
  ]);
});

test('a large table is read only by an index, or when a person names the column', () => {
  const large = {
    ...ORDERS,
    estimatedRows: 6_000_000,
    indexes: [index('by_time', ['placed_at', 'id'])],
  };

  expect(find({ clocks: ['shop.orders.changed_at'] }, large)).toEqual({
    used: ['shop.orders.placed_at insert', 'shop.orders.changed_at update'],
    unused: [expect.stringContaining('shop.orders.noted_at has no index')],
  });
});

describe('reading a clock', () => {
  const at = (text: string): EpochMicros => valueOf(parseInstant(text));
  const clock = (kind: CommitClock['kind'], named = false): CommitClock => ({
    table: ORDERS,
    column: 'placed_at',
    name: 'shop.orders.placed_at',
    stampedBy: 'insert',
    kind,
    named,
  });
  const stamps = (restored: string | null, source: string | null): NewestStamps => ({
    restored,
    source,
    restoreTo: at('2026-01-02T03:04:05Z'),
    now: at('2026-01-02T05:00:00Z'),
  });

  test.each<
    [what: string, CommitClock, NewestStamps, offsetMinutes: number | undefined, result: number | string]
  >([
    ['a TIMESTAMP is UTC', clock('timestamp'), stamps('2026-01-01 12:00:00', null), undefined, 0],
    [
      'a DATETIME near now on the source is UTC',
      clock('datetime'),
      stamps('2026-01-02 03:00:00', '2026-01-02 04:59:58.5'),
      undefined,
      0,
    ],
    [
      'a DATETIME near the restore point on the restored side is UTC',
      clock('datetime'),
      stamps('2026-01-02 03:04:01', null),
      undefined,
      0,
    ],
    [
      'a DATETIME an hour off may be of another zone',
      clock('datetime'),
      stamps('2026-01-02 04:04:01', '2026-01-02 06:00:00'),
      undefined,
      'unknown-zone',
    ],
    ['an empty DATETIME says nothing', clock('datetime'), stamps(null, null), undefined, 'unknown-zone'],
    [
      'a person says the zone',
      clock('datetime'),
      stamps('2026-01-02 04:04:01', '2026-01-02 06:00:00'),
      60,
      60,
    ],
    [
      'a time in the future is no stamp',
      clock('timestamp'),
      stamps('2026-01-02 03:00:00', '2026-01-02 05:02:00'),
      undefined,
      'future',
    ],
    [
      'a person may insist on it',
      clock('timestamp', true),
      stamps('2026-01-02 03:00:00', '2026-01-02 05:02:00'),
      undefined,
      0,
    ],
  ])('%s', (_what, which, newest, clockOffsetMinutes, expected) => {
    const resolved = resolveClock(which, newest, { ...SETTINGS, clockOffsetMinutes });

    expect(resolved.ok ? resolved.value.offsetMinutes : resolved.refusal.reason).toBe(expected);
  });

  test('a zone moves the times that are read', () => {
    const resolved = resolveClock(clock('datetime'), stamps('2026-01-02 05:04:04.25', null), {
      ...SETTINGS,
      clockOffsetMinutes: 120,
    });

    expect(valueOf(resolved).newestRestoredAt).toBe(at('2026-01-02T03:04:04.25Z'));
  });
});
