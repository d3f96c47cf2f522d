import { findView } from '../../../../lib/verify/checks/damage-absent';
import type { StoredObject } from '../../../../lib/verify/inventory';

const object = (kind: StoredObject['kind'], name: string): StoredObject => ({
  ...{ kind, schema: 'shop', name, digest: null, changedAt: null },
});
const objects = [object('function', 'totals'), object('view', 'Orders')];

test.each([
  ['postgresql', 'shop.Orders', true],
  // a table of small letters is not back because a view of capitals is
  ['postgresql', 'shop.orders', false],
  // lower_case_table_names may have folded either
  ['mysql', 'shop.orders', true],
  ['mysql', 'shop.totals', false],
] as const)('%s: a view stands for %s: %s', (dialect, name, expected) => {
  expect(findView({ objects }, name, dialect) !== undefined).toBe(expected);
});
