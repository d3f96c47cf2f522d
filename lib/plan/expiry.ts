import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { epochMicros, formatInstant, type EpochMicros } from '../time';

export type ExpiryRefusal = Refusal<'plan-expired'>;

const SECOND_MICROS = 1_000_000;
const DAY_MICROS = 86_400 * SECOND_MICROS;

/**
 * A plan holds for `validForMs`, but never longer than its restore point stays inside the source's
 * backup retention. A whole second, for people to read.
 */
export function planExpiry(
  madeAt: EpochMicros,
  validForMs: number,
  restoreTo: EpochMicros,
  backupRetentionDays: number,
): EpochMicros {
  const expiresAt = Math.min(madeAt + validForMs * 1000, restoreTo + backupRetentionDays * DAY_MICROS);
  return epochMicros(Math.floor(expiresAt / SECOND_MICROS) * SECOND_MICROS);
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
