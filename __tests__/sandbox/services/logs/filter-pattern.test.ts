import fc from 'fast-check';
import { AwsError } from '../../../../sandbox/protocols/operation';
import { parseFilterPattern } from '../../../../sandbox/services/logs/filter-pattern';

const MESSAGES = [
  '[ERROR 400] BAD REQUEST',
  '[ERROR 401] UNAUTHORIZED REQUEST',
  '[ERROR 419] MISSING ARGUMENTS',
  '[ERROR 420] INVALID ARGUMENTS',
  '[INFO] REQUEST FAILED',
];

function matched(pattern: string, messages: readonly string[] = MESSAGES): number[] {
  const matches = parseFilterPattern(pattern);
  return messages.flatMap((message, i) => (matches(message) ? [i] : []));
}

describe('a filter pattern', () => {
  it.each<[string, string, number[]]>([
    ['nothing matches everything', '', [0, 1, 2, 3, 4]],
    ['blanks match everything', '  ', [0, 1, 2, 3, 4]],
    ['a term', 'ERROR', [0, 1, 2, 3]],
    ['a part of a word', 'ARG', [2, 3]],
    ['another case', 'error', []],
    ['all terms', 'ERROR REQUEST', [0, 1]],
    ['a phrase', '"INVALID ARGUMENTS"', [3]],
    ['a phrase with other characters', '"[ERROR 401]"', [1]],
    ['an excluded term', 'ERROR -ARGUMENTS', [0, 1]],
    ['an excluded phrase', 'ERROR -"BAD REQUEST"', [1, 2, 3]],
    ['only excluded', '-ERROR', [4]],
    ['one of the optional', '?BAD ?MISSING', [0, 2]],
    ['optional terms beside others, which are ignored', '?BAD ?MISSING REQUEST', [0, 1, 4]],
    ['a regular expression', '%4[0-9]0%', [0, 3]],
    ['a regular expression with a blank and an anchor', '%D REQUEST$%', [0, 1]],
    ['an excluded regular expression', 'ERROR -%40[01]%', [2, 3]],
    ['an optional regular expression', '?%^.INFO% ?%420%', [3, 4]],
  ])('takes %s', (_, pattern, expected) => {
    expect(matched(pattern)).toEqual(expected);
  });

  it('takes escaped quotes in a phrase', () => {
    expect(matched('"say \\"no\\""', ['say "no"', 'say no'])).toEqual([0]);
  });

  it.each([
    ['{ $.level = "ERROR" }', 'does not implement JSON'],
    ['[ip, user]', 'does not implement JSON and space-delimited'],
    ['foo-bar', "Invalid filter pattern: 'foo-bar'"],
    ['a "never closed', "Invalid filter pattern: '\"never closed'"],
    ['"a""b"', 'Invalid filter pattern'],
    ['%a(b)%', 'not allowed'],
    ['%ä%', 'not allowed'],
    ['%a{2000}%', 'invalid repeat count'],
    ['%a% %b% %c%', 'more than 2 regular expressions'],
  ])('refuses %j', (pattern, message) => {
    expect(() => parseFilterPattern(pattern)).toThrow(AwsError);
    expect(() => parseFilterPattern(pattern)).toThrow(message);
  });

  it('finds any quoted text that a message contains, and no other', () => {
    const text = fc.stringMatching(/^[ab"\\ ?%-]{1,6}$/);
    fc.assert(
      fc.property(text, text, (phrase, message) => {
        const quoted = `"${phrase.replaceAll(/["\\]/g, '\\$&')}"`;
        expect(parseFilterPattern(quoted)(message)).toBe(message.includes(phrase));
      }),
    );
  });
});
