import type { AuditLine } from '../../engines/database-cluster';
import { AuditDelivery, type DeliveredLog } from './audit-delivery';
import { QueryRuns } from './queries/query-runs';
import { defaultLogsSettings, type LogsSettings } from './settings';
import { LogStore } from './store/log-store';

/** Everything that the sandbox's CloudWatch Logs knows; one per sandbox. */
export class LogsState {
  readonly settings: LogsSettings;
  readonly store: LogStore;
  readonly queries: QueryRuns;
  private readonly delivery: AuditDelivery;

  constructor(settings: Partial<LogsSettings> = {}) {
    this.settings = { ...defaultLogsSettings, ...settings };
    this.store = new LogStore(this.settings.now);
    this.queries = new QueryRuns(this.settings.concurrentQueries);
    this.delivery = new AuditDelivery(this.store, this.settings);
  }

  /** Takes one record of an instance's log on its way to `/aws/rds/cluster/<cluster>/<log>`. */
  deliverAuditLine(cluster: string, instance: string, line: AuditLine, log: DeliveredLog = 'audit'): void {
    this.delivery.deliver({ cluster, instance, log }, line);
  }

  /** Ends every running query. */
  close(): void {
    this.queries.close();
  }
}
