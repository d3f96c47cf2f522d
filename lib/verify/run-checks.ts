import type { CheckResult, Verification } from '../artefacts/verification';
import { explainQueryError, type Check, type CheckContext, type Finding } from './check';
import { autoIncrement } from './checks/auto-increment';
import { damageAbsent } from './checks/damage-absent';
import { foreignKeys } from './checks/foreign-keys';
import { restorePoint } from './checks/restore-point';
import { rowContents } from './checks/row-contents';
import { rowCounts } from './checks/row-counts';
import { schemaObjects } from './checks/schema-objects';
import { usersAndGrants } from './checks/users-and-grants';
import { writerRole } from './checks/writer-role';

/** In the order in which they are run and shown: the most telling first. */
export const CHECKS: readonly Check[] = [
  damageAbsent,
  restorePoint,
  schemaObjects,
  rowCounts,
  rowContents,
  foreignKeys,
  autoIncrement,
  usersAndGrants,
  writerRole,
];

/** One of these must pass: without any, nothing shows that the damage is gone. */
const SHOWS_ABSENCE = [damageAbsent.name, restorePoint.name];
/** Of a cluster that was not damaged one of these: without any, nothing shows that its data is there. */
const SHOWS_PRESENCE = [restorePoint.name, rowCounts.name];

/** Runs every check, whatever the others say. `now` counts milliseconds. */
export async function runChecks(
  checks: readonly Check[],
  context: CheckContext,
  now: () => number,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    context.onProgress(check.name);
    const startedAt = now();
    const { verdict, evidence } = await runOne(check, context);
    const tookMs = Math.round(now() - startedAt);
    results.push({ name: check.name, title: check.title, verdict, evidence, tookMs });
  }
  return results;
}

async function runOne(check: Check, context: CheckContext): Promise<Finding> {
  try {
    return await check.run(context);
  } catch (error) {
    return { verdict: 'fail', evidence: [explainQueryError(error)] };
  }
}

/** Passes when no check failed, and one of those that show what matters passed: that the damage is absent, or the data there. */
export function verdictOf(results: readonly CheckResult[], damaged = true): Verification['verdict'] {
  const failed = results.some((result) => result.verdict === 'fail');
  const showing = damaged ? SHOWS_ABSENCE : SHOWS_PRESENCE;
  const shown = results.some((result) => showing.includes(result.name) && result.verdict === 'pass');
  return !failed && shown ? 'pass' : 'fail';
}

/** What to name when a verification failed. */
export function failedNames(results: readonly CheckResult[], damaged = true): string {
  const names = results.filter((result) => result.verdict === 'fail').map((result) => result.name);
  return names.length > 0
    ? names.join(', ')
    : `neither ${(damaged ? SHOWS_ABSENCE : SHOWS_PRESENCE).join(' nor ')} could be shown`;
}
