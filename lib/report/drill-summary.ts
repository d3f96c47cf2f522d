import type { OutcomeKind } from './outcome';
import { missedOf } from './outcome-words';
import type { JudgedTarget } from './targets';

/** One drill in one line: for the list of all drills, and for the trend in a report. */
export interface DrillSummary {
  readonly drill: string;
  readonly cluster: string | null;
  /** When the damage took effect, else when the first artefact was made. ISO 8601 UTC. */
  readonly at: string;
  readonly outcome: OutcomeKind;
  readonly headline: string;
  /** Of a recovery that reached its end; otherwise null. */
  readonly rtoMs: number | null;
  readonly rpoMs: number | null;
  /** Writing statements of others that the restore gave up, as far as the logs were read. */
  readonly lostStatements: number | null;
  readonly targets: readonly JudgedTarget[];
}

/** Whether a drill is one to worry about: it failed, or missed a target. */
export function isRed({ outcome, targets }: DrillSummary): boolean {
  return outcome === 'failed' || missedOf(targets).length > 0;
}
