import { epochMicros, type EpochMicros } from '../time';

/** How long a transaction may have been open at most, whatever --commit-delay says, where the point is not to find the restore point but to count. */
const SLOW_TRANSACTION_MS = 5000;

/** Transactions that stamped a row before this were over at the restore point. */
export function settledBefore({
  restoreTo,
  settings,
}: {
  readonly restoreTo: EpochMicros;
  readonly settings: { readonly commitDelayMs: number };
}): EpochMicros {
  return epochMicros(restoreTo - Math.max(SLOW_TRANSACTION_MS, settings.commitDelayMs) * 1000);
}
