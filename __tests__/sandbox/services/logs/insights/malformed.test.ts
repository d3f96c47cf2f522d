import { AwsError } from '../../../../../sandbox/protocols/operation';
import { compileQuery } from '../../../../../sandbox/services/logs/insights/compile-query';

interface Refused {
  readonly code: string;
  readonly message: string;
  readonly marked: string;
  readonly members: unknown;
}

function refusalOf(query: string): Refused {
  try {
    compileQuery(query, undefined, { startedAtMs: 0 });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { location } = error.members['queryCompileError'] as {
      location: { startCharOffset: number; endCharOffset: number };
    };
    const marked = query.slice(location.startCharOffset, location.endCharOffset);
    return { code: error.code, message: error.message, marked, members: error.members };
  }
  throw new Error(`not refused: ${query}`);
}

describe('a query that cannot be compiled', () => {
  it('is answered as AWS does', () => {
    expect(refusalOf('fields @timestamp\n| filter @message like /a/i')).toEqual({
      code: 'MalformedQueryException',
      message: 'unexpected symbol found i at line 2 and position 26',
      marked: 'i',
      members: {
        queryCompileError: {
          location: { startCharOffset: 44, endCharOffset: 45 },
          message: 'unexpected symbol found i at line 2 and position 26',
        },
      },
    });
  });

  it.each<[string, string, string]>([
    // what stands at the wrong place
    ['', '', 'unexpected symbol found <EOF>'],
    ['fields', '', 'unexpected symbol found <EOF>'],
    ['fields @timestamp |', '', 'unexpected symbol found <EOF>'],
    ['fields @timestamp, | limit 1', '|', 'unexpected symbol found |'],
    ['fields @timestamp @message', '@message', 'unexpected symbol found @message'],
    ['fields @timestamp | count()', 'count', 'unexpected symbol found count'],
    ['pattern @message', 'pattern', 'the sandbox knows the commands fields, display'],
    ['fields foo-bar, a:b', ':', 'unexpected symbol found :'],
    ['filter @message like', '', 'unexpected symbol found <EOF>'],
    ['filter @message like foo', 'foo', 'unexpected symbol found foo'],
    ['filter @message not = 1', '=', 'unexpected symbol found ='],
    ['filter a = 1 = 2', '=', 'unexpected symbol found ='],
    ['filter a == 1', '=', 'unexpected symbol found ='],
    ['filter a && b', '&', 'unexpected symbol found &'],
    ['filter (a = 1', '', 'unexpected symbol found <EOF>'],
    ['filter a in []', ']', 'unexpected symbol found ]'],
    ['filter a in [b]', 'b', 'unexpected symbol found b'],
    ['filter a in ("b")', '(', 'unexpected symbol found ('],
    ['filter a like "never closed', '"', 'unexpected symbol found "'],
    ['filter a like /never closed', '/', 'unexpected symbol found /'],
    ['filter a like //', '/', 'unexpected symbol found /'],
    ['sort bin(5m) desc', '(', 'unexpected symbol found ('],
    ['sort @timestamp upwards', 'upwards', 'unexpected symbol found upwards'],
    ['limit many', 'many', 'unexpected symbol found many'],
    ['fields a | dedup a | sort a', 'sort a', 'unexpected symbol found sort at line 1 and position 21'],
    // conditions that are none
    ['filter @message', '@message', 'expected a condition'],
    ['filter "text" or a = 1', '"text"', 'expected a condition'],
    ['filter a = 1 and strlen(b)', 'strlen', 'expected a condition'],
    ['filter not b', 'b', 'expected a condition'],
    // what makes no sense
    ['limit 0', '0', 'limit is 0: expected a whole number from 1 to 100000 ([6,7])'],
    ['limit 100001', '100001', 'expected a whole number from 1 to 100000'],
    ['limit 1.5', '1.5', 'expected a whole number'],
    ['parse @message "* *" as a', '"* *"', '2 asterisks, 1 names'],
    ['parse @message "plain" as a', '"plain"', '0 asterisks, 1 names'],
    ['parse @message /(a)b/', '/(a)b/', 'no named group'],
    ['filter a like /(?=b)/', '/(?=b)/', 'invalid or unsupported Perl syntax'],
    ['filter a like /(a)\\1/', '/(a)\\1/', 'invalid escape sequence'],
    ['filter a like /[/', '/[/', 'missing closing ]'],
    ['filter a like /(b{1000}){1000}/', '/(b{1000}){1000}/', 'invalid repeat count'],
    ['fields jsonParse(@message)', 'jsonParse(@message)', 'does not know the function jsonParse'],
    ['fields strlen()', 'strlen()', 'wrong number of arguments for strlen: 0'],
    ['fields replace(a, "b")', 'replace(a, "b")', 'wrong number of arguments for replace: 2'],
    ['stats count(*) by bin(5x)', '5x', 'invalid period 5x'],
    ['stats count(*) by bin(0m)', '0m', 'invalid period 0m'],
    ['stats count(*) by bin(5)', '5', 'expected a period such as 5m'],
    ['fields strlen(5m)', '5m', 'expected no period'],
    // stats
    ['stats foo', 'foo', 'foo stands outside of a function'],
    ['stats 1', '1', 'stats needs a function'],
    ['stats sum(count(*))', 'count(*)', 'count stands only in stats'],
    ['fields count(*)', 'count(*)', 'count stands only in stats'],
    ['filter max(a) > 1', 'max(a)', 'max stands only in stats'],
    ['stats pct(a, b)', 'b', 'the second argument of pct has to be a number'],
    ['stats count(*) as n by a | sort b', 'b', 'Unknown symbols found in or after stats: b'],
    ['stats count(*) | fields @message', '@message', 'Unknown symbols found in or after stats: @message'],
    ['stats count(*) as n by a | stats latest(n)', 'latest(n)', 'found in or after stats: @timestamp'],
    // names
    ['parse @message "*,*" as a, a', 'a', 'Ephemeral field is already defined: a'],
    ['parse @message "*" as a | fields a', 'a', 'Ephemeral field is already defined: a'],
    ['fields 1 as a | fields 2 as a', 'a', 'Ephemeral field is already defined: a'],
    ['fields a | fields strlen(a) as a', 'a', 'Ephemeral field is already defined: a'],
    ['fields strlen(@message) as @message', '@message', 'Ephemeral field is already defined: @message'],
    ['parse @message "*" as a | stats max(a) as a', 'a', 'Ephemeral field is already defined: a'],
  ])('refuses %j at %j', (query, marked, message) => {
    const refused = refusalOf(query);
    expect(refused).toMatchObject({
      code: 'MalformedQueryException',
      message: expect.stringContaining(message) as string,
    });
    expect(refused.marked.trim()).toBe(marked);
  });

  it('is refused where it is nested deep enough to exhaust the stack', () => {
    expect(refusalOf(`filter ${'('.repeat(4000)}a = 1${')'.repeat(4000)}`).message).toContain(
      'nested too deep',
    );
    expect(refusalOf(`filter ${'not '.repeat(2400)}a = 1`).message).toContain('nested too deep');
    expect(refusalOf(`fields ${'-'.repeat(9000)}1`).message).toContain('nested too deep');
  });

  it.each([
    'parse @message "*" as a | display a',
    'parse @message "*" as a | filter a = 1 | stats count(*) as n by a | sort n desc | limit 5',
    'fields a | display a | filter a in [-1, 2.5, "x"] | sort a asc, b desc | dedup a, b | limit 10',
    'parse "user=*" as user',
    'fields @timestamp\n# a comment | with a pipe\n| limit 1 # and one more',
  ])('is not %j', (query) => {
    expect(() => compileQuery(query, undefined, { startedAtMs: 0 })).not.toThrow();
  });
});
