import { loadMysqlReader } from '../../../lib/incident/mysql-reader';
import { loadPostgresqlReader } from '../../../lib/incident/postgresql-reader';
import { statementTexts } from '../../../lib/incident/split-statements';
import type { SqlReader } from '../../../lib/incident/sql-reader';
import { analyseSql } from '../../../lib/incident/statements';

let mysql: SqlReader;
let postgresql: SqlReader;
beforeAll(async () => {
  mysql = await loadMysqlReader();
  postgresql = await loadPostgresqlReader();
});

/** `kind tables`, with `?` where it is unclear, or `-` where the statement is not understood. */
function said(read: SqlReader, sql: string, flavour: 'mysql' | 'postgresql'): string {
  const reading = read(statementTexts(sql, flavour)[0] ?? '');
  if (reading === null) return '-';
  return `${reading.kind}${reading.unclear ? '?' : ''} ${reading.tables.join(' ')}`.trim();
}

const DELETES = 'delete-without-where';
const UPDATES = 'update-without-where';

test.each([
  ['DELETE FROM accounts', `${DELETES} accounts`],
  ['DELETE QUICK IGNORE FROM `trading`.`accounts`', `${DELETES} trading.accounts`],
  ['DELETE FROM accounts PARTITION (p0) LIMIT 5', `${DELETES} accounts`],
  ['DELETE a FROM trading.accounts AS a JOIN users u ON u.id = a.user', `${DELETES} trading.accounts`],
  ['DELETE FROM a, b USING accounts a INNER JOIN orders b ON a.id = b.account', `${DELETES} accounts orders`],
  ['WITH c AS (SELECT 1) DELETE FROM accounts', `${DELETES} accounts`],
  ['WITH c AS (SELECT 1) DELETE FROM accounts WHERE id = 5', 'other accounts'],
  ['UPDATE LOW_PRIORITY accounts SET a = 1', `${UPDATES} accounts`],
  ['UPDATE accounts a JOIN users u ON a.u = u.id SET u.x = 1, a.y = 2', `${UPDATES} users accounts`],
  ['DELETE FROM t WHERE (1 = 1)', `${DELETES} t`],
  ['DELETE FROM t WHERE t.id <=> T.ID', `${DELETES} t`],
  ['DELETE FROM t WHERE NOT (1 = 2) AND 3 BETWEEN 1 AND 5', `${DELETES} t`],
  ["DELETE FROM t WHERE 'a' IN ('b', 'a') OR id = 5", `${DELETES} t`],
  ['DELETE FROM t WHERE 1 NOT IN (2, 3)', `${DELETES} t`],
  ['DELETE FROM t WHERE TRUE IS TRUE', `${DELETES} t`],
  ['DELETE FROM t WHERE NULL', 'other t'],
  ['DELETE FROM t WHERE id = NULL OR 1 > 2', 'other t'],
  ['DELETE FROM t WHERE id IN (1, 2)', 'other t'],
  ['DELETE FROM t WHERE EXISTS (SELECT 1 FROM u)', 'other t'],
  ['DELETE FROM t WHERE id IS NOT NULL', `${DELETES}? t`],
  ["DELETE FROM t WHERE name LIKE '%%'", `${DELETES}? t`],
  ['DELETE FROM t WHERE COALESCE(NULL, 1)', `${DELETES}? t`],
  ['TRUNCATE trading.accounts', 'truncate trading.accounts'],
  ['DROP TABLE IF EXISTS a, b.c', 'drop a b.c'],
  ['DROP TEMPORARY TABLE a', 'other'],
  ['DROP INDEX i ON t', 'other'],
  ['ALTER TABLE t DROP COLUMN c', 'drop t'],
  ['ALTER TABLE t DROP INDEX i', 'other t'],
  ['CREATE OR REPLACE TABLE t (id INT)', 'drop t'],
  ["INSERT INTO t VALUES ('DELETE FROM u')", 'other t'],
  ['frobnicate t', '-'],
  ["DELETE FROM t WHERE name = 'cut", '-'],
])('MySQL: %s', (sql, expected) => {
  expect(said(mysql, sql, 'mysql')).toBe(expected);
});

test.each([
  ['DELETE FROM ONLY public.accounts a USING users', `${DELETES} public.accounts`],
  ['DELETE FROM "Odd Name"."T" WHERE true', `${DELETES} Odd Name.T`],
  ["DELETE FROM t WHERE 't'::boolean", `${DELETES} t`],
  ['DELETE FROM t WHERE 0 IN (0) AND NOT false', `${DELETES} t`],
  ['DELETE FROM t WHERE CURRENT OF c', 'other t'],
  ['DELETE FROM t WHERE "Id" = id', 'other t'],
  ['DELETE FROM t WHERE id = t.id AND false', 'other t'],
  ['WITH d AS (DELETE FROM a RETURNING *), u AS (UPDATE b SET x = 1) SELECT * FROM d', `${DELETES} a b`],
  ['TRUNCATE a, ONLY s.b CASCADE', 'truncate a s.b'],
  ['DROP SCHEMA s CASCADE', 'drop s'],
  ['DROP MATERIALIZED VIEW m', 'drop m'],
  ['DROP TYPE t', 'other'],
  ['DROP TYPE t CASCADE', 'drop'],
  ['DROP OWNED BY bob', 'drop'],
  ['ALTER TABLE t DROP COLUMN c, ADD COLUMN d INT', 'drop t'],
  ['ALTER TABLE t DETACH PARTITION p', 'other t'],
  ['MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE', 'other a'],
  ['PREPARE p AS DELETE FROM t', 'other'],
  ['CREATE RULE r AS ON INSERT TO t DO INSTEAD DELETE FROM u', 'other'],
  ['DO $$ BEGIN DELETE FROM a; IF true THEN TRUNCATE b; END IF; END $$', `${DELETES} a b`],
  ["DO $$ BEGIN EXECUTE 'DROP TABLE a'; END $$", 'drop a'],
  ["DO $$ BEGIN EXECUTE 'DELETE FROM ' || quote_ident('a'); END $$", `${DELETES}?`],
  ["DO $$ BEGIN RAISE NOTICE 'DELETE FROM a'; END $$", 'other'],
  ['DO $$ BEGN END $$', '-'],
])('PostgreSQL: %s', (sql, expected) => {
  expect(said(postgresql, sql, 'postgresql')).toBe(expected);
});

test('each statement of a packet is read by itself, without comments and hints', () => {
  const sql =
    '/* x */ DELETE LOW_PRIORITY FROM t; /*!50001 TRUNCATE u */; SET STATEMENT a=1 FOR DELETE FROM v';
  expect(statementTexts(sql, 'mysql')).toEqual(['DELETE FROM t', 'TRUNCATE u', 'DELETE FROM v']);
  expect(analyseSql(sql, 'mysql')).toHaveLength(3);
});

test.each([
  ['parentheses', `DELETE FROM t WHERE ${'('.repeat(10_000)}1 = 1${')'.repeat(10_000)}`],
  ['common table expressions', `${'WITH a AS ('.repeat(10_000)}DELETE FROM t${') SELECT 1'.repeat(10_000)}`],
])('10,000 %s within each other are left to the keywords, and what comes next is read', (_, sql) => {
  expect(postgresql(sql)).toBeNull();
  expect(analyseSql(sql, 'postgresql')[0]?.kind).toBe(DELETES);
  expect(postgresql('DELETE FROM t')?.kind).toBe(DELETES);
});
