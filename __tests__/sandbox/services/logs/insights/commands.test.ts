import { eventsOf, runQuery, runWithPointers } from './run-query';

const audit = eventsOf([
  "1700000000000001,db-1,app,10.0.0.1,11,100,QUERY,trading,'BEGIN',0",
  "1700000000000002,db-1,app,10.0.0.1,11,101,QUERY,trading,'DELETE FROM accounts',0",
  "1700000000000003,db-1,web,10.0.0.2,12,102,QUERY,trading,'SELECT * FROM accounts WHERE name=\\'x\\'',0",
  '1700000000000004,db-1,app,10.0.0.1,11,0,DISCONNECT,,,0',
  "1700000000000005,db-1,web,10.0.0.2,12,103,QUERY,trading,'delete\tfrom orders',1146",
]);
const PARSE =
  'parse @message "*,*,*,*,*,*,*,*,*" as ts, server, user, host, connection, id, operation, db, rest';

describe('a query of the Logs Insights query language', () => {
  it('shows time, message and pointer of the latest events first where it names no fields', () => {
    expect(runWithPointers('limit 1', audit)).toEqual([
      {
        '@timestamp': '2026-01-02 03:04:09.000',
        '@message': audit[4]?.message,
        '@ptr': 'pointer-4',
      },
    ]);
  });

  it('knows the fields of every event', () => {
    expect(runWithPointers('fields @ingestionTime, @logStream, @log | limit 1', audit)).toEqual([
      {
        '@ingestionTime': '2026-01-02 03:04:09.500',
        '@logStream': 'writer',
        '@log': '000000000000:/aws/rds/cluster/trading/audit',
        '@ptr': 'pointer-4',
      },
    ]);
  });

  it.each<[string, string, string[]]>([
    ['like with text, with regard to case', 'filter @message like "DELETE"', ['101']],
    ['like with a regular expression', 'filter @message like /(?i)delete\\s+from/', ['101', '103']],
    ['=~', 'filter @message =~ /^1700000000000003/', ['102']],
    ['not like', 'filter @message not like /(?i)delete/', ['100', '102', '0']],
    ['not before a condition', 'filter not (@message like "DELETE" or user = "web")', ['100', '0']],
    ['and before or', 'filter user = "app" and id = 100 or user = "web" and id = 103', ['100', '103']],
    ['parentheses', 'filter (user = "app" or id = 103) and id > 100', ['101', '103']],
    ['numbers, though fields hold text', 'filter id >= 101 and id < 103', ['101', '102']],
    ['!=', 'filter operation != "QUERY"', ['0']],
    ['in', 'filter id in [100, "102", 7]', ['100', '102']],
    ['not in', 'filter id not in [100, 101]', ['102', '0', '103']],
    ['a function as condition', 'filter strcontains(rest, "accounts")', ['101', '102']],
    ['an escaped quote', `filter rest like "name=\\\\'x"`, ['102']],
    ['an escaped quote of the text itself', `filter rest like 'name=\\\\\\'x'`, ['102']],
    ['where, which is filter', 'where user = "web"', ['102', '103']],
    ['keywords in any case', 'FILTER user LIKE /^w/ AND id NOT IN [102]', ['103']],
    ['arithmetic', 'filter (id - 100) * 2 = 6 or id % 100 = 1 and id / 101 = 1', ['101', '103']],
    ['microseconds in full', 'filter ts > 1700000000000003 and ts <= 1700000000000005', ['0', '103']],
    ['time in milliseconds', 'filter toMillis(@timestamp) <= 1767323046000', ['100', '101']],
    ['comments and lines', 'filter user = "web" # and id = 1\n # | limit 1\n and id = 103', ['103']],
    ['a slash in a pattern', 'filter host like /10\\/0/', []],
    ['a missing field equals nothing', 'filter nothing = "" or nothing = 0 or nothing < 1', []],
    ['a missing field is unequal to everything', 'filter nothing != "x" and id = 100', ['100']],
    [
      'isempty, isblank, ispresent',
      'filter isempty(db) and isblank(nothing) and not ispresent(nothing)',
      ['0'],
    ],
  ])('filters by %s', (_, filter, expected) => {
    const rows = runQuery(`${PARSE} | ${filter} | sort ts | display id`, audit);
    expect(rows.map((row) => row['id'])).toEqual(expected);
  });

  it('makes fields by expressions, named by their text unless by as', () => {
    expect(
      runQuery('fields strlen(@message) + 1 as size, @timestamp , concat("a", "b") | limit 1', audit),
    ).toEqual([{ size: '82', '@timestamp': '2026-01-02 03:04:09.000', 'concat("a", "b")': 'ab' }]);
  });

  it('shows what parse made beside the fields, and only the last display where there is one', () => {
    const [row] = runQuery('fields @logStream | parse @message /^(?<ts>\\d+)/ | limit 1', audit);
    expect(row).toEqual({ '@logStream': 'writer', ts: '1700000000000005' });
    const [displayed] = runQuery(
      'parse @message /^(?<ts>\\d+)/ | display @message | display ts, ts - 1700000000000000 as us | limit 1',
      audit,
    );
    expect(displayed).toEqual({ ts: '1700000000000005', us: '5' });
  });

  it('leaves out what a row does not have', () => {
    const rows = runQuery(
      'parse @message /(?<verb>DELETE|BEGIN)|(?<other>SELECT)/ | display verb, other',
      audit,
    );
    expect(rows).toEqual([{}, {}, { other: 'SELECT' }, { verb: 'DELETE' }, { verb: 'BEGIN' }]);
  });

  it('counts by group, groups in the order of first sight', () => {
    expect(
      runQuery(`${PARSE} | filter operation = "QUERY" | stats count(*) as n, max(ts) by user`, audit),
    ).toEqual([
      { user: 'web', n: '2', 'max(ts)': '1700000000000005' },
      { user: 'app', n: '2', 'max(ts)': '1700000000000002' },
    ]);
  });

  it('gives no row of statistics where there is no event', () => {
    expect(runQuery('filter @message like "nothing" | stats count(*)', audit)).toEqual([]);
  });

  it.each<[string, string]>([
    ['count()', '5'],
    ['count(rest)', '4'],
    ['count_distinct(user)', '2'],
    ['min(id)', '0'],
    ['max(id)', '103'],
    ['sum(id)', '406'],
    ['avg(id)', '81.2'],
    ['sum(id) / count(*) - 1.2', '80'],
    ['earliest(user)', 'app'],
    ['latest(user)', 'web'],
    ['earliest(@timestamp)', '1767323045000'],
    ['sortsFirst(operation)', 'DISCONNECT'],
    ['sortsLast(operation)', 'QUERY'],
    ['pct(id, 50)', '101'],
    ['sum(strcontains(@message, "accounts"))', '2'],
    ['ceil(avg(id)) * 2', '164'],
  ])('aggregates by %s', (aggregate, expected) => {
    const narrow = PARSE.replace('as ts', 'as ts').replace(', rest', ', whole');
    const query = `${narrow} | parse @message /'(?<rest>.*)'/ | stats ${aggregate} as figure`;
    expect(runQuery(query, audit)).toEqual([{ figure: expected }]);
  });

  it('puts time into bins, and goes on after stats with what this made', () => {
    expect(
      runQuery(
        'stats count(*) as n by bin(2s) as at | filter n > 1 | fields n * 10 as tenfold | sort at',
        audit,
      ),
    ).toEqual([
      { at: '2026-01-02 03:04:06.000', n: '2', tenfold: '20' },
      { at: '2026-01-02 03:04:08.000', n: '2', tenfold: '20' },
    ]);
  });

  it('names an aggregate by its text, which sort takes in backticks', () => {
    expect(runQuery(`${PARSE} | stats count(*) by operation | sort \`count(*)\``, audit)).toEqual([
      { operation: 'DISCONNECT', 'count(*)': '1' },
      { operation: 'QUERY', 'count(*)': '4' },
    ]);
  });

  it('sorts by several keys', () => {
    const rows = runQuery(`${PARSE} | sort user desc, id asc | display user, id`, audit);
    expect(rows.map(({ user, id }) => `${user ?? ''} ${id ?? ''}`)).toEqual([
      'web 102',
      'web 103',
      'app 0',
      'app 100',
      'app 101',
    ]);
  });

  it('keeps the first of duplicates, and rows that lack the field', () => {
    const rows = runQuery(`parse @message /QUERY,(?<db>\\w+)/ | fields @message | dedup db | limit 3`, audit);
    expect(rows.map((row) => row['@message']?.slice(15, 16))).toEqual(['5', '4']);
  });

  it('applies limits in turn, the one of StartQuery last', () => {
    expect(runQuery('limit 4 | sort @timestamp | limit 3', audit, 2).map((row) => row['@timestamp'])).toEqual(
      ['2026-01-02 03:04:06.000', '2026-01-02 03:04:07.000'],
    );
  });

  it('gives 10,000 rows unless told otherwise', () => {
    const many = eventsOf(Array.from({ length: 10_005 }, (_, i) => `message ${i}`));
    expect(runQuery('fields @message', many)).toHaveLength(10_000);
    expect(runQuery('fields @message | limit 10003', many)).toHaveLength(10_003);
    expect(runQuery('fields @message', many, 10_004)).toHaveLength(10_004);
  });

  it('discovers the fields of messages that are JSON', () => {
    const events = eventsOf([
      '{"level":"ERROR","user":{"id":7,"roles":["a","b"]},"ok":false}',
      'plain',
      '{broken',
    ]);
    expect(runQuery('filter user.id = 7 | display level, user.id, user.roles.1, ok', events)).toEqual([
      { level: 'ERROR', 'user.id': '7', 'user.roles.1': 'b', ok: 'false' },
    ]);
  });

  it('takes names of other characters in backticks', () => {
    expect(runQuery('filter `foo-bar` = 1 | display `foo-bar`', eventsOf(['{"foo-bar": 1}']))).toEqual([
      { 'foo-bar': '1' },
    ]);
  });

  it('ends in time whatever the pattern', () => {
    const events = eventsOf([`${'a'.repeat(50_000)}!`]);
    expect(runQuery('filter @message like /^(a+)+$/', events)).toEqual([]);
    expect(runQuery('filter @message like /(a|aa)+!/', events)).toHaveLength(1);
  });
});
