import { renderWritesSince } from '../../../lib/cutover/render-writes-since';
import { sumUp, type TableWrites, type WritesAfter } from '../../../lib/cutover/writes-after';
import { at } from '../plan/facts';

const writes = (over: Partial<TableWrites> = {}): TableWrites => ({
  clock: 'shop.orders.placed_at',
  rows: 3,
  firstAt: at('2026-01-08T11:00:01Z'),
  lastAt: at('2026-01-08T11:00:03Z'),
  ...over,
});
const seen = (over: Partial<WritesAfter> = {}): WritesAfter => ({
  tables: [writes()],
  changed: ['shop.orders'],
  unused: [],
  ...over,
});
const none = writes({ rows: 0, firstAt: null, lastAt: null });

describe('what was written on the restored cluster', () => {
  test('is counted where a clock tells, and named where only the server does', () => {
    expect(renderWritesSince('trading-d', seen({ changed: ['shop.orders', 'shop.carts'] })))
      .toMatchInlineSnapshot(`
     "WARNING: what was written on trading-d since it was restored stays behind:
       shop.orders: 3 rows by shop.orders.placed_at, the last at 2026-01-08T11:00:03.000000Z
       shop.carts: changed, by how much is unknown
       copy what matters before you go back; deletes leave no trace in the data"
    `);
  });

  test.each([
    ['nothing was written', seen({ tables: [none], changed: [] }), 'none that the data shows'],
    ['nothing tells', seen({ tables: [], changed: [] }), 'UNKNOWN'],
  ])('is not claimed to be nothing: %s', (_, found, expected) => {
    expect(renderWritesSince('trading-d', found)).toContain(expected);
  });
});

test('sums up over tables and clusters, and knows nothing where no clock tells', () => {
  const other = writes({ rows: 2, firstAt: at('2026-01-08T10:59:00Z'), lastAt: at('2026-01-08T11:00:09Z') });
  expect(sumUp([seen(), seen({ tables: [none, other] })])).toEqual({
    rows: 5,
    firstAt: at('2026-01-08T10:59:00Z'),
    lastAt: at('2026-01-08T11:00:09Z'),
  });
  expect(sumUp([seen({ tables: [] })])).toEqual({ rows: null, firstAt: null, lastAt: null });
});
