import type { CheckResult, Verification } from '../artefacts';
import type { Check, CheckContext, Finding } from './check';
import { damageAbsent } from './checks/damage-absent';
import { restorePoint } from './checks/restore-point';
import { rowCounts } from './checks/row-counts';
import { schemaObjects } from './checks/schema-objects';
import { QueryError } from './database';

/** In the order in which they are run and shown: the most telling first. */
export const CHECKS: readonly Check[] = [damageAbsent, restorePoint, schemaObjects, rowCounts];

/** One of these must pass: without any, nothing shows that the damage is gone. */
const SHOWS_ABSENCE = [damageAbsent.name, restorePoint.name];

export interface RunOptions {
  readonly now: () => number;
  readonly onBegin: (check: Check) => void;
  readonly onEnd: (result: CheckResult) => void;
  readonly signal: AbortSignal;
}

/** Runs every check, whatever the others say. `now` counts milliseconds. */
export async function runChecks(
  checks: readonly Check[],
  context: CheckContext,
  { now, onBegin, onEnd, signal }: RunOptions,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    signal.throwIfAborted();
    onBegin(check);
    const startedAt = now();
    const { verdict, evidence } = await runOne(check, context);
    const result = {
      name: check.name,
      title: check.title,
      verdict,
      evidence,
      tookMs: Math.round(now() - startedAt),
    };
    results.push(result);
    onEnd(result);
  }
  return results;
}

/** What cannot be looked at is not proven, and a gate must stay shut then. */
async function runOne(check: Check, context: CheckContext): Promise<Finding> {
  try {
    return await check.run(context);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return { verdict: 'fail', evidence: [`could not be completed: ${error.message}`] };
  }
}

/** Passes when no check failed, and one of those that show the damage to be absent passed. */
export function verdictOf(results: readonly CheckResult[]): Verification['verdict'] {
  const failed = results.some((result) => result.verdict === 'fail');
  const shown = results.some((result) => SHOWS_ABSENCE.includes(result.name) && result.verdict === 'pass');
  return !failed && shown ? 'pass' : 'fail';
}
