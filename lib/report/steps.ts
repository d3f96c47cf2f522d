import type { Arrival } from '../artefacts/arrival';
import type { Incident } from '../artefacts/incident';
import type { RepointPlan } from '../artefacts/repoint-plan';
import type { RestorePlan } from '../artefacts/restore-plan';
import type { Swap } from '../artefacts/swap';
import type { Timeline } from '../artefacts/timeline';
import type { Verification } from '../artefacts/verification';
import { epochMicros, formatInstant } from '../time';
import type { Mark } from './phrase';
import { microsOf, msBetween } from './words';

/** One step of the drill, or one span between two artefacts' stamps where nothing measured the steps. */
export interface Step {
  readonly name: string;
  /** The command, or in words what happened meanwhile. */
  readonly what: string;
  readonly phase: Phase;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Null for a step whose end nothing recorded. */
  readonly tookMs: number | null;
  readonly result: Extract<Mark, 'passed' | 'failed' | 'interrupted' | 'running' | 'recorded'>;
  /** Whether people's time is in it: a review, an approval, a command that nobody had typed yet. */
  readonly waitedForPeople: boolean;
}

export type Phase = Timeline['steps'][number]['phase'];

/** Which the drill itself runs while its timeline is still open: it is not a step that never ended. */
const REPORT_COMMAND = /\bnpm run (?:--silent )?report\b/;

export function stepsOfTimeline({ steps }: Timeline): readonly Step[] {
  return steps
    .filter(({ result, command }) => !(result === 'running' && REPORT_COMMAND.test(command)))
    .map(({ name, command, phase, startedAt, endedAt, result }) => ({
      name,
      what: command,
      phase,
      startedAt,
      endedAt,
      tookMs: endedAt === null ? null : msBetween(startedAt, endedAt),
      result,
      waitedForPeople: false,
    }));
}

/**
 * The spans that the artefacts' own stamps prove. The first step, resolve, leaves no stamp of its
 * begin; the last is the application's arrival, where arrival.json records it.
 */
export function stepsOfStamps(artefacts: {
  readonly incident: Incident | null;
  readonly restorePlan: RestorePlan | null;
  readonly verification: Verification | null;
  readonly repointPlan: RepointPlan | null;
  readonly swap: Swap | null;
  readonly arrival: Arrival | null;
}): readonly Step[] {
  const { incident, restorePlan, verification } = artefacts;
  const steps: Step[] = [];
  const add = (
    name: string,
    what: string,
    startedAt: string,
    endedAt: string,
    waitedForPeople = true,
  ): void => {
    const tookMs = msBetween(startedAt, endedAt);
    // clocks of two machines may disagree: a span that ends before it begins proves nothing
    if (tookMs < 0) return;
    steps.push({
      name,
      what,
      phase: 'recovery',
      startedAt,
      endedAt,
      tookMs,
      result: 'recorded',
      waitedForPeople,
    });
  };
  if (incident !== null && restorePlan !== null) {
    add('plan', 'incident.json to restore-plan.json', incident.madeAt, restorePlan.madeAt);
  }
  if (restorePlan !== null && verification !== null) {
    const what = 'review, approval and restore: restore-plan.json to the beginning of the checks';
    add('review, restore', what, restorePlan.madeAt, verification.startedAt);
  }
  if (verification !== null) {
    const verifiedAt = formatInstant(
      epochMicros(microsOf(verification.startedAt) + Math.round(verification.tookMs * 1000)),
    );
    add('verification', 'the checks of verification.json', verification.startedAt, verifiedAt, false);
    addMove(artefacts, verifiedAt, add);
  }
  return steps;
}

/** How the application came over, by its config or by the clusters' names. */
function addMove(
  {
    repointPlan,
    swap,
    arrival,
  }: { repointPlan: RepointPlan | null; swap: Swap | null; arrival: Arrival | null },
  verifiedAt: string,
  add: (name: string, what: string, startedAt: string, endedAt: string, waitedForPeople?: boolean) => void,
): void {
  const arrived = arrivalOf(arrival);
  if (repointPlan !== null) {
    add('repoint plan', 'end of the checks to repoint-plan.json', verifiedAt, repointPlan.madeAt);
    if (arrived === null) return;
    const what = 'review, approval and repoint: repoint-plan.json to the end of its apply';
    add('review, repoint', what, repointPlan.madeAt, arrived.since);
  } else if (swap?.direction === 'forward' && swap.startedAt !== null && swap.endedAt !== null) {
    add('before the swap', 'end of the checks to the first rename in swap.json', verifiedAt, swap.startedAt);
    add('swap', 'the renames in swap.json', swap.startedAt, swap.endedAt, false);
  }
  if (arrived !== null) {
    const what = 'until the application’s sessions were on the restored cluster: arrival.json';
    add('arrival', what, arrived.since, arrived.at, false);
  }
}

/** Whether stamped steps go on to the application's move: a way back overwrites its stamps. */
export function movesIn(steps: readonly Step[]): boolean {
  return steps.some(({ name }) => name === 'arrival' || name === 'swap');
}

/** When the application was seen on the restored cluster, and when what led it there was done; null where it was not. */
export function arrivalOf(arrival: Arrival | null): { readonly since: string; readonly at: string } | null {
  if (arrival?.direction !== 'forward' || arrival.verdict !== 'arrived' || arrival.arrivedAt === null)
    return null;
  return { since: arrival.since, at: arrival.arrivedAt };
}
