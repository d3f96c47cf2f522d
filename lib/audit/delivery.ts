import { epochMicros, type EpochMicros } from '../time';
import { isNumberedByPgaudit, type AuditRecord } from './audit-record';
import type { Delivery } from './log-source';

/** Lags vary: twice the greatest one seen, and never less than this, is allowed for what is still on its way. */
const LAG_FACTOR = 2;
const LEAST_LAG_MICROS = 2_000_000;
/** After so long without anything new the database is taken to be idle, not the delivery to be slow. */
const IDLE_MICROS = 120_000_000;

/** How far logs have arrived, judged by their newest records: AWS promises nothing about their delivery. */
export function deliveryOf(newest: readonly AuditRecord[], now: EpochMicros): Delivery {
  const times = newest.map(({ executedAt }) => executedAt);
  const lags = newest.map(({ executedAt, recordedAt }) => (recordedAt ?? executedAt) - executedAt);
  const newestAt = times.length === 0 ? null : epochMicros(Math.max(...times));
  const lag = lags.length === 0 ? 0 : Math.max(0, ...lags);
  const allowed = Math.max(LEAST_LAG_MICROS, lag * LAG_FACTOR);
  const arrivedAt = Math.max(0, ...newest.map(({ executedAt, recordedAt }) => recordedAt ?? executedAt));
  const idleSince = now - Math.max(IDLE_MICROS, allowed);
  return {
    newestAt,
    completeUntil: epochMicros(Math.round(Math.max(arrivedAt - allowed, idleSince))),
    lagMs: lags.length === 0 ? null : lag / 1000,
    growing: true,
    serverHosts: [...new Set(newest.map(({ serverHost }) => serverHost))].sort(),
  };
}

/** Comments are passed over one by one, so that no text makes the match go back. */
const CONTROL =
  /^(?:[\s(]|\/\*M?!\d*|\/\*(?!M?!)(?:[^*]|\*(?!\/))*\*\/)*(?:BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK|SET(?!\s+PASSWORD\b)|SAVEPOINT|XA)\b/i;

const SETS = /\bSET\b$/i;

/**
 * Whether a record shows that statements which change no data are audited as well; SET PASSWORD is
 * audited with GRANT, and pgaudit has a class for SET alone.
 */
export function showsTransactionControl({
  event,
  object,
  queryId,
}: Pick<AuditRecord, 'event' | 'object' | 'queryId'>): boolean {
  if (event !== 'statement') return false;
  const [begin] = CONTROL.exec(object) ?? [];
  return begin !== undefined && !(isNumberedByPgaudit(queryId) && SETS.test(begin));
}
