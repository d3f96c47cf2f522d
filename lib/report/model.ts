import type { Incident } from '../artefacts/incident';
import { accept, type Outcome } from '../errors';
import { chainOf, type Chain } from './chain';
import { measureLoss, type DataLoss } from './data-loss';
import { sortDrillFiles, type DrillFiles, type DrillFilesRefusal, type UsableArtefacts } from './drill-files';
import { momentsOf, type Moment } from './moments';
import { decideOutcome, type ReportOutcome } from './outcome';
import { measureRecovery, type RecoveryTime } from './recovery-time';
import type { DrillSummary } from './drill-summary';
import { restoredDataOf } from './restored-data';
import { movesIn, stepsOfStamps, stepsOfTimeline, type Step } from './steps';
import { judgeTargets, type JudgedTarget, type Targets } from './targets';
import { msBetween } from './words';

/** Everything that a report says, as data: the artefacts that count, and what follows from them. */
export interface ReportModel extends UsableArtefacts {
  readonly schemaVersion: 1;
  readonly drill: string;
  readonly madeAt: string;
  readonly outcome: ReportOutcome;
  /** When the snapshot was made that was restored; null where the restored data is as of the restore point. */
  readonly snapshotAt: string | null;
  readonly moments: readonly Moment[];
  readonly steps: readonly Step[];
  readonly recoveryTime: RecoveryTime | null;
  readonly dataLoss: DataLoss | null;
  readonly chain: Chain;
  readonly targets: readonly JudgedTarget[];
  /** Earlier drills of the same cluster, newest first. */
  readonly earlier: readonly DrillSummary[];
}

/** `madeAt`: ISO 8601 UTC. Refuses a drill without artefacts, and artefacts that were tampered with. */
export function buildReportModel(input: {
  readonly drill: string;
  readonly madeAt: string;
  readonly files: DrillFiles;
  readonly targets?: Targets;
  readonly others?: readonly DrillSummary[];
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
    outcome.kind === 'passed' && (timeline !== null || movesIn(steps)),
    incident?.effect.latestAt ?? null,
  );
  const broughtOverAt = outcome.kind === 'passed' ? (recoveryTime?.endedAt ?? null) : null;
  const restored = artefacts.restorePlan?.clusters[0];
  const dataLoss = incident === null ? null : measureLoss(incident, broughtOverAt, restored?.dataAt);
  const snapshotAt = restored?.method.kind === 'snapshot' ? restored.dataAt : null;
  return accept({
    schemaVersion: 1,
    drill: input.drill,
    madeAt: input.madeAt,
    outcome,
    ...artefacts,
    snapshotAt,
    moments: incident === null ? [] : momentsOf(incident, restoredDataOf({ ...artefacts, snapshotAt })),
    steps,
    recoveryTime,
    dataLoss,
    chain: chainOf(artefacts.files),
    targets: judgeTargets({ recoveryTime, dataLoss }, input.targets ?? {}),
    earlier: incident === null ? [] : earlierOnes(incident, input.others ?? []),
  });
}

function earlierOnes(
  { cluster, effect }: Pick<Incident, 'cluster' | 'effect'>,
  others: readonly DrillSummary[],
): readonly DrillSummary[] {
  return others.filter((other) => other.cluster === cluster && msBetween(other.at, effect.latestAt) > 0);
}
