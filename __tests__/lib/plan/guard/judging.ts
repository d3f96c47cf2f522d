import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArtefact } from '../../../../lib/artefacts/artefact';
import { valueOf } from '../../../../lib/errors';
import type { Approved } from '../../../../lib/plan/guard/approved';
import type { RuleName } from '../../../../lib/plan/guard/rule';
import { runGuard, type GuardReport } from '../../../../lib/plan/guard/run-guard';
import { parseTerraformPlan, type TerraformPlan } from '../../../../lib/plan/guard/terraform-plan';
import { microsFromMillis } from '../../../../lib/time';
import { repointPlan, target } from '../../cutover/facts';
import { approvedPlan } from './shapes';

// plans/ holds what real Terraform and the real provider said; integration/terraform-guard.test.ts captures it

const PLANS = path.join(__dirname, 'plans');

export function captured(name: string): TerraformPlan {
  return valueOf(parseTerraformPlan(readFileSync(path.join(PLANS, `${name}.json`), 'utf8')));
}

/** The restore plan of the captured plans whose names begin with `applied`. */
export const applied = valueOf(
  parseArtefact('restorePlan', readFileSync(path.join(PLANS, 'applied-approved.json'), 'utf8')),
);
const everySetting = approvedPlan('every-setting');
export const restore: Approved = { kind: 'restore', restore: everySetting };
export const destroy: Approved = { kind: 'destroy', restore: applied };
export const repoint: Approved = {
  kind: 'repoint',
  restore: everySetting,
  repoint: repointPlan({ targets: [target('/trading/db/host'), target('/batch/db/host')] }),
};

/** A minute after the restore plan was made. */
export function judge(terraform: TerraformPlan, approved: Approved): GuardReport {
  const now = microsFromMillis(Date.parse(approved.restore.madeAt) + 60_000);
  return runGuard({ terraform, approved, now });
}

export function answers(report: GuardReport, verdict: string): RuleName[] {
  return report.rules.filter(({ answer }) => answer.verdict === verdict).map(({ name }) => name);
}

export interface Refused {
  /** What is wrong, in words. */
  readonly when: string;
  /** Default: the restore of every setting. */
  readonly plan?: string;
  readonly approved?: Approved;
  /** The one edit that makes the captured plan a wrong one; none where it was captured wrong. */
  readonly edit?: (plan: TerraformPlan) => void;
  /** Every finding of the rule. */
  readonly finds: readonly string[];
  /** Further rules that rightly object to the same plan. */
  readonly also?: readonly RuleName[];
}

export function byName(cases: readonly Refused[]): [string, Refused][] {
  return cases.map((one) => [one.when, one]);
}

/** The rule must refuse, with exactly these findings; run-guard.test.ts has the cases in which it must not. */
export function expectRefused(
  rule: RuleName,
  { plan = 'restore-every-setting', approved = restore, edit, finds, also = [] }: Refused,
): void {
  const terraform = captured(plan);
  edit?.(terraform);
  const report = judge(terraform, approved);
  const found = report.rules.find(({ name }) => name === rule)?.answer;
  expect(found).toMatchObject({ verdict: 'fail' });
  expect(
    found?.verdict === 'fail' && found.findings.map(({ address, problem }) => `${address}: ${problem}`),
  ).toEqual(finds);
  const others = answers(report, 'fail').filter((name) => name !== rule);
  // what one edit upsets besides is named, so that a rule that objects to everything shows
  expect(others.filter((name) => !also.includes(name))).toEqual([]);
  expect(report.verdict).toBe('refused');
}
