import { setImmediate as turn } from 'node:timers/promises';
import type { Side, Row, Values } from '../../../../lib/verify/database';
import { QueryError } from '../../../../lib/verify/database';
import { mysqlDialect } from '../../../../lib/verify/mysql-dialect';
import { joinPieces, judgeExpectation } from '../../../../lib/verify/own-checks/judge-rows';
import type { Expectation, OwnCheck } from '../../../../lib/verify/own-checks/own-checks-file';
import { runOwnChecks, type OwnCheckRun } from '../../../../lib/verify/own-checks/run-own-checks';

const values = (...all: (string | null)[]): Values[] => all.map((value) => [value]);
const one = (value: string): Row[] => [{ n: value }];

test.each<[Expectation, restored: Values[], source: Values[], verdict: 'pass' | 'fail', evidence: string]>([
  ['no rows', [], [], 'pass', '0 rows, expected none'],
  ['no rows', values('Anna'), [], 'fail', '1 row, expected none'],
  [{ equals: 5 }, values('5'), [], 'pass', '5, expected 5'],
  [{ equals: 5 }, values('5.00'), [], 'pass', '5.00, expected 5'],
  [{ equals: 5 }, values('6'), [], 'fail', '6, expected 5'],
  [{ equals: 5 }, values(null), [], 'fail', 'NULL, expected 5'],
  [{ equals: 5 }, [], [], 'fail', '0 rows of 0 values, expected one value'],
  [{ equals: 5 }, values('5', '5'), [], 'fail', '2 rows of 1 value, expected one value'],
  [{ equals: 5 }, [['5', '5']], [], 'fail', '1 row of 2 values, expected one value'],
  [
    { equals: '18446744073709551615' },
    values('18446744073709551614'),
    [],
    'fail',
    '18446744073709551614, expected 18446744073709551615',
  ],
  [{ equals: 'Anna' }, values('Anna'), [], 'pass', 'a text, expected the text in the file'],
  [{ equals: 'Anna' }, values('Otto'), [], 'fail', 'a text, expected the text in the file'],
  [{ 'at least': 5 }, values('5'), [], 'pass', '5, expected at least 5'],
  [{ 'at least': 5 }, values('4.99'), [], 'fail', '4.99, expected at least 5'],
  [{ 'at most': 5 }, values('5.01'), [], 'fail', '5.01, expected at most 5'],
  [{ 'at most': 5 }, values('-7'), [], 'pass', '-7, expected at most 5'],
  [{ 'at most': 5 }, values(null), [], 'fail', 'NULL, expected at most 5'],
  [{ between: [1, 3] }, values('3'), [], 'pass', '3, expected at least 1 and at most 3'],
  [{ between: [1, 3] }, values('4'), [], 'fail', '4, expected at least 1 and at most 3'],
  [
    { 'at least': '9007199254740993' },
    values('9007199254740992'),
    [],
    'fail',
    '9007199254740992, expected at least 9007199254740993',
  ],
  ['same as source', values('7'), values('7'), 'pass', '7 on both sides'],
  ['same as source', values('7'), values('8'), 'fail', '7 restored, 8 on the source, 0 the same'],
  ['same as source', values('a', 'b'), values('b', 'a'), 'pass', '2 rows on both sides'],
  [
    'same as source',
    values('a', 'a'),
    values('a', 'b'),
    'fail',
    '2 rows restored, 2 rows on the source, 1 the same',
  ],
  [
    'same as source',
    values('a'),
    values('a', 'a'),
    'fail',
    '1 row restored, 2 rows on the source, 1 the same',
  ],
  ['same as source', values(''), values(null), 'fail', '1 row restored, 1 row on the source, 0 the same'],
])('%j of %j beside %j', (expectation, restored, source, verdict, evidence) => {
  expect(judgeExpectation(expectation, restored, source)).toEqual({ verdict, evidence: [evidence] });
});

