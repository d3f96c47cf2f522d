import { valueOf } from '../../../lib/errors';
import { parseInstant, type EpochMicros } from '../../../lib/time';
import type { CheckContext } from '../../../lib/verify/check';
import type { Table } from '../../../lib/verify/inventory';
import { writesSince } from '../../../lib/verify/writes-since';
import { inventory, table } from './tables';

const at = (time: string): EpochMicros => valueOf(parseInstant(`2026-01-02T${time}Z`));

function kindOf(
  rest: Partial<Table>,
  change: { startedAt?: EpochMicros; expectDifferent?: string[] },
): string {
  const context = {
    incident: {
      statement: { tables: ['accounts', 'other.table'], database: 'shop' },
      lostWrites: { beforeEffect: { groups: [{ table: 'shop.logged' }] }, afterEffect: { groups: [] } },
    },
    restoreTo: at('03:04:05'),
    restored: { database: { dialect: { name: 'mysql' } } },
    source: { inventory: inventory([], { startedAt: change.startedAt ?? at('01:00:00') }) },
    settings: { commitDelayMs: 500, expectDifferent: change.expectDifferent ?? [] },
  } as unknown as CheckContext;
  return writesSince(table('orders', [], rest), context).kind;
}

test.each<[what: string, kind: string, Partial<Table>, Parameters<typeof kindOf>[1]]>([
  ['the incident hit', 'incident', { name: 'accounts' }, {}],
  ['the person knows to differ', 'expected', {}, { expectDifferent: ['shop.orders'] }],
  ['the audit log has writes to', 'written', { name: 'logged' }, {}],
  ['was written after the restore point', 'written', { updatedAt: at('03:04:06') }, {}],
  ['was written in the second of the restore point', 'written', { updatedAt: at('03:04:05') }, {}],
  [
    'was written just before, by a transaction that may have ended after',
    'written',
    { updatedAt: at('03:04:00') },
    {},
  ],
  ['was written long before the restore point', 'unwritten', { updatedAt: at('03:03:00') }, {}],
  ['was made after the restore point', 'written', { createdAt: at('03:04:05') }, {}],
  [
    'was not written since the server started, before the restore point',
    'unwritten',
    { createdAt: at('00:00:00') },
    {},
  ],
  [
    'was not written since the server started, after the restore point',
    'unknown',
    {},
    { startedAt: at('04:00:00') },
  ],
  ['has partitions, for which the server keeps no time', 'unknown', { partitioned: true }, {}],
])('a table that %s is %s', (_what, kind, rest, change) => {
  expect(kindOf(rest, change)).toBe(kind);
});
