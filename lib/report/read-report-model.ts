import { readArtefact } from '../artefact-files';
import type { Outcome } from '../errors';
import type { DrillFilesRefusal } from './drill-files';
import type { DrillSummary } from './drill-summary';
import { buildReportModel, type ReportModel } from './model';
import type { Targets } from './targets';

/**
 * Reads a drill's folder and builds its report. `madeAt`: ISO 8601 UTC. With targets it is judged by
 * them, with other drills compared to those before it.
 */
export function readReportModel(
  drill: string,
  madeAt: string,
  against: { readonly targets?: Targets; readonly others?: readonly DrillSummary[] } = {},
): Outcome<ReportModel, DrillFilesRefusal> {
  return buildReportModel({
    drill,
    madeAt,
    ...against,
    files: {
      incident: readArtefact(drill, 'incident'),
      restorePlan: readArtefact(drill, 'restorePlan'),
      verification: readArtefact(drill, 'verification'),
      repointPlan: readArtefact(drill, 'repointPlan'),
      swap: readArtefact(drill, 'swap'),
      fence: readArtefact(drill, 'fence'),
      arrival: readArtefact(drill, 'arrival'),
      timeline: readArtefact(drill, 'timeline'),
    },
  });
}
