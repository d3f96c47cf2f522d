import { formatDuration, formatInstant, type EpochMicros } from '../time';
import type { LogGroup } from './log-groups';
import type { ReadinessLine } from './readiness-line';
import type { SourceCluster } from './source-cluster';

const DAY_MICROS = 86_400_000_000;
/** CloudWatch tells the newest record of a stream up to an hour late, and a quiet night writes none. */
const RECENT_MICROS = DAY_MICROS;

/** Where RDS exports the log in which damage is looked for. */
export function auditLogGroupName({
  identifier,
  engine,
}: Pick<SourceCluster, 'identifier' | 'engine'>): string {
  return `/aws/rds/cluster/${identifier}/${engine === 'aurora-postgresql' ? 'postgresql' : 'audit'}`;
}

/** Whether the log is there, kept long enough, and written to by every instance. */
export function checkLogGroup(
  source: SourceCluster,
  group: LogGroup | undefined,
  now: EpochMicros,
): ReadinessLine[] {
  if (group === undefined) {
    return [
      {
        verdict: 'fail',
        title: 'log group',
        finding: `there is no ${auditLogGroupName(source)}: nothing was ever exported to it`,
        remedy:
          'export the log (above), then let some statement run: RDS makes the group with the first record',
      },
    ];
  }
  return [retention(source, group), records(source, group, now)];
}

function retention({ backupRetentionDays }: SourceCluster, { name, retentionDays }: LogGroup): ReadinessLine {
  const title = 'log retention';
  const command = (days: number): string =>
    `aws logs put-retention-policy --log-group-name ${name} --retention-in-days ${days}`;
  if (retentionDays === null) {
    return {
      verdict: 'warn',
      title,
      finding: `${name} never expires: who did what, and its costs, pile up`,
      remedy: command(retentionFor(Math.max(backupRetentionDays, 90))),
    };
  }
  if (retentionDays >= backupRetentionDays) {
    return { verdict: 'pass', title, finding: `${name} is kept for ${retentionDays} d` };
  }
  return {
    verdict: 'fail',
    title,
    finding: `${name} is kept for ${retentionDays} d, backups for ${backupRetentionDays} d: damage from before could be restored, but not found`,
    remedy: command(retentionFor(backupRetentionDays)),
  };
}

/** CloudWatch's own steps; https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_STEPS = [1, 3, 5, 7, 14, 30, 60, 90];

function retentionFor(days: number): number {
  return RETENTION_STEPS.find((step) => step >= days) ?? 90;
}

/**
 * The writer has something to log every day; a reader on which nobody works may have nothing. A
 * stream is named after its instance: `trading-1`, `trading-1.audit.log.0…`, `trading-1.0`.
 */
function records({ instances }: SourceCluster, { name, streams }: LogGroup, now: EpochMicros): ReadinessLine {
  const title = 'log records';
  const newest = instances.map(({ identifier, isWriter }) => {
    const times = streams
      .filter((stream) => stream.name === identifier || stream.name.startsWith(`${identifier ?? ''}.`))
      .flatMap(({ lastRecordAt }) => lastRecordAt ?? []);
    return { instance: identifier ?? '', isWriter, at: times.length === 0 ? undefined : Math.max(...times) };
  });
  if (!newest.some(({ isWriter }) => isWriter)) {
    return {
      verdict: 'fail',
      title,
      finding: `no instance writes now, so nobody can tell whether ${name} follows`,
      remedy: 'start the cluster or add an instance, run a statement on it, and look again',
    };
  }
  const silent = newest.filter(({ at }) => at === undefined || now - at > RECENT_MICROS);
  if (silent.length === 0) {
    const oldest = Math.min(...newest.map(({ at }) => at ?? now));
    const ago = formatDuration(Math.max(0, now - oldest) / 1000);
    return { verdict: 'pass', title, finding: `every instance has written within the last ${ago}` };
  }
  const shown = silent.map(
    ({ instance, at }) =>
      `${instance} (${at === undefined ? 'never' : `last at ${formatInstant(at as EpochMicros)}`})`,
  );
  const names = silent.map(({ instance }) => instance).join(', ');
  if (!silent.some(({ isWriter }) => isWriter)) {
    return {
      verdict: 'warn',
      title,
      finding: `the writer has written lately; no recent record in ${name} of ${shown.join(', ')}, which only reads`,
      remedy: `where somebody works on ${names}, run a statement there and see that it arrives`,
    };
  }
  return {
    verdict: 'fail',
    title,
    finding: `no recent record in ${name} of ${shown.join(', ')}`,
    remedy: `connect to ${names} and run a statement; if none arrives within minutes, the export or the auditing above is not in effect: reboot the instance`,
  };
}
