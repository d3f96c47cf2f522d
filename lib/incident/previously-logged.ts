import { connectionKey, isPreviouslyLogged, type AuditRecord } from '../audit/audit-record';
import type { EpochMicros } from '../time';
import { statementOf } from './postgresql-failures';

/**
 * Leaves out records that repeat a statement whose text stands before them, not before `since`: that
 * record tells all. Only records of the same statement may lie between, since another session with
 * the same process id numbers its statements anew. Takes records in the order in which they happened.
 */
export function withoutRepeats(
  ordered: readonly AuditRecord[],
  since: EpochMicros | null,
): readonly AuditRecord[] {
  if (!ordered.some(isPreviouslyLogged)) return ordered;
  const texts = new Map<string, { readonly statement: string; readonly ids: Set<string | null> }>();
  return ordered.filter((record) => {
    const key = connectionKey(record);
    if (record.event === 'connect' || record.event === 'disconnect' || record.ends !== undefined)
      texts.delete(key);
    if (record.event !== 'statement') return true;
    const statement = statementOf(record.queryId);
    const known = texts.get(key);
    if (isPreviouslyLogged(record)) return !(known?.statement === statement && known.ids.has(record.queryId));
    const ids = known?.statement === statement ? known.ids : new Set<string | null>();
    if (since === null || record.executedAt >= since) ids.add(record.queryId);
    texts.set(key, { statement, ids });
    return true;
  });
}
