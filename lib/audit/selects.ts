import { unreachable } from '../errors';
import type { AuditRecord } from './audit-record';
import { showsTransactionControl } from './delivery';
import type { Selection, Window } from './log-source';

/** Whether a record belongs to a selection; the time inside the record decides, never the record time. */
export function selects(selection: Selection, record: AuditRecord): boolean {
  if (!isWithin(selection.window, record)) return false;
  switch (selection.kind) {
    case 'destructive':
    case 'matching':
      return record.event === 'statement';
    case 'connections':
      return selection.connections.some(
        ({ serverHost, connectionId }) =>
          record.serverHost === serverHost && record.connectionId === connectionId,
      );
    case 'two-phase-ends':
      return endsTwoPhase(record);
    case 'control':
      return showsTransactionControl(record);
    case 'writes':
      return record.event !== 'table';
    default:
      return unreachable(selection);
  }
}

function isWithin({ since, until }: Window, { executedAt }: AuditRecord): boolean {
  return (since === null || executedAt >= since) && (until === null || executedAt <= until);
}

/** Any connection may end a prepared transaction of another one. */
function endsTwoPhase({ event, object }: AuditRecord): boolean {
  return (
    event === 'statement' && /\b(?:xa\s+(?:commit|rollback)|(?:commit|rollback)\s+prepared)\b/i.test(object)
  );
}
