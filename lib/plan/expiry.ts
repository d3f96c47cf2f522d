import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { epochMicros, formatInstant, type EpochMicros } from '../time';

export type ExpiryRefusal = Refusal<'plan-expired'>;

const SECOND_MICROS = 1_000_000;
const DAY_MICROS = 86_400 * SECOND_MICROS;

/**
 * A plan holds for `validForMs`, but never longer than its restore point stays inside the source's
 * backup retention (undefined for a snapshot, which has none). RDS's window, which moves on with the
 * time, can reach a little further back: out of the retention it counts. A whole second, for people to read.
 */
export function planExpiry(
  madeAt: EpochMicros,
  validForMs: number,
  restoreTo: EpochMicros,
  backupRetentionDays: number | undefined,
  earliestRestorableAt: EpochMicros | null = null,
): EpochMicros {
  const byRetention =
    backupRetentionDays === undefined ? Infinity : restoreTo + backupRetentionDays * DAY_MICROS;
  const leavesAt =
    byRetention > madeAt ? byRetention : madeAt + restoreTo - (earliestRestorableAt ?? restoreTo);
  const expiresAt = Math.min(madeAt + validForMs * 1000, leavesAt);
  return epochMicros(Math.floor(expiresAt / SECOND_MICROS) * SECOND_MICROS);
}

/** A plan that nobody could apply in time is none. */
export function checkHolds(
  expiresAt: EpochMicros,
  restoreTo: EpochMicros,
  now: EpochMicros,
): Outcome<undefined, Refusal<'restore-point-leaves-window'>> {
  if (now < expiresAt) return accept(undefined);
  return refuse({
    reason: 'restore-point-leaves-window',
    message: `restore point ${formatInstant(restoreTo)} leaves the restorable window at ${formatInstant(expiresAt)}, and it is ${formatInstant(now)} now: no plan could be applied in time`,
    hint: 'restore the newest snapshot that is older than the restore point instead, with --method snapshot',
  });
}

/** From `expiresAt` on the facts that a reviewer saw are too old to restore by. */
export function checkNotExpired(
  drill: string,
  expiresAt: EpochMicros,
  now: EpochMicros,
): Outcome<undefined, ExpiryRefusal> {
  if (now < expiresAt) return accept(undefined);
  return refuse({
    reason: 'plan-expired',
    message: `the restore plan of drill '${drill}' expired at ${formatInstant(expiresAt)}`,
    hint: `make it again with 'npm run plan -- --drill ${drill}', and have it reviewed again`,
  });
}
