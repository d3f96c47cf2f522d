import type { AuditLine } from '../../engines/database-cluster';
import { defaultLogsSettings, type LogsSettings } from './settings';

/** Everything that the sandbox's CloudWatch Logs knows; one per sandbox. */
export class LogsState {
  readonly settings: LogsSettings;

  constructor(settings: Partial<LogsSettings> = {}) {
    this.settings = { ...defaultLogsSettings, ...settings };
  }

  /** Takes one line of an instance's audit log on its way to `/aws/rds/cluster/<cluster>/audit`. */
  deliverAuditLine(_cluster: string, _instance: string, _line: AuditLine): void {
    // delivery follows
  }

  /** Ends every running query. */
  close(): void {
    // queries follow
  }
}
