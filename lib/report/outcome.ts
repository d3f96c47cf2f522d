import type { UsableArtefacts } from './drill-files';
import type { Step } from './steps';
import { counted } from './words';

/** How the drill ended, by what its artefacts prove and nothing more. */
export interface ReportOutcome {
  readonly kind: OutcomeKind;
  /** One line for a person who reads nothing else. */
  readonly headline: string;
}

export type OutcomeKind =
  /** every recovery step passed, the last of which brought the application over */
  | 'passed'
  /** the restored data passed its checks; nothing records that the application was brought over */
  | 'verified'
  | 'failed'
  | 'interrupted'
  /** nothing went wrong, and something is still to be done */
  | 'unfinished';

export function decideOutcome(artefacts: UsableArtefacts, steps: readonly Step[]): ReportOutcome {
  const { verification, repointPlan, timeline } = artefacts;
  // what fails after the recovery costs money or tidiness, not the recovery
  const counting = steps.filter(({ phase }) => phase !== 'tear-down');
  if (verification?.verdict === 'fail') {
    const failed = verification.checks.filter((check) => check.verdict === 'fail').length;
    return {
      kind: 'failed',
      headline: `the restored data did not pass: ${failed} of ${counted(verification.checks.length, 'check')} failed`,
    };
  }
  const failed = counting.find(({ result }) => result === 'failed');
  if (failed !== undefined) return { kind: 'failed', headline: `step ‘${failed.name}’ failed` };
  const interrupted = counting.find(({ result }) => result === 'interrupted');
  if (interrupted !== undefined) {
    return { kind: 'interrupted', headline: `stopped by a person or a signal in step ‘${interrupted.name}’` };
  }
  const running = counting.find(({ result }) => result === 'running');
  if (running !== undefined) {
    return {
      kind: 'interrupted',
      headline: `step ‘${running.name}’ never ended: it was killed, or was still running when this was written`,
    };
  }
  if (verification === null) return { kind: 'unfinished', headline: unfinishedHeadline(artefacts) };
  if (timeline === null || repointPlan === null) {
    return {
      kind: 'verified',
      headline:
        repointPlan === null
          ? 'the restored data passed its checks; the application has not been brought over'
          : 'the restored data passed its checks; the repoint is planned, and nothing here records its apply',
    };
  }
  return {
    kind: 'passed',
    headline:
      repointPlan.direction === 'forward'
        ? 'the application runs on the restored cluster'
        : 'the application ran on the restored cluster; after that its way back was planned',
  };
}

function unfinishedHeadline({ incident, restorePlan }: UsableArtefacts): string {
  if (incident === null) return 'the incident is not resolved yet';
  if (restorePlan === null) return 'the incident is resolved; no restore is planned yet';
  return 'a restore is planned; no restored data has been verified yet';
}
