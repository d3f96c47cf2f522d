import { accept, type Outcome } from '../errors';
import { chainOf, type Chain } from './chain';
import { measureLoss, type DataLoss } from './data-loss';
import { sortDrillFiles, type DrillFiles, type DrillFilesRefusal, type UsableArtefacts } from './drill-files';
import { momentsOf, type Moment } from './moments';
import { decideOutcome, type ReportOutcome } from './outcome';
import { measureRecovery, type RecoveryTime } from './recovery-time';
import { stepsOfStamps, stepsOfTimeline, type Step } from './steps';

/** Everything that a report says, as data: the artefacts that count, and what follows from them. */
export interface ReportModel extends UsableArtefacts {
  readonly schemaVersion: 1;
  readonly drill: string;
  readonly madeAt: string;
  readonly outcome: ReportOutcome;
  readonly moments: readonly Moment[];
  readonly steps: readonly Step[];
  readonly recoveryTime: RecoveryTime | null;
  readonly dataLoss: DataLoss | null;
  readonly chain: Chain;
}

/** `madeAt`: ISO 8601 UTC. Refuses a drill without artefacts, and artefacts that were tampered with. */
export function buildReportModel(input: {
  readonly drill: string;
  readonly madeAt: string;
  readonly files: DrillFiles;
}): Outcome<ReportModel, DrillFilesRefusal> {
  const sorted = sortDrillFiles(input.drill, input.files);
  if (!sorted.ok) return sorted;
  const artefacts = sorted.value;
  const { incident, timeline } = artefacts;
  const steps = timeline === null ? stepsOfStamps(artefacts) : stepsOfTimeline(timeline);
  const outcome = decideOutcome(artefacts, steps);
  const recoveryTime = measureRecovery(
    steps,
    timeline === null ? 'stamps' : 'timeline',
    outcome.kind === 'passed',
    incident?.effect.latestAt ?? null,
  );
  const broughtOverAt = outcome.kind === 'passed' ? (recoveryTime?.endedAt ?? null) : null;
  return accept({
    schemaVersion: 1,
    drill: input.drill,
    madeAt: input.madeAt,
    outcome,
    ...artefacts,
    moments: incident === null ? [] : momentsOf(incident),
    steps,
    recoveryTime,
    dataLoss: incident === null ? null : measureLoss(incident, broughtOverAt),
    chain: chainOf(artefacts.files),
  });
}
