import { formatDuration } from '../../time';
import type { Tile } from '../document';
import type { ReportModel } from '../model';
import { lines, mark, say, type Phrase } from '../phrase';
import { appliedChecks, restoredDataOf } from '../restored-data';
import type { JudgedTarget } from '../targets';
import { counted, msBetween, showDay, showTime } from '../words';

/** The four figures that a reader takes away. */
export function tilesOf(model: ReportModel): readonly Tile[] {
  return [
    againstTarget(recoveryTile(model), 'RTO', model),
    againstTarget(lossTile(model), 'RPO', model),
    restorePointTile(model),
    verificationTile(model),
  ];
}

function againstTarget(tile: Tile, name: JudgedTarget['name'], { targets }: ReportModel): Tile {
  const target = targets.find((each) => each.name === name);
  if (target === undefined) return tile;
  const words = `target ${formatDuration(target.targetMs)}:`;
  const verdict: Phrase =
    target.verdict === 'not-known'
      ? say`${words} neither met nor missed`
      : say`${words} ${mark(target.verdict)}`;
  return { ...tile, note: lines([verdict, tile.note]) };
}

function recoveryTile({ recoveryTime }: ReportModel): Tile {
  const label = 'Time to recover (RTO)';
  if (recoveryTime === null)
    return { label, value: 'not known', note: say`no step of the recovery is recorded` };
  const { basis, complete, tookMs, withPeopleMs, sinceDamageMs } = recoveryTime;
  const value = formatDuration(tookMs);
  if (basis === 'stamps') {
    return complete
      ? {
          label,
          value,
          note: say`until the application arrived: ${formatDuration(tookMs - (withPeopleMs ?? 0))} by machines alone, the rest with reviews and approvals`,
        }
      : { label, value: 'not reached yet', note: say`${value} so far, with people’s time in it` };
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
    note: say`before the damage, with ${dataLoss.uncountedBeforeMs > 0 ? 'at least ' : ''}${counted(before?.statements ?? 0, 'write')}; at least ${counted(after?.statements ?? 0, 'write')} after it, as far as the logs were read`,
  };
}

function restorePointTile(model: ReportModel): Tile {
  const { incident, restorePlan, snapshotAt, verification } = model;
  if (snapshotAt !== null && incident !== null) {
    const before = formatDuration(msBetween(snapshotAt, incident.effect.earliestAt));
    return {
      label: verification === null ? 'Snapshot to restore' : 'Restored data as of',
      value: showTime(snapshotAt).slice(0, 8),
      note: say`UTC, ${showDay(snapshotAt)}: a snapshot, ${before} before the damage at the earliest`,
    };
  }
  const label = 'Restore point';
  const at = restorePlan?.restoreTo ?? incident?.restoreTo;
  if (at === undefined) return { label, value: 'not known', note: say`the incident is not resolved` };
  const ahead = incident === null ? 0 : msBetween(at, incident.effect.earliestAt);
  const before = ahead > 0 ? `, ${formatDuration(ahead)} before the damage at the earliest` : '';
  const but = restoredDataOf(model).agreement === 'disagrees' ? '; the restored data disagrees' : '';
  return { label, value: showTime(at), note: say`UTC, ${showDay(at)}${before}${but}` };
}

function verificationTile({ verification }: ReportModel): Tile {
  const label = 'Checks on the data';
  if (verification === null) return { label, value: 'none', note: say`no restored data has been verified` };
  const applied = appliedChecks(verification);
  const passed = applied.filter(({ verdict }) => verdict === 'pass').length;
  const notApplicable = verification.clusters.flatMap((cluster) => cluster.checks).length - applied.length;
  return {
    label,
    value: `${passed} of ${applied.length}`,
    note: say`passed${notApplicable === 0 ? '' : `; ${counted(notApplicable, 'check')} did not apply`}`,
  };
}
