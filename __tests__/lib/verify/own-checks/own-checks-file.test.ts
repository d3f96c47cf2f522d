import { readFileSync } from 'node:fs';
import { valueOf } from '../../../../lib/errors';
import {
  checkClustersNamed,
  checksOf,
  ownChecksJsonSchema,
  parseOwnChecks,
} from '../../../../lib/verify/own-checks/own-checks-file';

const parse = (text: string): ReturnType<typeof parseOwnChecks> =>
  parseOwnChecks('restore-checks.yaml', text, ['row-counts']);
const oneCheck = (yaml: string): ReturnType<typeof parseOwnChecks> => parse(`checks:\n  - ${yaml}\n`);

test('a file with every kind of expectation is read', () => {
  expect(
    parse(`
checks:
  - name: no-negative-balance
    title: no account is overdrawn
    sql: SELECT id FROM trading.accounts WHERE balance < 0;
    expect: no rows
  - name: price-list
    sql: |
      -- by symbol
      SELECT symbol, name FROM trading.instruments
    expect: same as source
    timeout: 500ms
  - name: orders
    sql: SELECT COUNT(*) FROM trading.orders WHERE {range} AND quantity > 0
    expect: { at least: 4000 }
    chunks: { by: trading.orders.id, size: 1000 }
  - { name: kinds, sql: (SELECT 2), expect: { between: [1, 3] } }
  - { name: version, sql: 'SELECT "a?b"', expect: { equals: a?b } }
`),
  ).toEqual({
    ok: true,
    value: [
      {
        name: 'no-negative-balance',
        title: 'no account is overdrawn',
        sql: 'SELECT id FROM trading.accounts WHERE balance < 0',
        expect: 'no rows',
        timeoutMs: 60_000,
        cluster: undefined,
        chunks: undefined,
      },
      {
        name: 'price-list',
        title: 'own check: price list',
        sql: '-- by symbol\nSELECT symbol, name FROM trading.instruments',
        expect: 'same as source',
        timeoutMs: 500,
        cluster: undefined,
        chunks: undefined,
      },
      {
        name: 'orders',
        title: 'own check: orders',
        sql: 'SELECT COUNT(*) FROM trading.orders WHERE {range} AND quantity > 0',
        expect: { 'at least': 4000 },
        timeoutMs: 60_000,
        chunks: { by: 'trading.orders.id', size: 1000 },
      },
      {
        name: 'kinds',
        title: 'own check: kinds',
        sql: '(SELECT 2)',
        expect: { between: [1, 3] },
        timeoutMs: 60_000,
        cluster: undefined,
        chunks: undefined,
      },
      {
        name: 'version',
        title: 'own check: version',
        sql: 'SELECT "a?b"',
        expect: { equals: 'a?b' },
        timeoutMs: 60_000,
        cluster: undefined,
        chunks: undefined,
      },
    ],
  });
});

