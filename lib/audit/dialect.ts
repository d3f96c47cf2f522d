import type { Dialect } from '../artefacts/incident';
import { accept, refuse, type Outcome, unreachable } from '../errors';
import { auroraMysql } from './aurora-mysql';
import type { AuditDialect } from './audit-record';
import type { SourceRefusal } from './log-source';
import { pgaudit } from './pgaudit';
import { serverAudit } from './server-audit';

/** The reader of a dialect; `serverTimezone` is the zone of logs that hold the server's local time. */
export function auditDialect(name: Dialect, serverTimezone: string): AuditDialect {
  switch (name) {
    case 'aurora-mysql':
      return auroraMysql;
    case 'server-audit':
      return serverAudit(serverTimezone);
    case 'pgaudit':
      return pgaudit;
    default:
      return unreachable(name);
  }
}

/** Tells the dialect by the first lines that only one of them can have written. */
export function detectDialect(lines: readonly string[]): Outcome<Dialect, SourceRefusal> {
  for (const line of lines) {
    if (/^\d{16},[^,]*,/.test(line)) return accept('aurora-mysql');
    if (/^\d{8} \d\d:\d\d:\d\d,[^,]*,/.test(line)) return accept('server-audit');
    if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*\bAUDIT: (SESSION|OBJECT),/.test(line)) return accept('pgaudit');
  }
  return refuse({
    reason: lines.length === 0 ? 'no-records' : 'unknown-dialect',
    message: lines.length === 0 ? 'the logs are empty' : `none of ${lines.length} lines is an audit record`,
    hint: 'say which log it is by --dialect aurora-mysql, server-audit or pgaudit',
  });
}
