import fc from 'fast-check';
import { auroraMysql } from '../../../lib/audit/aurora-mysql';
import { escapePattern, renderInsightsQuery } from '../../../lib/audit/insights-query';
import { CandidateFinder } from '../../../lib/incident/candidate-finder';
import { eventsOf, runQuery } from '../../sandbox/services/logs/insights/run-query';
import { lineOf, statements } from './statements';

const window = { since: null, until: null };

test.each([
  ['db-1.eu/x', 'db-1\\.eu\\/x'],
  ['a|b', 'a\\|b'],
  ['/ or 1=1 | delete', '\\/ or 1\\=1 \\| delete'],
  ['a\nb', 'a\\x{a}b'],
  ['größe', 'größe'],
])('%j stands for itself in a pattern', (value, pattern) => {
  expect(escapePattern(value)).toBe(pattern);
});

test('a server name or connection id cannot change the query', () => {
  const query = renderInsightsQuery(
    {
      kind: 'connections',
      window,
      connections: [{ serverHost: 'a/ or @message like /x', connectionId: '1' }],
    },
    'aurora-mysql',
    10,
  );
  expect(query).toMatchInlineSnapshot(`
   "fields @timestamp, @ingestionTime, @logStream, @message
   | filter @message like /,?a\\/ or \\@message like \\/x,[^,]*,[^,]*,1,/
   | sort @timestamp asc
   | limit 10"
  `);
});

/** Numbers of the candidates among these lines, found by their words alone. */
function candidatesIn(lines: readonly string[]): string[] {
  const everything = { table: null, user: null, match: null, connectionId: null, queryId: null };
  const finder = new CandidateFinder('mysql', { ...everything, kind: 'any' }, null);
  for (const text of lines) {
    const record = auroraMysql.parse({ text, recordedAt: null, stream: '' });
    if (typeof record === 'object') finder.take(record);
  }
  return finder.candidates().map(({ record }) => record.queryId ?? '');
}

test('the query hides no candidate', () => {
  const query = renderInsightsQuery({ kind: 'destructive', window }, 'aurora-mysql', 10_000);
  fc.assert(
    fc.property(fc.array(statements, { minLength: 1, maxLength: 20 }), (texts) => {
      const lines = texts.map((text, i) => lineOf(i, 7, text));
      const given = runQuery(query, eventsOf(lines)).map((row) => row['@message'] ?? '');
      expect(candidatesIn(given).toSorted()).toEqual(candidatesIn(lines).toSorted());
    }),
    { numRuns: 500 },
  );
});

test('the query leaves out what most of a busy log consists of', () => {
  const query = renderInsightsQuery({ kind: 'destructive', window }, 'aurora-mysql', 10_000);
  const common = [
    "UPDATE accounts SET balance = balance - 5, note = 'a where b', at = now() WHERE id = 7 AND user = 'x'",
    'DELETE FROM sessions WHERE ended_at < ?',
    'INSERT INTO orders VALUES (1)',
    'SET SESSION autocommit=1',
    'CREATE TEMPORARY TABLE x (id INT)',
    'COMMIT',
  ];
  const lines = [...common, 'DELETE FROM accounts'].map((text, i) => lineOf(i, 7, text));
  expect(runQuery(query, eventsOf(lines)).map((row) => row['@message'])).toEqual([lines.at(-1)]);
});

describe('what a person names is asked for in the query', () => {
  const texts = [
    'DELETE FROM accounts WHERE id = 5',
    'DELETE FROM positions WHERE id = 5',
    'UPDATE trading.Accounts SET a = 1',
    'insert into positions values (1)',
    'DROP DATABASE trading',
    "PREPARE s FROM 'DELETE FROM accounts'",
    '/* x */ EXECUTE s',
    'DELETE p FROM positions p JOIN t ON 1',
    'CALL frob()',
    'DELETE FROM positions; DELETE FROM accounts',
    'FROB accounts',
  ];
  const users = ['app', 'a.b', 'app', "o'x"];
  const lines = texts.map((text, i) => lineOf(i, i % 3, text).replace(',app,', `,${users[i % 4] ?? ''},`));
  const given = (selection: Parameters<typeof renderInsightsQuery>[0]): string[] =>
    runQuery(renderInsightsQuery(selection, 'aurora-mysql', 10_000), eventsOf(lines)).map(
      (row) => /,'(.*)',0$/.exec(row['@message'] ?? '')?.[1] ?? '',
    );
  const nobody = { user: null, connectionId: null, table: null };
  const matching = { kind: 'matching', window, pattern: '', queryId: null } as const;

  test('a pattern: what may match it, and what may run it', () => {
    expect(given({ ...matching, pattern: 'from\\s+accounts\\b' }).toSorted()).toEqual(
      [
        texts[0],
        texts[2],
        "PREPARE s FROM \\'DELETE FROM accounts\\'",
        texts[6],
        texts[9],
        texts[10],
      ].toSorted(),
    );
  });

  test('a table: plain changes of others stay behind', () => {
    const left = given({ ...matching, of: { ...nobody, table: 'trading.accounts' } });
    expect(texts.filter((text) => !left.includes(text.replaceAll("'", "\\'")))).toEqual([texts[1], texts[3]]);
  });

  test('a user and a connection', () => {
    expect(given({ ...matching, of: { ...nobody, user: 'a.b' } })).toEqual([
      texts[1],
      "PREPARE s FROM \\'DELETE FROM accounts\\'",
      texts[9],
    ]);
    expect(given({ ...matching, of: { ...nobody, connectionId: '2' } })).toEqual([
      texts[2],
      "PREPARE s FROM \\'DELETE FROM accounts\\'",
      texts[8],
    ]);
    expect(given({ ...matching, of: { ...nobody, user: "o'x", connectionId: '1' } })).toEqual([texts[7]]);
  });
});
