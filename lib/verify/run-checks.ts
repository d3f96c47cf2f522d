import type { CheckResult, Verification } from '../artefacts';
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

/** Passes when no check failed, and one of those that show the damage to be absent passed. */
export function verdictOf(results: readonly CheckResult[]): Verification['verdict'] {
  const failed = results.some((result) => result.verdict === 'fail');
  const shown = results.some((result) => SHOWS_ABSENCE.includes(result.name) && result.verdict === 'pass');
  return !failed && shown ? 'pass' : 'fail';
}

/** What to name when a verification failed. */
export function failedNames(results: readonly CheckResult[]): string {
  const names = results.filter((result) => result.verdict === 'fail').map((result) => result.name);
  return names.length > 0 ? names.join(', ') : `neither ${SHOWS_ABSENCE.join(' nor ')} could be shown`;
}
