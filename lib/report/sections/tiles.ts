import { formatDuration } from '../../time';
import type { Tile } from '../document';
import type { ReportModel } from '../model';
import { say } from '../phrase';
import { counted, showDay, showTime } from '../words';

/** The four figures that a reader takes away. */
export function tilesOf(model: ReportModel): readonly Tile[] {
  return [recoveryTile(model), lossTile(model), restorePointTile(model), verificationTile(model)];
}

function recoveryTile({ recoveryTime }: ReportModel): Tile {
  const label = 'Time to recover (RTO)';
  if (recoveryTime === null)
    return { label, value: 'not known', note: say`no step of the recovery is recorded` };
  const { basis, complete, tookMs, sinceDamageMs } = recoveryTime;
  const value = formatDuration(tookMs);
  if (basis === 'stamps') {
    return {
      label,
      value,
      note: say`at least, by the artefacts’ own stamps: nothing measured the steps`,
    };
  }
  if (!complete) return { label, value: 'not reached', note: say`the recovery went on for ${value}` };
  return {
    label,
    value,
    note:
      sinceDamageMs === null
        ? say`of recovery, step by step`
        : say`of recovery; ${formatDuration(sinceDamageMs)} since the damage`,
  };
}

function lossTile({ dataLoss }: ReportModel): Tile {
  const label = 'Data given up (RPO)';
  if (dataLoss === null) return { label, value: 'not known', note: say`the incident is not resolved` };
  const [before, after] = dataLoss.parts;
  return {
    label,
    value: formatDuration(dataLoss.beforeEffectMs),
    note: say`before the damage, with ${counted(before?.statements ?? 0, 'write')}; at least ${counted(after?.statements ?? 0, 'write')} after it, as far as the logs were read`,
  };
}

function restorePointTile({ incident, restorePlan }: ReportModel): Tile {
  const label = 'Restore point';
  const at = restorePlan?.restoreTo ?? incident?.restoreTo;
  if (at === undefined) return { label, value: 'not known', note: say`the incident is not resolved` };
  return { label, value: showTime(at), note: say`UTC, ${showDay(at)}` };
}

function verificationTile({ verification }: ReportModel): Tile {
  const label = 'Checks on the data';
  if (verification === null) return { label, value: 'none', note: say`no restored data has been verified` };
  const number = (verdict: string): number =>
    verification.checks.filter((check) => check.verdict === verdict).length;
  const notApplicable = number('not-applicable');
  return {
    label,
    value: `${number('pass')} of ${verification.checks.length - notApplicable}`,
    note: say`passed${notApplicable === 0 ? '' : `; ${counted(notApplicable, 'check')} did not apply`}`,
  };
}
