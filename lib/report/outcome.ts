import type { Arrival } from '../artefacts/arrival';
import type { Swap } from '../artefacts/swap';
import type { UsableArtefacts } from './drill-files';
import { appliedChecks } from './restored-data';
import { arrivalOf, type Step } from './steps';
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
  const { verification, repointPlan, swap, arrival, timeline } = artefacts;
  // what fails after the recovery costs money or tidiness, not the recovery
  const counting = steps.filter(({ phase }) => phase !== 'tear-down');
  if (verification?.verdict === 'fail') {
    const checks = appliedChecks(verification);
    const failed = checks.filter((check) => check.verdict === 'fail').length;
    return {
      kind: 'failed',
      headline: `the restored data did not pass: ${failed} of ${counted(checks.length, 'check')} failed`,
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
  if (swap !== null && repointPlan === null) return outcomeOfSwap(swap, arrival);
  if (timeline === null && repointPlan?.direction === 'forward' && arrivalOf(arrival) !== null) {
    return { kind: 'passed', headline: 'the application runs on the restored cluster' };
  }
  if (timeline === null || repointPlan === null) {
    return {
      kind: 'verified',
      headline:
        repointPlan === null
          ? 'the restored data passed its checks; the application has not been brought over'
          : `the restored data passed its checks; ${repointWords(repointPlan.direction, arrival)}`,
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

/** What is known of a repoint that no measured step tells of. */
function repointWords(direction: 'forward' | 'back', arrival: Arrival | null): string {
  if (arrival === null)
    return `the ${direction === 'forward' ? 'repoint' : 'way back'} is planned, and nothing here records its apply`;
  if (arrival.verdict === 'not-arrived')
    return `the application has not been seen on the ${arrival.direction === 'forward' ? 'restored' : 'old'} cluster`;
  return 'the application went back to the old cluster';
}

/** Its journal records each step. */
function outcomeOfSwap({ direction, endedAt }: Swap, arrival: Arrival | null): ReportOutcome {
  if (endedAt === null) {
    return {
      kind: 'verified',
      headline: `the restored data passed its checks; the names are being ${direction === 'forward' ? 'exchanged' : 'taken back'}`,
    };
  }
  if (direction === 'forward' && arrival?.verdict === 'not-arrived') {
    return {
      kind: 'verified',
      headline:
        'the restored data passed its checks; the names are exchanged, and the application has not been seen there',
    };
  }
  return {
    kind: 'passed',
    headline:
      direction === 'forward'
        ? 'the restored cluster has the name that the application knows'
        : 'the restored cluster had the name that the application knows; the names were taken back since',
  };
}

function unfinishedHeadline({ incident, restorePlan }: UsableArtefacts): string {
  if (incident === null) return 'the incident is not resolved yet';
  if (restorePlan === null) return 'the incident is resolved; no restore is planned yet';
  return 'a restore is planned; no restored data has been verified yet';
}
