import type { LogSource, Window } from '../audit/log-source';
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
