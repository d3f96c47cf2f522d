import { type GuardInput, type Rule, type RuleAnswer, type RuleName } from './rule';
import { accountAndRegion } from './rules/account-and-region';
import { approvedActions } from './rules/approved-actions';
import { approvedResourcesOnly } from './rules/approved-resources';
import { completePlan } from './rules/complete-plan';
import { encryption } from './rules/encryption';
import { finalSnapshot } from './rules/final-snapshot';
import { finishesRestore } from './rules/finishes-restore';
import { knownValues } from './rules/known-values';
import { madeByThisDrill } from './rules/made-by-this-drill';
import { notExpired } from './rules/not-expired';
import { notProtected } from './rules/not-protected';
import { notPublic } from './rules/not-public';
import { nothingElseRuns } from './rules/nothing-else-runs';
import { repointValues } from './rules/repoint-values';
import { restorePoint } from './rules/restore-point';
import { securityGroups } from './rules/security-groups';
import { settings } from './rules/settings';
import { sourceUntouched } from './rules/source-untouched';

const RULES: readonly Rule[] = [
  completePlan,
  nothingElseRuns,
  accountAndRegion,
  notExpired,
  approvedActions,
  finishesRestore,
  approvedResourcesOnly,
  sourceUntouched,
  madeByThisDrill,
  restorePoint,
  settings,
  securityGroups,
  encryption,
  notPublic,
  finalSnapshot,
  knownValues,
  notProtected,
  repointValues,
];

export interface JudgedRule {
  readonly name: RuleName;
  readonly title: string;
  readonly answer: RuleAnswer;
}

export interface GuardReport {
  /** `refused` as soon as one rule fails. */
  readonly verdict: 'pass' | 'refused';
  readonly rules: readonly JudgedRule[];
}

/** Holds a Terraform plan against what was approved. Every rule is asked, so that a person sees everything at once. */
export function runGuard(input: GuardInput): GuardReport {
  const rules = RULES.map((rule) => ({
    name: rule.name,
    title: rule.title,
    answer: rule.check(input),
  }));
  const refused = rules.some((rule) => rule.answer.verdict === 'fail');
  return { verdict: refused ? 'refused' : 'pass', rules };
}
