import type { CheckResult, Verification } from '../artefacts';
import { formatDuration } from '../time';

const MARK: Readonly<Record<CheckResult['verdict'], string>> = {
  pass: 'pass',
  fail: 'FAIL',
  'not-applicable': 'n/a ',
};

/** The verification as a person reads it at a terminal. */
export function renderVerification(verification: Omit<Verification, 'schemaVersion'>): string {
  const { verdict, restored, checks, notProven, tookMs } = verification;
  const width = Math.max(...checks.map((check) => check.name.length));
  const lines = checks.flatMap((check) => [
    `${MARK[check.verdict]}  ${check.name.padEnd(width)}  ${check.title} (${formatDuration(check.tookMs)})`,
    ...check.evidence.map((evidence) => `      - ${evidence}`),
  ]);
  return [
    `Verification of ${restored.clusterIdentifier} (${restored.endpoint}:${restored.port})`,
    '',
    ...lines,
    '',
    `${verdict === 'pass' ? 'PASSED' : 'FAILED'} in ${formatDuration(tookMs)}: ${summary(checks)}`,
    '',
    'Not proven:',
    ...notProven.map((each) => `  - ${each}`),
  ].join('\n');
}

function summary(checks: readonly CheckResult[]): string {
  const count = (verdict: CheckResult['verdict']): number =>
    checks.filter((check) => check.verdict === verdict).length;
  return `${count('pass')} passed, ${count('fail')} failed, ${count('not-applicable')} not applicable`;
}