test.each([
  ['no YAML', '{ name: a', 'restore-checks.yaml: '],
  ['an unknown field', '{ name: a, sql: SELECT 1, expect: no rows, retries: 3 }', 'retries'],
  ['no expectation', '{ name: a, sql: SELECT 1 }', 'expect'],
  ['an expectation that does not exist', '{ name: a, sql: SELECT 1, expect: fine }', 'expect'],
  ['two expectations', '{ name: a, sql: SELECT 1, expect: { equals: 1, at least: 1 } }', 'expect'],
  ['a name with blanks', '{ name: a b, sql: SELECT 1, expect: no rows }', 'name'],
  [
    'the name of a built-in check',
    '{ name: row-counts, sql: SELECT 1, expect: no rows }',
    'another check of this name',
  ],
  ['a timeout of nothing', '{ name: a, sql: SELECT 1, expect: no rows, timeout: 0s }', '1ms and 24h'],
  ['a timeout of years', '{ name: a, sql: SELECT 1, expect: no rows, timeout: 99999h }', '1ms and 24h'],
  ...['9007199254740993', '1e21', '1234567890123456.78'].map((number) => [
    `${number}, which is rounded`,
    `{ name: a, sql: SELECT 1, expect: { equals: ${number} } }`,
    'more digits than a number keeps: write it in quotes',
  ]),
  [
    'a bound that is rounded',
    '{ name: a, sql: SELECT 1, expect: { between: [0, 9007199254740993] } }',
    'write it in quotes',
  ],
  ['a timeout without unit', '{ name: a, sql: SELECT 1, expect: no rows, timeout: 30 }', 'timeout'],
  ['a statement that writes', '{ name: a, sql: DELETE FROM t, expect: no rows }', 'must begin with one of'],
  [
    'a setting',
    '{ name: a, sql: SET SESSION TRANSACTION READ WRITE, expect: no rows }',
    'must begin with one of',
  ],
  ['two statements', '{ name: a, sql: SELECT 1; DELETE FROM t, expect: no rows }', 'one statement'],
  [
    'a statement that writes a file',
    `{ name: a, sql: "SELECT 1 INTO OUTFILE 'x'", expect: no rows }`,
    'INTO',
  ],
  ['a statement that locks', '{ name: a, sql: SELECT 1 FROM t FOR  UPDATE, expect: no rows }', 'FOR UPDATE'],
  ['a text without end', `{ name: a, sql: "SELECT 'x", expect: no rows }`, 'in the middle of a text'],
  ['chunks without a range', '{ name: a, sql: SELECT 1, expect: no rows, chunks: { by: s.t.c } }', '{range}'],
  ['a range without chunks', '{ name: a, sql: "SELECT 1 FROM t WHERE {range}", expect: no rows }', '{range}'],
  [
    'bounds the wrong way round',
    '{ name: a, sql: SELECT 1, expect: { between: [2, 1] } }',
    'wrong way round',
  ],
  [
    'long bounds the wrong way round',
    '{ name: a, sql: SELECT 1, expect: { between: ["9007199254740993", 9007199254740991] } }',
    'wrong way round',
  ],
])('a check with %s is refused', (_what, yaml, says) => {
  expect(oneCheck(yaml)).toMatchObject({
    ok: false,
    refusal: { reason: 'invalid-checks', message: expect.stringContaining(says) as unknown },
  });
});

test.each([
  ['nothing', 'checks: *x'],
  [
    'too many',
    'a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nchecks: [*c,*c,*c]',
  ],
])('a file with an alias of %s is refused', (_what, text) => {
  expect(parse(text)).toMatchObject({ ok: false, refusal: { reason: 'invalid-checks' } });
});

test.each(['0', '-5', '2.5', '-0.001', '9007199254740991', '"9007199254740993"', '123456789012.345'])(
  'the number %s is exact',
  (number) => {
    expect(oneCheck(`{ name: a, sql: SELECT 1, expect: { at least: ${number} } }`)).toMatchObject({
      ok: true,
    });
  },
);

test('two checks of one name are refused', () => {
  const check = '  - { name: a, sql: SELECT 1, expect: no rows }\n';

  expect(parse(`checks:\n${check}${check}`)).toMatchObject({ ok: false });
});

test('words of a text or comment are no statement', () => {
  expect(oneCheck(`{ name: a, sql: "SELECT 'into; lock' /* for update; */", expect: no rows }`).ok).toBe(
    true,
  );
});

test('the schema for editors is the one by which the file is read', () => {
  const kept = readFileSync('docs/restore-checks.schema.json', 'utf8');

  expect(JSON.parse(kept)).toEqual(ownChecksJsonSchema());
});

test('a check can be about another cluster of the drill, but never about none', () => {
  const text = `checks:
  - { name: one, sql: SELECT 1, expect: { equals: 1 } }
  - { name: two, sql: SELECT 2, expect: { equals: 2 }, cluster: ledger }`;
  const checks = valueOf(parseOwnChecks('checks.yaml', text, []));

  expect(checksOf(checks, 'trading', 'trading').map(({ name }) => name)).toEqual(['one']);
  expect(checksOf(checks, 'ledger', 'trading').map(({ name }) => name)).toEqual(['two']);
  expect(checkClustersNamed(checks, ['trading', 'ledger']).ok).toBe(true);
  expect(checkClustersNamed(checks, ['trading'])).toMatchObject({
    refusal: {
      message:
        "check 'two' is about cluster 'ledger', which this drill does not restore; it restores trading",
    },
  });
});