test.each([
  [[values('1'), values('2.5'), values(null)], values('3.5')],
  [[values('a'), values('b')], values('a', 'b')],
  [[values('1', '2'), values('3')], values('1', '2', '3')],
  [[[], []], []],
  [[], []],
])('pieces %j are joined to %j', (pieces, joined) => {
  expect(joinPieces(pieces)).toEqual(joined);
});

describe('running', () => {
  const check = (name: string, rest: Partial<OwnCheck> = {}): OwnCheck => ({
    name,
    title: `the title of ${name}`,
    sql: 'SELECT 1',
    expect: { equals: 1 },
    timeoutMs: 1000,
    cluster: undefined,
    chunks: undefined,
    ...rest,
  });

  function server(
    answer: (sql: string, side: Side) => Row[],
    options: { parallel?: number; withSource?: boolean } = {},
  ): OwnCheckRun & { asked: string[]; sessions: { now: number; most: number } } {
    const asked: string[] = [];
    const sessions = { now: 0, most: 0 };
    return {
      asked,
      sessions,
      parallel: options.parallel ?? 2,
      now: () => 0,
      onProgress: () => undefined,
      open: (side, timeoutMs) => {
        if (side === 'source' && options.withSource === false) return Promise.resolve(undefined);
        sessions.now += 1;
        sessions.most = Math.max(sessions.most, sessions.now);
        const query = async (sql: string): Promise<Row[]> => {
          await turn();
          asked.push(`${side} ${timeoutMs}: ${sql}`);
          return answer(sql, side);
        };
        return Promise.resolve({
          side,
          dialect: mysqlDialect,
          query,
          readValues: async (sql: string) => (await query(sql)).map((row) => Object.values(row)),
          close: () => {
            sessions.now -= 1;
            return Promise.resolve();
          },
        });
      },
    };
  }

  test('checks run side by side within the limit, and are shown in the order of the file', async () => {
    const run = server(() => one('1'), { parallel: 3 });
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

    const results = await runOwnChecks(
      names.map((name) => check(name)),
      run,
    );

    expect(results.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(
      names.map((name) => `${name} pass`),
    );
    expect(run.sessions).toEqual({ now: 0, most: 3 });
  });

  test('each statement runs under its own timeout, on the source only where it is compared', async () => {
    const run = server(() => one('1'), { parallel: 1 });

    await runOwnChecks([check('a', { timeoutMs: 5 }), check('b', { expect: 'same as source' })], run);

    expect(run.asked).toEqual(['restored 5: SELECT 1', 'restored 1000: SELECT 1', 'source 1000: SELECT 1']);
  });

  test('a statement in chunks is asked range by range over what both sides have, and added up', async () => {
    const run = server((sql, side) =>
      sql.includes('MIN(') ? [{ low: '1', high: side === 'source' ? '25' : '15' }] : one('10'),
    );
    const chunked = check('a', {
      sql: "SELECT COUNT(*) FROM t WHERE {range} AND x <> '?$&'",
      expect: 'same as source',
      chunks: { by: 's.t.id', size: 10 },
    });

    const [result] = await runOwnChecks([chunked], run);

    expect(result).toMatchObject({ verdict: 'pass', evidence: ['30 on both sides'] });
    expect(run.asked.filter((each) => each.startsWith('restored') && each.includes('BETWEEN'))).toEqual([
      "restored 1000: SELECT COUNT(*) FROM t WHERE (`id` BETWEEN 1 AND 10) AND x <> '?$&'",
      "restored 1000: SELECT COUNT(*) FROM t WHERE (`id` BETWEEN 11 AND 20) AND x <> '?$&'",
      "restored 1000: SELECT COUNT(*) FROM t WHERE (`id` BETWEEN 21 AND 30) AND x <> '?$&'",
    ]);
  });

  test('a column that would make too many pieces fails its check', async () => {
    const run = server(() => [{ low: '1', high: '18446744073709551615' }]);
    const chunked = check('a', { sql: 'SELECT 1 WHERE {range}', chunks: { by: 's.t.id', size: 10 } });

    expect(await runOwnChecks([chunked], run)).toMatchObject([
      { verdict: 'fail', evidence: ['more than 100000 pieces: give chunks a larger size'] },
    ]);
  });

  test('without the source a comparison does not apply', async () => {
    const run = server(() => one('1'), { withSource: false });

    expect(await runOwnChecks([check('a', { expect: 'same as source' })], run)).toMatchObject([
      { verdict: 'not-applicable' },
    ]);
  });

  test('a statement that the server refuses fails its check, and its sessions are closed', async () => {
    const run = server(() => {
      throw new QueryError('restored', 'ER_NO_SUCH_TABLE');
    });

    expect(await runOwnChecks([check('a'), check('b')], run)).toMatchObject([
      {
        verdict: 'fail',
        evidence: ['could not be looked at: the restored database answered ER_NO_SUCH_TABLE'],
      },
      { verdict: 'fail' },
    ]);
    expect(run.sessions.now).toBe(0);
  });

  const chunks = { by: 's.t.id', size: 10 };

  test('sides that differ in two pieces are not made the same by their sums', async () => {
    const run = server((sql, side) => {
      if (sql.includes('MIN(')) return [{ low: '1', high: '20', nulls: '0' }];
      return one(sql.includes('BETWEEN 1 AND 10') === (side === 'source') ? '2' : '1');
    });
    const chunked = check('a', {
      sql: 'SELECT SUM(id) FROM t WHERE {range}',
      expect: 'same as source',
      chunks,
    });

    expect(await runOwnChecks([chunked], run)).toMatchObject([
      {
        verdict: 'fail',
        evidence: ['2 of 2 pieces differ, the first: 1 restored, 2 on the source, 0 the same'],
      },
    ]);
  });

  test('rows without a value in the column of the chunks are a piece of their own, where there are any', async () => {
    const run = server((sql) => (sql.includes('MIN(') ? [{ low: '1', high: '5', nulls: '1' }] : one('2')));
    const chunked = check('a', {
      sql: 'SELECT COUNT(*) FROM t WHERE {range}',
      expect: { equals: 4 },
      chunks,
    });

    expect(await runOwnChecks([chunked], run)).toMatchObject([{ verdict: 'pass' }]);
    expect(run.asked).toContain('restored 1000: SELECT COUNT(*) FROM t WHERE (`id` IS NULL)');
  });

  test.each(['2026-01-02 03:04:05', '1.5', 'Anna'])(
    'chunks by a column that holds %s fail their check',
    async (low) => {
      const chunked = check('a', { sql: 'SELECT 1 WHERE {range}', chunks });

      expect(
        await runOwnChecks(
          [chunked],
          server(() => [{ low, high: low }]),
        ),
      ).toMatchObject([
        {
          verdict: 'fail',
          evidence: ['chunks go by a column of whole numbers, and s.t.id is none: name another'],
        },
      ]);
    },
  );

  test('a session that the server does not open as it should fails its check alone', async () => {
    const run = server(() => one('1'), { parallel: 1 });
    let opened = 0;
    const open: OwnCheckRun['open'] = (side, timeoutMs) => {
      opened += 1;
      return opened === 1 ? Promise.reject(new QueryError(side, '22023')) : run.open(side, timeoutMs);
    };

    expect(await runOwnChecks([check('a'), check('b')], { ...run, open })).toMatchObject([
      { verdict: 'fail', evidence: ['could not be looked at: the restored database answered 22023'] },
      { verdict: 'pass' },
    ]);
  });

  test('a statement that takes too long says what to raise', async () => {
    const run = server(() => {
      throw new QueryError('restored', 'ER_STATEMENT_TIMEOUT');
    });

    expect(await runOwnChecks([check('a')], run)).toMatchObject([
      {
        evidence: [
          "could not be looked at: the restored database answered ER_STATEMENT_TIMEOUT (raise this check's timeout)",
        ],
      },
    ]);
  });
});
