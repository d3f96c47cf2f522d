import { formatDuration } from '../../time';
import type { ReportModel } from '../model';
import { counted, msBetween, showInstant, showTime } from '../words';

/** The picture in words, for whoever cannot see it. The tables below it hold every figure. */
export function describePicture({
  incident,
  snapshotAt,
  verification,
  steps,
  recoveryTime,
}: ReportModel): string {
  const sentences: string[] = [];
  if (incident !== null) {
    const { effect, restoreTo, recordTime, lostWrites } = incident;
    sentences.push(
      `The damage became visible between ${showInstant(effect.earliestAt)} and ${showTime(effect.latestAt)}.`,
      `The restore point is ${showTime(restoreTo)}, ${formatDuration(msBetween(restoreTo, effect.latestAt))} before that.`,
      `Others committed ${counted(lostWrites.beforeEffect.statements, 'write')} in between and ${counted(lostWrites.afterEffect.statements, 'write')} after it.`,
    );
    if (snapshotAt !== null) {
      sentences.push(
        `A snapshot from ${showInstant(snapshotAt)} ${verification === null ? 'is to be' : 'was'} restored, which is older.`,
      );
    }
    if (recordTime !== null) {
      sentences.push(
        `Restoring by the record time would have ended at ${showTime(recordTime.restoreTo)}, ${recordTime.includesDamage ? 'damage included' : 'without the damage'}.`,
      );
    }
  }
  if (steps.length > 0) sentences.push(`${counted(steps.length, 'step')} follow.`);
  if (recoveryTime !== null) {
    sentences.push(
      `The recovery took ${formatDuration(recoveryTime.tookMs)}${recoveryTime.complete ? '' : ' and did not reach its end'}.`,
    );
  }
  return sentences.join(' ');
}
