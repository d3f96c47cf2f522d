import fc from 'fast-check';
import { requiredLiterals } from '../../../lib/audit/insights-literals';

test.each([
  ['DELETE FROM accounts', ['DELETE FROM accounts']],
  ['delete\\s+from\\s+accounts\\b', ['accounts']],
  ['^update accounts?\\b', ['update account']],
  ['delete|truncate', ['delete', 'truncate']],
  ['from (accounts|positions) where', [' where']],
  ['(accounts)?_old', ['_old']],
  ['ab{0,2}cde', ['cde']],
  ['id = 4[0-9]{3}', ['id = 4']],
  ['t\\.accounts', ['t.accounts']],
])('any match of /%s/ holds one of %j', (pattern, literals) => {
  expect(requiredLiterals(pattern)).toEqual(literals);
});

test.each(['', '.*', 'a|delete', '[delete]+', "'x'", '\\x64elete', '(delete)', 'd.e.l', 'größe'])(
  'nothing is certain of /%s/',
  (pattern) => {
    expect(requiredLiterals(pattern)).toBeNull();
  },
);

test('what a pattern matches holds one of its literals', () => {
  const parts = fc.constantFrom(
    ...[
      'abc',
      'x_1',
      ' ',
      'd?',
      'e*',
      'f+',
      'g{2}',
      'h{0,1}',
      '{',
      '}',
      ']',
      '[^a]',
      '[\\]a]',
      '(',
      ')',
      '|',
      '(?:',
    ],
    ...['(?!', '(?<=', '\\b', '\\s', '\\.', '\\(', '.', '^', '$', 'delete', '\\u0061', '\\cA', '\\1', '=5'],
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 6 }), fc.array(parts, { maxLength: 8 }), (made, text) => {
      let regex: RegExp;
      try {
        regex = new RegExp(made.join(''), 'i');
      } catch {
        return;
      }
      const literals = requiredLiterals(regex.source);
      const matched = text.join('').toUpperCase();
      if (literals === null || !regex.test(matched)) return;
      expect(literals.some((literal) => matched.includes(literal.toUpperCase()))).toBe(true);
    }),
    { numRuns: 3000 },
  );
});
