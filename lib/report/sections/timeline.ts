import type { Incident } from '../../artefacts/incident';
import { formatDuration } from '../../time';
import { columns, type Block, type Section } from '../document';
import type { ReportModel } from '../model';
import { say, strong } from '../phrase';
import { showDay, showExactly, showInstant, showOffset, showTime } from '../words';

/** The picture, and the trap that it shows. */
export function timelineSection({ incident, steps }: ReportModel): Section | undefined {
  if (incident === null && steps.length === 0) return undefined;
  const blocks: Block[] = [{ kind: 'picture' }, ...(incident === null ? [] : recordTimeBlocks(incident))];
  return { id: 'timeline', title: 'Timeline', blocks };
}

/** The same in figures, as exactly as they are known. */
export function instantsSection({ incident, moments, timeline }: ReportModel): Section | undefined {
  const blocks: Block[] = [];
  if (incident !== null) {
    const days = new Set(moments.map(({ at }) => showDay(at)));
    const day = days.size === 1 ? [...days][0] : undefined;
    blocks.push({
      kind: 'table',
      caption: `The incident’s instants, ${day === undefined ? 'UTC' : `${day} UTC`}`,
      columns: columns('Time', 'What', 'To the damage'),
      compact: true,
      rows: moments.map(({ at, title }) => [
        [day === undefined ? showExactly(at) : showExactly(at).slice(11)],
        [title],
        [showOffset(at, incident.effect.latestAt)],
      ]),
    });
  }
  const observations = timeline?.observations ?? [];
  if (observations.length > 0) {
    blocks.push({
      kind: 'table',
      caption: 'Observed while it ran, UTC',
      columns: columns('Time', 'What'),
      compact: true,
      rows: observations.map(({ at, text }) => [[showTime(at)], [text]]),
    });
  }
  return blocks.length === 0 ? undefined : { id: 'instants', title: 'The timeline in figures', blocks };
}

function recordTimeBlocks({ recordTime, restoreTo }: Incident): readonly Block[] {
  if (recordTime === null) {
    return [
      {
        kind: 'text',
        text: say`The log was read from a file and holds no record time, so there is nothing to compare the restore point with.`,
      },
    ];
  }
  const late = showOffset(recordTime.restoreTo, restoreTo);
  return [
    {
      kind: 'notice',
      text: recordTime.includesDamage
        ? say`${strong('The trap: the time that the log console shows is not the time of the damage.')} The record reached the log ${lagText(recordTime.lagMs)} the database stamped it. Whoever restores by that time gets ${showInstant(recordTime.restoreTo)}, which is ${late} the restore point and ${strong('still holds the damage')}.`
        : say`${strong('The time that the log console shows would have done no harm this time.')} The record reached the log ${lagText(recordTime.lagMs)} the database stamped it; a restore by that time to ${showInstant(recordTime.restoreTo)} would not hold the damage. The lag is not guaranteed.`,
    },
  ];
}

function lagText(lagMs: number): string {
  return `${formatDuration(Math.abs(lagMs))} ${lagMs < 0 ? 'before' : 'after'}`;
}
