import { escapePattern, renderInsightsQuery } from '../../../lib/audit/insights-query';

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
