import type { LogSource, Window } from '../audit/log-source';
import { epochMicros, type EpochMicros } from '../time';
import type { CandidateFilter } from './candidates';
import type { Pick as Picked } from './choose-incident';
import type { LostWrite } from './render-export';
import type { SqlFlavour } from './sql-tokens';

export interface ResolveOptions {
  readonly cluster: string;
  readonly window: Window;
  readonly filter: CandidateFilter;
  readonly pick: Picked | null;
  readonly marginMicros: number;
  readonly queryLogLimit: number | null;
  readonly showLiterals: boolean;
  /** How far before the window to look for the begin of the incident's connection. */
  readonly lookBackMicros: number;
  /** Whether to wait for records that may still be arriving. */
  readonly wait: boolean;
}

/** How far back the begin of a connection is looked for; null where the logs' own begin decides. */
export function furthestBack({
  window,
  lookBackMicros,
}: Pick<ResolveOptions, 'window' | 'lookBackMicros'>): EpochMicros | null {
  return window.since === null ? null : epochMicros(window.since - lookBackMicros);
}

/** What a resolution needs from the world besides the logs. */
export interface ResolveTools {
  readonly tell: (progress: string) => void;
  /** Waits before the logs are asked again. */
  readonly pause: () => Promise<void>;
  /** Called with each lost write; its text is as logged. */
  readonly exportWrite?: ((lost: LostWrite) => void) | undefined;
}

/** Whose SQL the logs hold. */
export function flavourOf({ dialect }: Pick<LogSource, 'dialect'>): SqlFlavour {
  return dialect === 'pgaudit' ? 'postgresql' : 'mysql';
}

/** Transactions that began before the restore point and committed after it are followed from so long before. */
export const LEAD_MICROS = 5 * 60 * 1_000_000;

const HOUR_MICROS = 3_600_000_000;
/** Each further look reaches so many times as far as the one before. */
export const FURTHER = 4;

/** Windows before an instant, one after the other, each wider than the one before it; none where the logs' own begin decides. */
export function* furtherBack(
  begin: EpochMicros | null,
  furthest: EpochMicros | null,
): Generator<{ readonly since: EpochMicros; readonly until: EpochMicros }> {
  if (begin === null || furthest === null) return;
  let until: number = begin;
  for (let step = HOUR_MICROS; until > furthest; step *= FURTHER) {
    const since = Math.max(until - step, furthest);
    yield { since: epochMicros(since), until: epochMicros(until - 1) };
    until = since;
  }
}
