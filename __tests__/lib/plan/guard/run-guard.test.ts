import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Approved } from '../../../../lib/plan/guard/approved';
import { renderGuard } from '../../../../lib/plan/guard/render-guard';
import type { RuleName } from '../../../../lib/plan/guard/rule';
import { parseTerraformPlan } from '../../../../lib/plan/guard/terraform-plan';
import { restorePlan } from '../facts';
import { FIRST, set } from './edits';
import { answers, applied, captured, destroy, judge, repoint, restore } from './judging';
import { approvedPlan, SHAPES } from './shapes';

const onlyForRepoint: RuleName[] = [
  'finishes-restore',
  'made-by-this-drill',
  'final-snapshot',
  'not-protected',
  'repoint-values',
];
const onceRestored: RuleName[] = ['not-expired', 'restore-point', 'security-groups', 'encryption'];

describe('a plan that is as approved passes', () => {
  test.each([
    ...SHAPES.map((shape): [string, Approved, RuleName[]] => [
      `restore-${shape}`,
      { kind: 'restore', restore: approvedPlan(shape) },
      shape === 'few-settings' ? ['encryption', ...onlyForRepoint] : onlyForRepoint,
    ]),
    ['applied-before', { kind: 'restore', restore: applied }, onlyForRepoint],
    ['applied-again', { kind: 'restore', restore: applied }, [...onlyForRepoint, ...onceRestored]],
    [
      'applied-destroy',
      destroy,
      [
        ...onceRestored,
        'finishes-restore',
        'settings',
        'not-public',
        'final-snapshot',
        'known-values',
        'repoint-values',
      ],
    ],
    [
      'repoint',
      repoint,
      [
        ...onceRestored,
        'finishes-restore',
        'made-by-this-drill',
        'not-protected',
        'settings',
        'not-public',
        'final-snapshot',
      ],
    ],
  ] satisfies [string, Approved, RuleName[]][])('%s', (name, approved, notApplicable) => {
    const report = judge(captured(name), approved);
    expect(answers(report, 'fail')).toEqual([]);
    expect(report.verdict).toBe('pass');
    expect(answers(report, 'not-applicable').sort()).toEqual([...notApplicable].sort());
  });
});

test('a plan of another drill than it was approved for is refused', () => {
  const report = judge(captured('restore-every-setting'), {
    kind: 'restore',
    restore: restorePlan({ drill: 'e' }),
  });
  expect(answers(report, 'fail')).toContain('approved-resources');
});

test('every rule has tests of its own', () => {
  const tested = readdirSync(path.join(__dirname, 'rules')).map((file) => file.replace('.test.ts', ''));
  const rules = judge(captured('repoint'), repoint).rules.map(({ name }) => name);
  expect(tested.sort()).toEqual([...rules].sort());
});

/** One plan of real Terraform with a bit of everything that does not belong there. */
test('everything that is smuggled into an approved restore is named', () => {
  const { rules } = judge(captured('smuggled'), restore);
  const findings = rules.flatMap(({ name, answer }) =>
    answer.verdict === 'fail'
      ? answer.findings.map(({ address, problem }) => `${name}: ${address}: ${problem}`)
      : [],
  );
  expect(findings).toMatchSnapshot();
});

test('the judgement reads as one line a rule, and one for each finding', () => {
  const terraform = captured('restore-every-setting');
  set(FIRST, { publicly_accessible: true })(terraform);
  const lines = renderGuard(judge(terraform, restore)).split('\n');
  expect(lines[0]).toBe('pass  complete-plan: Terraform planned everything, without an error');
  expect(lines.slice(13, 15)).toEqual([
    'FAIL  not-public: expected that no instance is reachable from the internet',
    `      ${FIRST}: publicly_accessible is true, expected false`,
  ]);
  expect(lines.at(-1)).toBe('n/a   repoint-values: nothing is repointed');
});

test('what is not a Terraform plan is refused', () => {
  expect(parseTerraformPlan('{')).toMatchObject({ refusal: { reason: 'not-a-terraform-plan' } });
  expect(parseTerraformPlan('{"format_version":"1.2"}')).toMatchObject({
    refusal: { message: expect.stringContaining('configuration') as string },
  });
});
