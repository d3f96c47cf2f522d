import { renderInsightsQuery, renderTallyQuery } from '../../../lib/audit/insights-query';
import { readTally } from '../../../lib/audit/insights-tally';
import type { WriteTally } from '../../../lib/audit/log-source';
import { epochMicros } from '../../../lib/time';
import { eventsOf, runQuery } from '../../sandbox/services/logs/insights/run-query';

const START = 1_767_862_800_000_000;

function line(seconds: number, user: string, sql: string, code = 0): string {
  return `${START + seconds * 1e6},db-1,${user},10.0.0.1,7,${seconds},QUERY,trading,'${sql.replace(/'/g, "\\'")}',${code}`;
}

function tally(lines: readonly string[], since: number, until: number | null): WriteTally {
  const window = {
    since: epochMicros(START + since * 1e6),
    until: until === null ? null : epochMicros(START + until * 1e6),
  };
  const rows = runQuery(renderTallyQuery(window), eventsOf(lines));
  return readTally(rows.map((row) => Object.entries(row).map(([field, value]) => ({ field, value }))));
}

test('counts what wrote and succeeded by user, verb and table, and the rollbacks', () => {
  const lines = [
    line(0, 'app', "INSERT INTO orders VALUES ('too early')"),
    line(1, 'app', 'INSERT INTO orders VALUES (1)'),
    line(2, 'app', 'insert ignore into `orders` (a) VALUES (2)'),
    line(3, 'app', "UPDATE accounts SET balance = 1 WHERE name = 'INSERT INTO x'"),
    line(4, 'bob', 'DELETE FROM archive.accounts WHERE id = 1'),
    line(5, 'bob', 'DELETE FROM archive.accounts WHERE id = 2', 1213),
    line(6, 'bob', 'SELECT * FROM accounts'),
    line(7, 'bob', 'ROLLBACK'),
    line(8, 'bob', 'INSERT INTO late VALUES (1)'),
  ];
  const at = (seconds: number): number => START + seconds * 1e6;
  expect(tally(lines, 1, 7)).toEqual({
    rollbacks: 1,
    groups: expect.arrayContaining([
      {
        user: 'app',
        verb: 'insert',
        table: 'trading.orders',
        statements: 2,
        firstAt: at(1),
        lastAt: at(2),
      },
      {
        user: 'app',
        verb: 'update',
        table: 'trading.accounts',
        statements: 1,
        firstAt: at(3),
        lastAt: at(3),
      },
      {
        user: 'bob',
        verb: 'delete',
        table: 'archive.accounts',
        statements: 1,
        firstAt: at(4),
        lastAt: at(4),
      },
    ]) as unknown,
  });
  expect(tally(lines, 1, 7).groups).toHaveLength(3);
  expect(tally(lines, 8, null).groups.map(({ table }) => table)).toEqual(['trading.late']);
});

test('names a database that is dropped alone', () => {
  const lines = [line(1, 'bob', 'DROP DATABASE IF EXISTS `trading`'), line(2, 'bob', 'drop table trades')];
  expect(
    tally(lines, 0, null)
      .groups.map(({ table }) => table)
      .toSorted(),
  ).toEqual(['trading', 'trading.trades']);
});

test('a query gives only what executed within its window, and messages of several lines', () => {
  const window = { since: epochMicros(START + 1e6), until: epochMicros(START + 2e6) };
  const lines = [0, 1, 2, 3].map((second) => line(second, 'app', `DELETE FROM t${second}`));
  const several = [line(0, 'app', 'SELECT 1'), line(2, 'app', 'DELETE FROM both')].join('\n');
  const query = renderInsightsQuery({ kind: 'destructive', window }, 'aurora-mysql', 10);
  const given = runQuery(query, eventsOf([...lines, several])).map((row) => row['@message']);
  expect(given).toEqual([lines[1], lines[2], several]);
});
