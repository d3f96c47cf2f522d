import type { CheckResult, Verification, VerifiedCluster } from '../artefacts/verification';
import { formatDuration } from '../time';

const MARK: Readonly<Record<CheckResult['verdict'], string>> = {
  pass: 'pass',
  fail: 'FAIL',
  'not-applicable': 'n/a ',
};

/** The verification as a person reads it at a terminal. */
export function renderVerification(verification: Omit<Verification, 'schemaVersion'>): string {
  const { verdict, clusters, tookMs } = verification;
  return [
    ...clusters.flatMap(renderCluster),
    `${verdict === 'pass' ? 'PASSED' : 'FAILED'} in ${formatDuration(tookMs)}: ${summary(clusters)}`,
    ...clusters.flatMap(({ restored, notProven }) => [
      '',
      clusters.length === 1 ? 'Not proven:' : `Not proven of ${restored.clusterIdentifier}:`,
      ...notProven.map((each) => `  - ${each}`),
    ]),
  ].join('\n');
}

function renderCluster({ restored, checks }: VerifiedCluster): string[] {
  const width = Math.max(...checks.map((check) => check.name.length));
  return [
    `Verification of ${restored.clusterIdentifier} (${restored.endpoint}:${restored.port})`,
    '',
    ...checks.flatMap((check) => [
      `${MARK[check.verdict]}  ${check.name.padEnd(width)}  ${check.title} (${formatDuration(check.tookMs)})`,
      ...check.evidence.map((evidence) => `      - ${evidence}`),
    ]),
    '',
  ];
}

function summary(clusters: readonly VerifiedCluster[]): string {
  const checks = clusters.flatMap((cluster) => cluster.checks);
  const count = (verdict: CheckResult['verdict']): number =>
    checks.filter((check) => check.verdict === verdict).length;
  const counts = `${count('pass')} passed, ${count('fail')} failed, ${count('not-applicable')} not applicable`;
  if (clusters.length === 1) return counts;
  const failed = clusters.filter(({ verdict }) => verdict === 'fail');
  const names = failed.map(({ restored }) => restored.clusterIdentifier).join(', ');
  return `${counts}; ${failed.length === 0 ? `all ${clusters.length} clusters passed` : `${names} did not pass`}`;
}
