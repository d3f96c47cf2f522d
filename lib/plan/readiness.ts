import { checkAuditing, type ClusterParameters } from './audit-readiness';
import { checkStatus } from './check-source';
import { formatDuration, formatInstant, type EpochMicros } from '../time';
import type { ReadinessLine } from './readiness-line';
import type { SourceCluster } from './source-cluster';

/** Whether a cluster is ready for the day on which it must be restored. */
export function checkReadiness(
  source: SourceCluster,
  parameters: ClusterParameters,
  now: EpochMicros,
  { backupRetentionDays }: { readonly backupRetentionDays: number },
  pendingReboots: readonly string[] = [],
): ReadinessLine[] {
  return [
    engine(source),
    status(source),
    auditLog(source),
    ...checkAuditing(source, parameters, pendingReboots),
    backupRetention(source, backupRetentionDays),
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

function status(source: SourceCluster): ReadinessLine {
  const title = 'status';
  const restorable = checkStatus(source);
  if (!restorable.ok) {
    return { verdict: 'fail', title, finding: source.status, remedy: restorable.refusal.hint };
  }
  if (source.status === 'available') return { verdict: 'pass', title, finding: source.status };
  return {
    verdict: 'warn',
    title,
    finding: `${source.status}: a restore is possible, but a comparison with this cluster may not be`,
    remedy: 'wait until it is available, or start it, and look again',
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

/** Damage is often found after a weekend: the shortest retention, one day, has lost it by then. */
function backupRetention(
  { identifier, backupRetentionDays: found }: SourceCluster,
  least: number,
): ReadinessLine {
  const title = 'backup retention';
  if (found >= least) return { verdict: 'pass', title, finding: `${found} d` };
  return {
    verdict: 'fail',
    title,
    finding: `${found} d, expected at least ${least} d`,
    remedy: `aws rds modify-db-cluster --db-cluster-identifier ${identifier} --backup-retention-period ${least} --apply-immediately`,
  };
}

function restorableWindow(
  { earliestRestorableAt, latestRestorableAt }: SourceCluster,
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
  const found = `${formatInstant(earliestRestorableAt)} to ${formatInstant(latestRestorableAt)}, ${formatDuration(behindMs)} behind now`;
  if (behindMs <= MOST_BEHIND_MS) return { verdict: 'pass', title, finding: found };
  return {
    verdict: 'fail',
    title,
    finding: `${found}: expected about 5 min, what was committed since cannot be restored`,
    remedy:
      'look at the status and the events of the cluster (aws rds describe-events --source-type db-cluster); a stopped one goes on once it is started',
  };
}

/** RDS follows by about five minutes. */
const MOST_BEHIND_MS = 3_600_000;

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
