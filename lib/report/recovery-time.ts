import type { Phase, Step } from './steps';
import { laterOf, microsOf, msBetween } from './words';

/** The recovery time objective as realised. */
export interface RecoveryTime {
  /** `timeline`: the drill measured each step. `stamps`: only the artefacts' own times are known. */
  readonly basis: 'timeline' | 'stamps';
  /** Whether the recovery went to its end; otherwise `tookMs` is how long it went on until it stopped. */
  readonly complete: boolean;
  /** Time covered by steps of phase `recovery`: side by side counts once, pauses between steps do not count. */
  readonly tookMs: number;
  readonly beganAt: string;
  readonly endedAt: string;
  /** Of that, what people's time is in; null where the drill measured its steps and waited for nobody. */
  readonly withPeopleMs: number | null;
  /** From the damage (its latest effect) to the end of the recovery, waiting included; null without an incident. */
  readonly sinceDamageMs: number | null;
  readonly phases: readonly { readonly phase: Phase; readonly tookMs: number }[];
}

const PHASES: readonly Phase[] = ['set-up', 'recovery', 'tear-down'];

/** Null where no step of the recovery has ended. */
export function measureRecovery(
  steps: readonly Step[],
  basis: RecoveryTime['basis'],
  complete: boolean,
  damagedAt: string | null,
): RecoveryTime | null {
  const recovery = steps.filter(({ phase, endedAt }) => phase === 'recovery' && endedAt !== null);
  const [first] = recovery;
  if (first === undefined) return null;
  const endedAt = recovery.reduce((latest, step) => laterOf(latest, step.endedAt ?? latest), first.startedAt);
  return {
    basis,
    complete,
    tookMs: coveredMs(recovery),
    withPeopleMs:
      basis === 'timeline' ? null : coveredMs(recovery.filter(({ waitedForPeople }) => waitedForPeople)),
    beganAt: first.startedAt,
    endedAt,
    sinceDamageMs: damagedAt === null ? null : msBetween(damagedAt, endedAt),
    phases: PHASES.map((phase) => ({
      phase,
      tookMs: coveredMs(steps.filter((step) => step.phase === phase)),
    })).filter(({ tookMs }) => tookMs > 0),
  };
}

/** Length of the union of the steps' spans, in milliseconds. */
function coveredMs(steps: readonly Step[]): number {
  const spans = steps
    .flatMap(({ startedAt, endedAt }) =>
      endedAt === null ? [] : [[microsOf(startedAt), microsOf(endedAt)] as const],
    )
    .sort(([a], [b]) => a - b);
  let covered = 0;
  let until = -Infinity;
  for (const [from, to] of spans) {
    covered += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return covered / 1000;
}
