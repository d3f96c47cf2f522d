/** The log of an engine that holds its audit records, as exported to CloudWatch Logs. */
export type AuditLog = 'audit' | 'postgresql';

export function auditLogOf(engine: string): AuditLog {
  return engine === 'aurora-postgresql' ? 'postgresql' : 'audit';
}
