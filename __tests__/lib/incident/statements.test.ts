import { analyseSql } from '../../../lib/incident/statements';

/** `kind tables`, with `?` where it is unclear. */
function said(sql: string, flavour: 'mysql' | 'postgresql' = 'mysql'): string {
  return analyseSql(sql, flavour)
    .map(({ kind, unclear, tables }) => `${kind}${unclear ? '?' : ''} ${tables.join(' ')}`.trim())
    .join('; ');
}

const DELETES = 'delete-without-where';
const UPDATES = 'update-without-where';

test.each([
  ['DELETE FROM a WHERE id IN (SELECT x FROM s ORDER BY x) OR 1=1', `${DELETES} a`],
  ['DELETE FROM a WHERE id IN (SELECT x FROM s LIMIT 5) ORDER BY id LIMIT 5', 'other a'],
  ['ALTER ONLINE TABLE t DROP COLUMN c', 'drop t'],
  ['ALTER IGNORE TABLE s.t DROP PARTITION p', 'drop s.t'],
  ['ALTER ONLINE IGNORE TABLE t ADD COLUMN c INT', 'other t'],
  ['UPDATE LOW_PRIORITY IGNORE t1, t2 SET t1.a = t2.b', `${UPDATES} t1`],
  ['UPDATE t1 JOIN t2 ON t1.a = t2.a SET b = 1', `${UPDATES} t1 t2`],
  ['UPDATE t1 x, s.t2 USE INDEX (i, j) SET t2.b = f(1, 2), x.c = 3', `${UPDATES} s.t2 t1`],
  ['UPDATE (t1 JOIN t2 USING (a, b)) SET t2.b = 1', `${UPDATES} t2`],
  ['UPDATE t1 JOIN (SELECT a, b FROM t3) d ON d.a = t1.a SET t1.b = d.b', `${UPDATES} t1`],
  ['UPDATE s.t x SET x.a = 1', `${UPDATES} s.t`],
  ['UPDATE `a``b` SET c = 1', `${UPDATES} a\`b`],
  ['DELETE a.* FROM s.t AS a, u', `${DELETES} s.t`],
  ['DELETE FROM a USING t AS a JOIN u', `${DELETES} t`],
])('MySQL: %s', (sql, expected) => {
  expect(said(sql)).toBe(expected);
});

test.each([
  ['DELETE FROM a WHERE (SELECT max(x ORDER BY x) FROM b) > 1 OR true', `${DELETES} a`],
  ['UPDATE "a""b" SET c = 1', `${UPDATES} a"b`],
])('PostgreSQL: %s', (sql, expected) => {
  expect(said(sql, 'postgresql')).toBe(expected);
});

test.each([
  'NOT (id IS NULL)',
  'NOT id IS NULL',
  'NOT ISNULL(id)',
  'NOT (id <=> NULL)',
  'NOT (id = 0)',
  'id NOTNULL',
  'id IS NOT DISTINCT FROM id',
  'NOT id IS DISTINCT FROM id',
  'id IS DISTINCT FROM NULL',
  'id = 0 + id',
  'id IN (SELECT id FROM t)',
  'id IN (SELECT x.id FROM (SELECT id FROM s.t) x)',
  'id = ANY (SELECT id FROM t)',
  'id > 0',
  'id > -1',
  "id <> ''",
  'id != 0',
  'id >= 1',
  "t.user_id > '0'",
  'accountId <> -1',
  'id',
  't.id',
  "name LIKE '%_%'",
  `"status" <> 'x'`,
  '"a" <> "b"',
])('may hold for every row: %s', (condition) => {
  expect(said(`DELETE FROM t WHERE ${condition}`)).toBe(`${DELETES}? t`);
});

test.each([
  'id > 5',
  'id >= 2',
  'id <> 1',
  'id < 0',
  'paid <> 0',
  'balance > 0',
  'active',
  'id = 0',
  'NOT active',
  'NOT (id = 5)',
  'NOT (balance = 0)',
  'id > 0 AND a = 1',
  'id IN (SELECT id FROM u)',
  'id IN (SELECT id FROM t WHERE a = 1)',
  'id NOT IN (SELECT id FROM t)',
  'a IS DISTINCT FROM b',
  `"status" = 'x'`,
  "name LIKE 'a%'",
])('leaves rows alone: %s', (condition) => {
  expect(said(`DELETE FROM t WHERE ${condition}`)).toBe('other t');
});

const MANY = 3_000;

test.each([
  ['NOTs', `${'NOT '.repeat(MANY)}1`],
  ['brackets', `${'('.repeat(MANY)}1${')'.repeat(MANY)}`],
  ['brackets that are open', `${'('.repeat(MANY)}1`],
  ['brackets with NOTs', `${'NOT ('.repeat(MANY)}1${')'.repeat(MANY)}`],
  ['ORs in brackets', `${'(a = 1 OR '.repeat(MANY)}b = 1${')'.repeat(MANY)}`],
  ['ANDs in brackets', `${'(a = 1 AND '.repeat(MANY)}b = 1${')'.repeat(MANY)}`],
  ['ORs', Array.from({ length: MANY }, (_, i) => `a = ${i}`).join(' OR ')],
  ['casts', `a${'::int'.repeat(MANY)} = 1`],
  ['subqueries', Array.from({ length: MANY }, () => '(SELECT 1)').join(' + ')],
  ['subqueries in each other', `${'(SELECT '.repeat(MANY)}1${')'.repeat(MANY)}`],
  ['quotes', `a = '${"''".repeat(20 * MANY)}'`],
  ['comments', `${'/* x */ '.repeat(MANY)} 1`],
  ['line comments', `${'-- x '.repeat(MANY)} 1`],
  ['words in a line comment', `a -- ${'delete or '.repeat(MANY)}`],
])(
  'so many %s neither end it nor take long',
  (_, condition) => {
    for (const flavour of ['mysql', 'postgresql'] as const) {
      expect(analyseSql(`DELETE FROM t WHERE ${condition}`, flavour)).not.toHaveLength(0);
      expect(analyseSql(`-- ${condition} WITH d AS (${condition}) SELECT 1`, flavour)).toBeDefined();
    }
  },
  60_000,
);
