import type { EpochMicros } from '../../time';
import type { Approved } from './approved';
import type { TerraformPlan } from './terraform-plan';

/** Everything that a rule decides from. */
export interface GuardInput {
  readonly approved: Approved;
  readonly terraform: TerraformPlan;
  readonly now: EpochMicros;
}

/** What speaks against an apply: where, and which value was found against which was approved. */
export interface Finding {
  /** Terraform's address of a resource, or the part of its plan that is wrong. */
  readonly address: string;
  readonly problem: string;
}

export type RuleAnswer =
  | { readonly verdict: 'pass' }
  | { readonly verdict: 'fail'; readonly findings: readonly Finding[] }
  | { readonly verdict: 'not-applicable'; readonly because: string };

export type RuleName =
  | 'complete-plan'
  | 'nothing-else-runs'
  | 'account-and-region'
  | 'not-expired'
  | 'approved-actions'
  | 'finishes-restore'
  | 'approved-resources'
  | 'source-untouched'
  | 'made-by-this-drill'
  | 'restore-point'
  | 'settings'
  | 'security-groups'
  | 'encryption'
  | 'not-public'
  | 'final-snapshot'
  | 'known-values'
  | 'not-protected'
  | 'repoint-values';

/** One reason to refuse a Terraform plan. Pure: the same plan always gets the same answer. */
export interface Rule {
  readonly name: RuleName;
  /** What a pass says, as a sentence. */
  readonly title: string;
  check(input: GuardInput): RuleAnswer;
}

export function answer(findings: readonly Finding[]): RuleAnswer {
  return findings.length === 0 ? { verdict: 'pass' } : { verdict: 'fail', findings };
}

export function notApplicable(because: string): RuleAnswer {
  return { verdict: 'not-applicable', because };
}
