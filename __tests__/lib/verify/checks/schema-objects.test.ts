import { epochMicros, type EpochMicros } from '../../../../lib/time';
import { combine } from '../../../../lib/verify/check';
import { compareObjects, listObjects, type SchemaObject } from '../../../../lib/verify/checks/schema-objects';
import { column, index, inventory, table } from '../tables';

const restoreTo = epochMicros(1_000_000_000);
const object = (
  name: string,
  definition: string | null = 'x',
  changedAt: EpochMicros | null = null,
): SchemaObject => ({ kind: 'view', name, definition, changedAt });
const earlier = epochMicros(restoreTo - 1_000_000);

test.each<[what: string, restored: SchemaObject[], source: SchemaObject[], verdict: string, says: string]>([
  ['the same on both sides', [object('a')], [object('a')], 'pass', '1 view compared'],
  ['missing', [], [object('a')], 'fail', 'view a is missing'],
  ['changed', [object('a', 'y')], [object('a')], 'fail', 'view a is defined differently'],
  ['missing, and older than the restore point', [], [object('a', 'x', earlier)], 'fail', 'view a is missing'],
  [
    'missing, and made at the restore point',
    [],
    [object('a', 'x', restoreTo)],
    'pass',
    'view a is missing: the source changed it at 1970-01-01T00:16:40.000000Z',
  ],
  ['gone from the source', [object('a')], [], 'pass', 'view a is gone from the source since'],
  ['there, but not to be read', [object('a', null)], [object('a')], 'pass', '1 view compared'],
  [
    'of the same name and another kind',
    [{ ...object('a'), kind: 'event' }],
    [object('a')],
    'fail',
    'view a is missing',
  ],
])('an object that is %s', (_what, restored, source, verdict, says) => {
  const finding = combine(compareObjects(restored, source, restoreTo));

  expect(finding.verdict).toBe(verdict);
  expect(finding.evidence[0]).toBe(says);
});

test('everything that a database is made of is compared', () => {
  const orders = table('orders', [column('id'), column('account_id')], {
    indexes: [index('PRIMARY', ['id'], { unique: true, primary: true }), index('by_account', ['account_id'])],
  });
  const key = {
    schema: 'shop',
    table: 'orders',
    name: 'to_account',
    columns: ['account_id'],
    parentSchema: 'shop',
    parentTable: 'accounts',
    parentColumns: ['id'],
    details: '',
  };
  const trigger = { kind: 'trigger', schema: 'shop', name: 't', digest: 'd', changedAt: null } as const;

  expect(
    listObjects(inventory([orders], { foreignKeys: [key], objects: [trigger] })).map(
      ({ kind, name, definition }) => `${kind} ${name}: ${definition ?? ''}`,
    ),
  ).toEqual([
    'table shop.orders: ',
    'column shop.orders.id: int',
    'column shop.orders.account_id: int',
    'index shop.orders.PRIMARY: unique id',
    'index shop.orders.by_account: account_id',
    'foreign key shop.orders.to_account: account_id -> shop.accounts id',
    'trigger shop.t: d',
  ]);
});
