import { checkAuditing, type ClusterParameters } from './audit-readiness';
import { formatDuration, formatInstant, type EpochMicros } from '../time';
import type { ReadinessLine } from './readiness-line';
import type { SourceCluster } from './source-cluster';

/** Whether a cluster is ready for the day on which it must be restored. */
export function checkReadiness(
  source: SourceCluster,
  parameters: ClusterParameters,
  now: EpochMicros,
): ReadinessLine[] {
  return [
    engine(source),
    auditLog(source),
    ...checkAuditing(source, parameters),
    restorableWindow(source, now),
    backtrack(source),
    deletionProtection(source),
  ];
}

function engine({ engine: name, engineMode, engineVersion }: SourceCluster): ReadinessLine {
  const finding = `${name} ${engineVersion} (${engineMode})`;
  const known = (name === 'aurora-mysql' || name === 'aurora-postgresql') && engineMode === 'provisioned';
  return known
    ? { verdict: 'pass', title: 'engine', finding }
    : {
        verdict: 'fail',
        title: 'engine',
        finding,
        remedy:
          'restore it by hand: this tool knows aurora-mysql and aurora-postgresql clusters with instances',
      };
}

/** Aurora MySQL writes its audit log to `audit`, Aurora PostgreSQL (pgaudit) to `postgresql`. */
function auditLog({ engine: name, logExports, identifier }: SourceCluster): ReadinessLine {
  const log = name === 'aurora-postgresql' ? 'postgresql' : 'audit';
  const exported = logExports.length === 0 ? 'no log' : logExports.join(', ');
  if (logExports.includes(log)) {
    return { verdict: 'pass', title: 'audit log', finding: `${exported} exported to CloudWatch` };
  }
  return {
    verdict: 'fail',
    title: 'audit log',
    finding: `${exported} exported to CloudWatch, not '${log}': the moment of the damage could not be found`,
    remedy: `aws rds modify-db-cluster --db-cluster-identifier ${identifier} --cloudwatch-logs-export-configuration '{"EnableLogTypes":["${log}"]}'`,
  };
}

function restorableWindow(
  { earliestRestorableAt, latestRestorableAt, backupRetentionDays }: SourceCluster,
  now: EpochMicros,
): ReadinessLine {
  const title = 'restorable window';
  if (earliestRestorableAt === null || latestRestorableAt === null) {
    return {
      verdict: 'fail',
      title,
      finding: 'RDS names no restorable time',
      remedy: 'wait for the first backup to complete',
    };
  }
  const behindMs = Math.max(0, (now - latestRestorableAt) / 1000);
  return {
    verdict: 'pass',
    title,
    finding: `${formatInstant(earliestRestorableAt)} to ${formatInstant(latestRestorableAt)}, ${formatDuration(behindMs)} behind now; backup retention ${backupRetentionDays} d`,
  };
}

/** Rewinding in place is fast, but takes everything back and cannot be verified beside the source: an option, no need. */
function backtrack({ engine: name, backtrackWindowSeconds: seconds }: SourceCluster): ReadinessLine {
  const title = 'backtrack';
  if (seconds > 0) return { verdict: 'pass', title, finding: `on, ${formatDuration(seconds * 1000)} back` };
  const finding = name === 'aurora-mysql' ? 'off: a restore does without it' : `${name} has none`;
  return { verdict: 'not-applicable', title, finding };
}

function deletionProtection({ deletionProtection: on, identifier }: SourceCluster): ReadinessLine {
  return on
    ? { verdict: 'pass', title: 'deletion protection', finding: 'on' }
    : {
        verdict: 'fail',
        title: 'deletion protection',
        finding: 'off: one call could delete the cluster together with the backups that a restore needs',
        remedy: `aws rds modify-db-cluster --db-cluster-identifier ${identifier} --deletion-protection --apply-immediately`,
      };
}
