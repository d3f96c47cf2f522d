import { listDrills } from '../artefact-files';
import type { DrillSummary } from './drill-summary';
import type { DrillFilesRefusal } from './drill-files';
import { readReportModel } from './read-report-model';
import { summarizeDrill } from './summarize-drill';
import type { Targets } from './targets';

export interface DrillSummaries {
  /** Newest first. */
  readonly summaries: readonly DrillSummary[];
  /** Drills whose artefacts were tampered with, or are of another version; an empty folder is none. */
  readonly unreadable: readonly { readonly drill: string; readonly refusal: DrillFilesRefusal }[];
}

/** Reads the folder of every drill. `now`: ISO 8601 UTC. */
export function readDrillSummaries(targets: Targets, now: string): DrillSummaries {
  const summaries: DrillSummary[] = [];
  const unreadable: { drill: string; refusal: DrillFilesRefusal }[] = [];
  for (const drill of listDrills()) {
    const model = readReportModel(drill, now, { targets });
    if (model.ok) summaries.push(summarizeDrill(model.value));
    else if (model.refusal.reason !== 'nothing-to-report') unreadable.push({ drill, refusal: model.refusal });
  }
  return { summaries: summaries.sort((a, b) => (a.at < b.at ? 1 : -1)), unreadable };
}
