import type { Incident, RepointPlan, RestorePlan, Timeline, Verification } from '../artefacts';
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
    }));
}

/** The spans that the artefacts' own stamps prove: people's time included, the first and the last step not. */
export function stepsOfStamps(artefacts: {
  readonly incident: Incident | null;
  readonly restorePlan: RestorePlan | null;
  readonly verification: Verification | null;
  readonly repointPlan: RepointPlan | null;
}): readonly Step[] {
  const { incident, restorePlan, verification, repointPlan } = artefacts;
  const steps: Step[] = [];
  const add = (name: string, what: string, startedAt: string, endedAt: string): void => {
    const tookMs = msBetween(startedAt, endedAt);
    // clocks of two machines may disagree: a span that ends before it begins proves nothing
    if (tookMs < 0) return;
    steps.push({ name, what, phase: 'recovery', startedAt, endedAt, tookMs, result: 'recorded' });
  };
  if (incident !== null && restorePlan !== null) {
    add(
      'to the restore plan',
      'from incident.json to restore-plan.json',
      incident.madeAt,
      restorePlan.madeAt,
    );
  }
  if (restorePlan !== null && verification !== null) {
    const what = 'review and restore: from restore-plan.json to the beginning of the verification';
    add('to the restored data', what, restorePlan.madeAt, verification.startedAt);
  }
  if (verification !== null) {
    const endedAt = formatInstant(
      epochMicros(microsOf(verification.startedAt) + Math.round(verification.tookMs * 1000)),
    );
    add('verification', 'the checks of verification.json', verification.startedAt, endedAt);
    if (repointPlan !== null) {
      const what = 'from the end of the verification to repoint-plan.json';
      add('to the repoint plan', what, endedAt, repointPlan.madeAt);
    }
  }
  return steps;
}
