import type { Incident } from '../../../lib/artefacts/incident';
import { droppedDatabase, incidentTables, isIncidentTable } from '../../../lib/verify/incident-tables';

const incident = (
  sql: string,
  tables: string[],
  kind: Incident['statement']['kind'],
): Pick<Incident, 'statement'> => ({
  statement: { sql, tables, kind, database: 'shop' } as Incident['statement'],
});

test('a table without its database is of the session’s database', () => {
  const deletes = incident('DELETE FROM Orders', ['Orders', 'other.t'], 'delete-without-where');

  expect(incidentTables(deletes)).toEqual(['shop.Orders', 'other.t']);
  expect(isIncidentTable(deletes, 'shop.orders', 'mysql')).toBe(true);
  expect(isIncidentTable(deletes, 'shop.t', 'mysql')).toBe(false);
});

test('capitals make another table with PostgreSQL, and with MySQL they may not', () => {
  const deletes = incident('DELETE FROM x."Accounts"', ['x.Accounts'], 'delete-without-where');

  expect(isIncidentTable(deletes, 'x.Accounts', 'postgresql')).toBe(true);
  expect(isIncidentTable(deletes, 'x.accounts', 'postgresql')).toBe(false);
  expect(isIncidentTable(deletes, 'x.accounts', 'mysql')).toBe(true);
});

test.each(['DROP DATABASE stock', '  drop schema if exists `stock`'])(
  '%s hits every table of the database',
  (sql) => {
    const drop = incident(sql, ['shop.stock'], 'drop');

    expect(droppedDatabase(drop)).toBe('stock');
    expect(isIncidentTable(drop, 'stock.items', 'mysql')).toBe(true);
    expect(isIncidentTable(drop, 'stocks.items', 'mysql')).toBe(false);
  },
);

test('a dropped table is no dropped database', () => {
  expect(
    droppedDatabase(incident('DROP TABLE database_of_stock', ['database_of_stock'], 'drop')),
  ).toBeUndefined();
});
