import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import {
  commentMarker,
  renderComment,
  renderRefusedComment,
  type GuardVerdict,
} from '../../../lib/report/comment';
import {
  DRILL,
  FAILED,
  HOSTILE_TEXT,
  INCIDENT,
  modelOf,
  PASSED,
  RESTORE_PLAN,
  VERIFICATION,
  type Drill,
} from './fixtures';
import { PIPELINE } from './more-drills';

const PASS: GuardVerdict = {
  stack: 'restore',
  verdict: 'pass',
  rules: [{ name: 'encryption', title: 'storage is encrypted', answer: { verdict: 'pass' } }],
};
const REFUSED: GuardVerdict = {
  stack: 'restore',
  verdict: 'refused',
  rules: [
    {
      name: 'encryption',
      title: 'storage is encrypted',
      answer: {
        verdict: 'fail',
        findings: [{ address: 'aws_rds_cluster.<b>x</b>', problem: 'is not encrypted | @team' }],
      },
    },
  ],
};

const titlesOf = (text: string): string[] =>
  text.split('\n').flatMap((line) => /^###? (.*)/.exec(line)?.[1] ?? []);

describe('the comment of a pull request', () => {
  test('begins with the line by which it is found and replaced', () => {
    expect(renderComment(modelOf(PASSED), []).split('\n')[0]).toBe(commentMarker(DRILL));
    expect(commentMarker(DRILL)).toBe(`<!-- restore-drill ${DRILL} -->`);
  });

  test('shows what happened, what comes next, the verdict of the guard, old and new; the rest is folded', () => {
    const text = renderComment(modelOf({ incident: INCIDENT, restorePlan: RESTORE_PLAN }), [PASS]);
    expect(titlesOf(text)).toEqual([
      expect.stringContaining('Restore drill'),
      'At a glance',
      'Next step',
      'Guard: does Terraform do what was approved?',
      'Can this restore point be trusted?',
      'Timeline',
      'Old and new',
      'Details',
    ]);
    expect(text).toContain('<details><summary>What was lost (RPO)</summary>');
    expect(text).toContain(`npm run apply -- --drill ${DRILL} --stack restore`);
    expect(text).toContain('does what was approved and nothing else');
    expect(text).toContain('```mermaid');
  });

  test('shows each finding of a guard that refused, escaped', () => {
    const text = renderComment(modelOf({ incident: INCIDENT, restorePlan: RESTORE_PLAN }), [REFUSED]);
    expect(text).toContain('**Do not apply it.**');
    expect(nextStepIn(text)).toContain(`npm run guard -- --drill ${DRILL} --stack restore`);
    expect(nextStepIn(text)).not.toContain('npm run apply');
    expect(text).toContain('`aws_rds_cluster.<b>x</b>`');
    expect(text).not.toContain('@team');
    const html = new MarkdownIt({ html: true }).render(text);
    expect(html).not.toContain('<b>');
  });

  test('begins with the job that failed, and with a guard that could not judge', () => {
    const unjudged: GuardVerdict = {
      stack: 'restore',
      verdict: 'not-judged',
      refused: { message: 'the plan of <b>x</b> is stale', hint: 'plan again' },
    };
    const failed = { what: 'restore: guard @team', run: 'https://github.com/example/x/actions/runs/1' };
    const text = renderComment(
      modelOf({ incident: INCIDENT, restorePlan: RESTORE_PLAN }),
      [unjudged],
      failed,
    );
    expect(titlesOf(text).slice(1, 4)).toEqual([
      'The pipeline failed',
      'Guard: does Terraform do what was approved?',
      'At a glance',
    ]);
    expect(text).toContain('✘ **FAIL** `restore: guard @team` failed. Its log: `https://github.com/');
    expect(text).toMatch(
      /could not judge stack `restore`: .* is stale[.] \*\*Do not apply it[.]\*\* Next: plan again/,
    );
    expect(new MarkdownIt({ html: true }).render(text)).not.toContain('<b>');
  });

  test('tells why nothing can be told where an artefact is refused', () => {
    const text = renderRefusedComment(
      DRILL,
      { message: 'incident.json was changed after it was written', hint: 'take it from git' },
      { what: 'review: plan', run: undefined },
    );
    expect(text).toMatchInlineSnapshot(`
     "<!-- restore-drill rehearsal-20260115-100150 -->

     ## Restore drill rehearsal-20260115-100150: refused

     ✘ **FAIL** \`review: plan\` failed.

     ✘ **FAIL** incident.json was changed after it was written. **Do not approve anything.** Next: take it from git.
     "
    `);
  });

  const { timeline: _measured, ...FAILED_PIPELINE } = FAILED;
  const { arrival: _arrival, ...REPOINT_PLANNED } = PIPELINE;

  test.each<[string, Drill, string]>([
    ['an incident alone', { incident: INCIDENT }, 'npm run plan -- '],
    ['a restore plan', { incident: INCIDENT, restorePlan: RESTORE_PLAN }, 'npm run guard -- '],
    [
      'a verification',
      { incident: INCIDENT, restorePlan: RESTORE_PLAN, verification: VERIFICATION },
      'npm run plan-repoint -- ',
    ],
    ['a failed verification', FAILED_PIPELINE, 'npm run verify -- '],
    ['a repoint plan', REPOINT_PLANNED, '--stack repoint'],
    ['an arrival', PIPELINE, 'npm run retire -- '],
    ['a rehearsal that passed', PASSED, 'npm run drills'],
    ['a rehearsal that failed', FAILED, 'npm run drill\n'],
  ])('names the step that follows %s', (_, drill, command) => {
    const text = renderComment(modelOf(drill), []);
    const next = text.slice(
      text.indexOf('### Next step'),
      text.indexOf('###', text.indexOf('### Next step') + 4),
    );
    expect(next).toContain(command);
  });

  test('leaves the details out when they would not fit into a comment', () => {
    const warnings = Array.from({ length: 500 }, (_, i) => `warning ${i}: ${'x'.repeat(200)}`);
    const long = { ...INCIDENT, coverage: { ...INCIDENT.coverage, warnings } };
    const text = renderComment(modelOf({ incident: long }), []);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('too long for a comment');
    expect(text).not.toContain('<details>');
  });

  const refusing = (findings: number, problem = 'is not encrypted'): GuardVerdict => ({
    stack: 'restore',
    verdict: 'refused',
    rules: [
      {
        name: 'encryption',
        title: 'storage is encrypted',
        answer: {
          verdict: 'fail',
          findings: Array.from({ length: findings }, (_, i) => ({
            address: `aws_rds_cluster.cluster-${i}`,
            problem: `${problem} ${'x'.repeat(80)}`,
          })),
        },
      },
    ],
  });

  test('shows the first findings of a guard that has too many, says how many it leaves out, and where all are', () => {
    const text = renderComment(modelOf({ incident: INCIDENT, restorePlan: RESTORE_PLAN }), [refusing(900)]);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('**Do not apply it.**');
    expect(text).toContain('`aws_rds_cluster.cluster-199`');
    expect(text).toContain('and 700 more rows, left out here');
    expect(text).toContain(
      `All that the guard found: \`npm run guard -- --drill ${DRILL} --stack restore\`.`,
    );
    expect(titlesOf(text).at(-1)).toBe('Details');
  });

  test('fits into a comment, however many and long its parts are', () => {
    const count = fc.integer({ min: 0, max: 500 });
    const some = fc.constantFrom('x', '`|', '@', '&<', '\u202e', '😀', '\n# ', HOSTILE_TEXT);
    fc.assert(
      fc.property(
        count,
        count,
        count,
        fc.integer({ min: 0, max: 70_000 }),
        some,
        (many, others, steps, long, piece) => {
          const words = piece.repeat(Math.ceil(long / piece.length));
          const timeline = PASSED.timeline ?? failing();
          const [step] = timeline.steps;
          if (step === undefined) return;
          const drill: Drill = {
            ...PASSED,
            incident: {
              ...INCIDENT,
              statement: {
                ...INCIDENT.statement,
                sql: words,
                tables: Array.from({ length: many }, () => 'a`|b'),
              },
              coverage: { ...INCIDENT.coverage, warnings: Array.from({ length: others }, () => piece) },
            },
            timeline: {
              ...timeline,
              steps: Array.from({ length: steps }, (_, i) => ({
                ...step,
                name: `${i} ${words.slice(0, 200)}`,
                result: 'failed',
              })),
            },
          };
          const text = renderComment(modelOf(drill), [refusing(many, words.slice(0, 200)), refusing(others)]);
          expect(text.length).toBeLessThan(65_536);
          expect(text.startsWith(`${commentMarker(DRILL)}\n\n## Restore drill`)).toBe(true);
          expect(/<summary>Chain of evidence|too long for a comment/.test(text)).toBe(true);
        },
      ),
      { numRuns: 8 },
    );
  });
});

function failing(): never {
  throw new Error('the fixture lacks it');
}

function nextStepIn(text: string): string {
  const from = text.indexOf('Next step');
  expect(from).toBeGreaterThan(-1);
  return text.slice(from, text.indexOf('\n#', from));
}
