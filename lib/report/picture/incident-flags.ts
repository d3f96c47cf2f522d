import type { Incident } from '../../artefacts/incident';
import { formatDuration } from '../../time';
import { keptWords, type RestoredData } from '../restored-data';
import { shorten } from '../../shorten';
import { msBetween, showInstant, showOffset, showTime } from '../words';
import type { Axis } from './axis';
import { FONT, millisOf, type Hit } from './panel';
import { BOLD, placeLabels, type LabelAnchor } from './text-layout';

/** A line down the whole panel with its name above it. */
export interface Flag {
  readonly className: 'restore' | 'damage' | 'trap';
  readonly x: number;
  readonly text: string;
  readonly textX: number;
  readonly row: number;
  readonly hit: Pick<Hit, 'title' | 'lines'>;
}

/** What decides: the restore point, the damage, and where restoring by the record time would have led. */
export function flagsOf(
  { restoreTo, effect, recordTime }: Incident,
  restored: RestoredData,
  axis: Axis,
): readonly Flag[] {
  const flags: (Omit<Flag, 'textX' | 'row'> & Pick<LabelAnchor, 'side'>)[] = [
    {
      className: 'restore',
      side: 'left',
      x: axis.x(millisOf(restoreTo)),
      text: `restore point ${showTime(restoreTo)}`,
      hit: {
        title: `Restore point ${showInstant(restoreTo)}`,
        lines: [
          `${showOffset(restoreTo, effect.earliestAt)} the damage can have become visible, ${formatDuration(msBetween(restoreTo, effect.latestAt))} before it was at the latest.`,
          restored.snapshotAt === null
            ? `What was committed until then ${keptWords(restored)}.`
            : `A snapshot from ${showInstant(restored.snapshotAt)} ${restored.isVerified ? 'was' : 'is to be'} restored: what was committed after that is not in it.`,
        ],
      },
    },
    {
      className: 'damage',
      side: 'right',
      x: axis.x(millisOf(effect.latestAt)),
      text: `damage visible ${showTime(effect.latestAt)}`,
      hit: {
        title: `The damage was visible from ${showInstant(effect.latestAt)} at the latest`,
        lines: [`From ${showInstant(effect.earliestAt)} at the earliest.`, shorten(effect.basis, 300)],
      },
    },
  ];
  if (recordTime !== null) {
    flags.push({
      className: 'trap',
      side: 'right',
      x: axis.x(millisOf(recordTime.restoreTo)),
      text: `by record time ${showTime(recordTime.restoreTo)}`,
      hit: {
        title: `Restoring by the record time: ${showInstant(recordTime.restoreTo)}`,
        lines: [
          recordTime.includesDamage
            ? 'The restored data would hold the damage as well.'
            : 'The restored data would not hold the damage.',
          `${showOffset(recordTime.restoreTo, restoreTo)} the restore point.`,
        ],
      },
    });
  }
  const placed = placeLabels(flags, { left: axis.left, right: axis.right, fontSize: FONT * BOLD });
  return flags.map((flag, i) => ({ ...flag, textX: placed[i]?.x ?? flag.x, row: placed[i]?.row ?? 0 }));
}
