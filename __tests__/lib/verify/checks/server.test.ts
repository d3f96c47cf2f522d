import { combine } from '../../../../lib/verify/check';
import { judgeNumbering, judgeSequence } from '../../../../lib/verify/checks/auto-increment';
import { judgeOrphans } from '../../../../lib/verify/checks/foreign-keys';
import { compareUsers } from '../../../../lib/verify/checks/users-and-grants';
import type { DatabaseUser } from '../../../../lib/verify/database';

test.each([
  [5001n, 5000n, '5001', 'pass', 'goes on at 5001'],
  [5001n, 5000n, null, 'pass', 'goes on at 5001'],
  [5000n, 5000n, '5001', 'fail', 'the next number is 5000, but 5000 is taken'],
  [18446744073709551610n, 18446744073709551609n, '18446744073709551615', 'pass', 'up to 5 numbers'],
])('the next number %s after %s, and %s on the source: %s', (next, highest, onSource, verdict, says) => {
  const part = judgeNumbering(next, highest, onSource);

  expect(part.verdict).toBe(verdict);
  expect(part.evidence).toContain(says);
});

test.each([
  ['51', '51', 'pass', 'goes on at 51, as on the source'],
  ['1', '51', 'not-applicable', 'goes on at 1, on the source at 51: no column tells which numbers are taken'],
  ['1', null, 'not-applicable', 'goes on at 1: no column tells which numbers are taken'],
])('a sequence of no column at %s, and %s on the source: %s', (next, onSource, verdict, evidence) => {
  expect(judgeSequence(next, onSource)).toEqual({ verdict, evidence });
});

test.each([
  [0, undefined, 'pass'],
  [3, undefined, 'fail'],
  [3, 3, 'pass'],
  [3, 2, 'fail'],
])('%i orphans restored, %s on the source: %s', (restored, source, verdict) => {
  expect(judgeOrphans(restored, source).verdict).toBe(verdict);
});

describe('users', () => {
  const user = (password: string, grants: string): DatabaseUser => ({
    password,
    grants: [{ on: null, what: grants }],
  });
  const source = new Map([["'app'@'%'", user('p', 'g')]]);

  test.each([
    ['the same', new Map([["'app'@'%'", user('p', 'g')]]), 'pass', '1 user compared'],
    ['absent', new Map<string, DatabaseUser>(), 'fail', "'app'@'%' does not exist"],
    ['of another host', new Map([["'app'@'localhost'", user('p', 'g')]]), 'fail', "'app'@'%' does not exist"],
    ['with another password', new Map([["'app'@'%'", user('q', 'g')]]), 'fail', 'has another password:'],
    ['with less', new Map([["'app'@'%'", user('q', 'h')]]), 'fail', 'another password and other grants:'],
  ])('a user that is %s', (_what, restored, verdict, says) => {
    const finding = combine(compareUsers(restored, source));

    expect(finding.verdict).toBe(verdict);
    expect(finding.evidence[0]).toContain(says);
  });
});
