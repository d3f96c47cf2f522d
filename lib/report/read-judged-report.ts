import type { Outcome } from '../errors';
import { readSettings } from '../settings-file';
import type { SettingsRefusal } from '../settings';
import type { DrillFilesRefusal } from './drill-files';
import type { ReportModel } from './model';
import { readDrillSummaries } from './read-drill-summaries';
import { readReportModel } from './read-report-model';

/**
 * A drill's report against the targets in the project's settings and among its other drills, for
 * whoever shows it: report and comment must not differ in what was met. `madeAt`: ISO 8601 UTC.
 */
export function readJudgedReport(
  drill: string,
  madeAt: string,
): Outcome<ReportModel, DrillFilesRefusal | SettingsRefusal> {
  const settings = readSettings();
  if (!settings.ok) return settings;
  const { targets } = settings.value;
  const others = readDrillSummaries(targets, madeAt).summaries.filter((other) => other.drill !== drill);
  return readReportModel(drill, madeAt, { targets, others });
}
