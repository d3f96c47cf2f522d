import type { CheckResult } from '../../../lib/artefacts/verification';
import { combine, type Check, type CheckContext } from '../../../lib/verify/check';
import { QueryError } from '../../../lib/verify/database';
import { renderVerification } from '../../../lib/verify/render-verification';
import { CHECKS, failedNames, runChecks, verdictOf } from '../../../lib/verify/run-checks';

type Verdict = CheckResult['verdict'];
const result = (name: string, verdict: Verdict, evidence: string[] = []): CheckResult => ({
  name,
  title: `the title of ${name}`,
  verdict,
  evidence,
  tookMs: 12,
});
const check = (name: string, run: Check['run']): Check => ({ name, title: `the title of ${name}`, run });
const context = { onProgress: () => undefined } as unknown as CheckContext;

test('each check is named once, in the words of its file', () => {
  const names = CHECKS.map(({ name }) => name);

  expect(names).toEqual([
    'damage-absent',
    'restore-point',
    'schema-objects',
    'row-counts',
    'row-contents',
    'foreign-keys',
    'auto-increment',
    'users-and-grants',
    'writer-role',
  ]);
});

test.each<[what: string, Record<string, Verdict>, 'pass' | 'fail', names: string]>([
  ['all pass', { 'damage-absent': 'pass', 'row-counts': 'pass' }, 'pass', ''],
  ['one fails', { 'damage-absent': 'pass', 'row-counts': 'fail' }, 'fail', 'row-counts'],
  [
    'the damage cannot be shown, the time can',
    { 'damage-absent': 'not-applicable', 'restore-point': 'pass' },
    'pass',
    '',
  ],
  [
    'neither can be shown',
    { 'damage-absent': 'not-applicable', 'restore-point': 'not-applicable', 'row-counts': 'pass' },
    'fail',
    'neither damage-absent nor restore-point could be shown',
  ],
])('the verdict when %s', (_what, verdicts, expected, names) => {
  const results = Object.entries(verdicts).map(([name, verdict]) => result(name, verdict));

  expect(verdictOf(results)).toBe(expected);
  expect(expected === 'pass' ? '' : failedNames(results)).toBe(names);
});

test.each<[what: string, Record<string, Verdict>, 'pass' | 'fail']>([
  ['its rows are counted', { 'damage-absent': 'not-applicable', 'row-counts': 'pass' }, 'pass'],
  ['the time can be shown', { 'restore-point': 'pass', 'row-counts': 'not-applicable' }, 'pass'],
  ['one fails', { 'row-counts': 'pass', 'schema-objects': 'fail' }, 'fail'],
  ['nothing shows that its data is there', { 'writer-role': 'pass' }, 'fail'],
])('the verdict on a cluster that the incident did not hit, when %s', (_what, verdicts, expected) => {
  const results = Object.entries(verdicts).map(([name, verdict]) => result(name, verdict));

  expect(verdictOf(results, false)).toBe(expected);
});

test('a check that a server refuses to answer fails, and the others go on', async () => {
  let clock = 0;
  const results = await runChecks(
    [
      check('first', () => Promise.reject(new QueryError('source', 'ER_QUERY_TIMEOUT'))),
      check('second', () => Promise.resolve({ verdict: 'pass', evidence: ['fine'] })),
    ],
    context,
    () => (clock += 5),
  );

  expect(results).toEqual([
    {
      name: 'first',
      title: 'the title of first',
      verdict: 'fail',
      evidence: [
        'could not be looked at: the source database answered ER_QUERY_TIMEOUT (raise --statement-timeout)',
      ],
      tookMs: 5,
    },
    { name: 'second', title: 'the title of second', verdict: 'pass', evidence: ['fine'], tookMs: 5 },
  ]);
});

test('a connection that is lost ends the verification: it says nothing about the data', async () => {
  const lost = check('first', () => Promise.reject(new Error('the connection is lost')));

  await expect(runChecks([lost], context, () => 0)).rejects.toThrow('the connection is lost');
});

test('a check is as good as its worst part, and says that first', () => {
  expect(
    combine([
      { verdict: 'not-applicable', evidence: 'c' },
      { verdict: 'pass', evidence: 'b' },
      { verdict: 'fail', evidence: 'a' },
    ]),
  ).toEqual({ verdict: 'fail', evidence: ['a', 'b', 'c'] });
  expect(combine([{ verdict: 'not-applicable', evidence: 'c' }]).verdict).toBe('not-applicable');
});

test('of many parts with nothing to note the first are shown, and how many more there are', () => {
  const plain = Array.from({ length: 30 }, (_, n) => ({
    verdict: 'pass' as const,
    evidence: `table ${n}`,
    plain: true,
  }));

  const { verdict, evidence } = combine([...plain, { verdict: 'pass', evidence: 'a difference, explained' }]);

  expect(verdict).toBe('pass');
  expect(evidence).toHaveLength(10);
  expect(evidence).toContain('a difference, explained');
  expect(evidence.at(-1)).toBe('22 more with nothing to note');
});

test('a person reads every check with its evidence, and what is not proven', () => {
  expect(
    renderVerification({
      drill: 'case',
      madeAt: '2026-01-02T03:04:05Z',
      madeFrom: { 'incident.json': 'a'.repeat(64), 'restore-plan.json': 'b'.repeat(64) },
      startedAt: '2026-01-02T03:04:05Z',
      tookMs: 1500,
      verdict: 'fail',
      clusters: [
        {
          source: 'trading',
          restored: {
            clusterIdentifier: 'trading-case',
            endpoint: 'db.example',
            readerEndpoint: null,
            port: 3306,
          },
          verdict: 'fail',
          checks: [
            result('damage-absent', 'pass', ['accounts: 2,000 rows']),
            result('row-counts', 'fail', ['orders: 0 rows']),
            result('foreign-keys', 'not-applicable', ['no table has a foreign key']),
          ],
          notProven: ['the speed of the restored cluster'],
        },
      ],
    }),
  ).toMatchInlineSnapshot(`
   "Verification of trading-case (db.example:3306)

   pass  damage-absent  the title of damage-absent (12 ms)
         - accounts: 2,000 rows
   FAIL  row-counts     the title of row-counts (12 ms)
         - orders: 0 rows
   n/a   foreign-keys   the title of foreign-keys (12 ms)
         - no table has a foreign key

   FAILED in 1.5 s: 1 passed, 1 failed, 1 not applicable

   Not proven:
     - the speed of the restored cluster"
  `);
});
