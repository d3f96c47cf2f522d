import type { Incident } from '../../../lib/artefacts/incident';
import { findCommitClocks, clockExpression } from '../../../lib/verify/commit-clocks';
import {
  incidentDatabase,
  incidentTables,
  isIncidentTable,
  namedAsInventory,
} from '../../../lib/verify/incident-tables';
import { parseOwnChecks } from '../../../lib/verify/own-checks/own-checks-file';
import { numberPlaceholders } from '../../../lib/verify/postgresql';
import { postgresDialect } from '../../../lib/verify/postgresql-dialect';
import { column, inventory, table } from './tables';

const key = (...names: string[]) => names.flatMap((name) => postgresDialect.keyColumn(column(name)) ?? []);

test.each([
  ['SELECT 1 WHERE a = ? AND b = ?', 'SELECT 1 WHERE a = $1 AND b = $2'],
  ['SELECT "is it?" FROM "a""?" WHERE "is it?" > ?', 'SELECT "is it?" FROM "a""?" WHERE "is it?" > $1'],
  [`SELECT '?''?' WHERE a = ?`, `SELECT '?''?' WHERE a = $1`],
])('placeholders are numbered outside of quotes: %s', (sql, numbered) => {
  expect(numberPlaceholders(sql)).toBe(numbered);
});

test('a key is compared as a row, and its values go as text', () => {
  expect(postgresDialect.beyond(key('a', 'b"'), ['1', 'x'], '>')).toEqual({
    sql: '("a", "b""") > (?, ?)',
    values: ['1', 'x'],
  });
});

describe('tables of an incident', () => {
  const trading = inventory([
    table('accounts', [], { schema: 'public' }),
    table('accounts', [], { schema: 'archive' }),
    table('orders', [], { schema: 'sales' }),
    table('odd', [], { schema: 'trading' }),
    table('items', [], { schema: 'x' }),
    table('Items', [], { schema: 'x' }),
  ]);
  const group = (name: string): object => ({ table: name, user: 'app', kind: 'update' });
  const incident = (statement: Partial<Incident['statement']>, written: readonly string[] = []): Incident =>
    ({
      statement: { kind: 'delete-without-where', sql: '', database: 'trading', tables: [], ...statement },
      lostWrites: {
        beforeEffect: { groups: [] },
        afterEffect: { groups: written.map(group) },
      },
    }) as unknown as Incident;

  test.each([
    ['trading.accounts', 'public.accounts'],
    ['trading.orders', 'sales.orders'],
    ['archive.accounts', 'archive.accounts'],
    ['trading.archive.accounts', 'archive.accounts'],
    ['trading.odd', 'trading.odd'],
    ['trading.gone', 'public.gone'],
    ['x.Items', 'x.Items'],
    ['x.items', 'x.items'],
    ['trading.x.Items', 'x.Items'],
    ['trading.Items', 'x.Items'],
    ['x.ITEMS', 'x.items'],
    ['trading.ITEMS', 'x.items'],
  ])('%s is %s', (logged, name) => {
    const named = namedAsInventory(incident({ tables: [logged] }, [logged]), trading, 'postgresql');

    expect(incidentTables(named)).toEqual([name]);
    expect(named.lostWrites.afterEffect.groups[0]?.table).toBe(name);
  });

  test('of MySQL stay as they are', () => {
    const logged = incident({ tables: ['trading.accounts'] });
    expect(namedAsInventory(logged, trading, 'mysql')).toBe(logged);
  });

  test('of a dropped database are all of it, and it is the one to look at', () => {
    const dropped = incident({
      kind: 'drop',
      sql: 'DROP DATABASE trading',
      database: 'postgres',
      tables: ['postgres.trading'],
    });

    expect(incidentDatabase(dropped)).toBe('trading');
    const named = namedAsInventory(dropped, trading, 'postgresql');
    expect(incidentTables(named)).toHaveLength(6);
    expect(isIncidentTable(named, 'sales.orders', 'postgresql')).toBe(true);
  });

  test('of a dropped schema are those in it', () => {
    const dropped = incident({ kind: 'drop', sql: 'DROP SCHEMA sales CASCADE', tables: ['trading.sales'] });

    expect(incidentDatabase(dropped)).toBe('trading');
    const named = namedAsInventory(dropped, trading, 'postgresql');
    expect(isIncidentTable(named, 'sales.orders', 'postgresql')).toBe(true);
    expect(isIncidentTable(named, 'public.accounts', 'postgresql')).toBe(false);
  });
});

describe('clocks', () => {
  const settings = { clocks: [], ignoredClocks: [], clockOffsetMinutes: undefined };
  const events = table('events', [
    column('at', 'timestamp with time zone', { default: 'now()' }),
    column('wall', 'timestamp without time zone', { default: 'CURRENT_TIMESTAMP' }),
    column('changed', 'timestamp with time zone', {
      default: 'now()',
      extra: 'on update current_timestamp',
    }),
    column('due', 'timestamp with time zone'),
  ]);
  const find = (commitTimes: boolean, known = commitTimes): [string, string, string][] =>
    findCommitClocks(
      inventory([events], { commitTimes: known }),
      settings,
      postgresDialect,
      commitTimes,
    ).clocks.map(({ name, kind, stampedBy }) => [name, kind, stampedBy]);

  test('are columns with a default of now, and what a trigger stamps again', () => {
    expect(find(false)).toEqual([
      ['shop.events.at', 'timestamp', 'insert'],
      ['shop.events.wall', 'datetime', 'insert'],
      ['shop.events.changed', 'timestamp', 'update'],
    ]);
  });

  test('and the times of commits, where both sides keep them', () => {
    expect(find(true).at(-1)).toEqual(['shop.events.xmin', 'commit', 'update']);
    expect(find(true, false)).toHaveLength(3);
    const { clocks } = findCommitClocks(
      inventory([events], { commitTimes: true }),
      settings,
      postgresDialect,
      true,
    );
    expect(clocks.map((clock) => clockExpression(clock, postgresDialect))).toEqual([
      '"at"',
      '"wall"',
      '"changed"',
      'pg_xact_commit_timestamp(xmin)',
    ]);
  });
});

test.each([
  [`SELECT count(*) FROM orders WHERE note = $$it's; fine$$`, true],
  [`SELECT set_config('transaction_read_only', 'off', false)`, false],
  ['SELECT * FROM orders FOR NO KEY UPDATE', false],
  ['SELECT 1; DROP TABLE orders', false],
])("a team's own check in PostgreSQL's SQL: %s", (sql, ok) => {
  const text = JSON.stringify({ checks: [{ name: 'own', sql, expect: 'no rows' }] });
  expect(parseOwnChecks('checks.yaml', text, [], () => 'postgresql').ok).toBe(ok);
});
