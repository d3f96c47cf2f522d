import type { Dialect } from '../artefacts/incident';
import type { Outcome } from '../errors';
import { insightsSource, type InsightsOptions } from './cloudwatch-insights';
import { openLogFiles } from './log-files';
import type { LogSource, SourceRefusal } from './log-source';

export interface SourceOptions extends Pick<InsightsOptions, 'approve' | 'scanned' | 'signal' | 'now'> {
  readonly source: 'cloudwatch' | 'file';
  readonly cluster: string;
  readonly logFile: readonly string[];
  readonly logGroup?: string | undefined;
  readonly dialect?: Dialect | undefined;
  readonly serverTimezone: string;
}

/** The log source that a person named; for a cluster in CloudWatch the first of its log groups that exists. */
export async function openLogSource(options: SourceOptions): Promise<Outcome<LogSource, SourceRefusal>> {
  const { serverTimezone, dialect, cluster } = options;
  if (options.source === 'file') {
    return openLogFiles({
      paths: options.logFile,
      dialect: dialect ?? null,
      serverTimezone,
      stdin: process.stdin,
      signal: options.signal,
    });
  }
  // the SDK takes a third of a second and 50 MB to load, which files do not need
  const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
  const client = new CloudWatchLogsClient();
  const insights = (logGroup: string, name: Dialect): LogSource =>
    insightsSource(client, { ...options, logGroup, dialect: name });
  const audit = options.logGroup ?? `/aws/rds/cluster/${cluster}/audit`;
  if (dialect === 'pgaudit' || (dialect === undefined && audit.endsWith('/postgresql'))) {
    return {
      ok: true,
      value: insights(options.logGroup ?? `/aws/rds/cluster/${cluster}/postgresql`, 'pgaudit'),
    };
  }
  if (dialect !== undefined || options.logGroup !== undefined) {
    return { ok: true, value: insights(audit, dialect ?? 'aurora-mysql') };
  }
  const mysql = insights(audit, 'aurora-mysql');
  const delivery = await mysql.fetchDelivery();
  if (delivery.ok || delivery.refusal.reason !== 'no-log-group') return { ok: true, value: mysql };
  const postgresql = insights(`/aws/rds/cluster/${cluster}/postgresql`, 'pgaudit');
  const other = await postgresql.fetchDelivery();
  return other.ok ? { ok: true, value: postgresql } : delivery;
}
