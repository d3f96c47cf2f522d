import type { Incident } from '../../artefacts/incident';
import { recordedAtOf } from '../moments';
import { markup, type Html } from '../safe-html';
import type { RestoredData } from '../restored-data';
import { msBetween, showDay, showTime } from '../words';
import { makeAxis, type Axis } from './axis';
import { axisDrawing, axisHeight, label, line, rect } from './drawing';
import { flagsOf } from './incident-flags';
import { LABEL_ROW, recordLane, sessionLane, writesLane } from './incident-lanes';
import { FONT, millisOf, plotLeft, plotRight, type Frame, type Panel } from './panel';
import { fitText } from './text-layout';

const FLAG_ROW = 19;
const RIBBON = 24;

/** The incident in seconds: what the restore keeps, gives up and leaves behind, and why. */
export function incidentPanel(
  incident: Incident,
  restored: RestoredData,
  frame: Frame,
): Panel & { readonly axis: Axis } {
  const axis = incidentAxis(incident, frame);
  const flags = flagsOf(incident, restored, axis);
  const flagTop = frame.top + 26;
  const ribbonTop = flagTop + (1 + Math.max(...flags.map(({ row }) => row))) * FLAG_ROW + 4;
  const lanesTop = ribbonTop + RIBBON + 10;
  const lanes = [
    sessionLane(incident, axis, frame),
    writesLane(incident, axis, frame),
    ...recordLane(incident, axis, frame),
  ];
  let y = lanesTop;
  const drawn = lanes.map((lane) => {
    const nameY = y + 13;
    const laneTop = frame.narrow ? y + LABEL_ROW : y;
    y = laneTop + lane.height + 8;
    const { drawing, hits } = lane.draw(laneTop);
    return {
      drawing: markup`${label('lane-name', frame.narrow ? axis.left : 0, nameY, lane.name)}${drawing}`,
      hits,
    };
  });
  const base = y + 4;
  const ribbon = ribbonDrawing(incident, restored, axis, frame, ribbonTop, base);
  const right = plotRight(frame);
  return {
    axis,
    bottom: base + axisHeight(axis),
    drawing: markup`<g>
      ${label('panel-title', 0, frame.top + 14, 'The incident, in seconds')}
      ${label('panel-note', right, frame.top + 14, `${showDay(incident.effect.latestAt)}, UTC`, 'end')}
      ${ribbon}${flags.map(({ className, x, row }) => line(`flag-line ${className}`, x, flagTop + row * FLAG_ROW + 3, x, base))}
      ${flags.map(({ className, textX, text, row }) => label(`flag ${className}`, textX, flagTop + row * FLAG_ROW + 13, text))}
      ${drawn.map(({ drawing }) => drawing)} ${axisDrawing(axis, base)}
    </g>`,
    hits: [
      ...flags.map(({ x, hit, className }) => ({
        ...hit,
        id: `${frame.id}-${className}`,
        x: x - 7,
        y: flagTop,
        width: 14,
        height: base - flagTop,
      })),
      ...drawn.flatMap(({ hits }) => hits),
    ],
  };
}

function incidentAxis(incident: Incident, frame: Frame): Axis {
  const { restoreTo, effect, statement, transaction, recordTime, lostWrites } = incident;
  const focusMs = Math.max(1000, msBetween(restoreTo, effect.latestAt));
  const points = [
    restoreTo,
    effect.earliestAt,
    effect.latestAt,
    statement.executedAt,
    transaction.beganAt,
    transaction.committedAt,
    lostWrites.beforeEffect.firstAt,
    lostWrites.beforeEffect.lastAt,
    recordedAtOf(incident),
    recordTime?.restoreTo,
  ]
    .filter((instant) => typeof instant === 'string')
    .map(millisOf);
  const room = { before: frame.narrow ? 0.5 : 0.45, after: 0.7 };
  return makeAxis({
    points: [
      ...points,
      Math.min(...points) - room.before * focusMs,
      Math.max(...points) + room.after * focusMs,
    ],
    left: plotLeft(frame),
    right: plotRight(frame),
    longest: (frame.narrow ? 3 : 6) * focusMs,
    breakWidth: frame.narrow ? 70 : 110,
    tickEvery: frame.narrow ? 76 : 84,
  });
}

/** What becomes of what was committed until the restore point: an older snapshot has none of it that is newer. */
function untilRestorePoint(
  { snapshotAt, agreement }: RestoredData,
  { narrow }: Frame,
): { className: string; name: string } {
  if (snapshotAt === null && agreement !== 'agrees')
    return { className: 'kept', name: narrow ? 'to keep' : 'to be kept' };
  return snapshotAt === null
    ? { className: 'kept', name: narrow ? 'kept' : 'kept by the restore' }
    : {
        className: 'given-up',
        name: narrow ? 'given up' : `given up since ${showTime(snapshotAt).slice(0, 8)}`,
      };
}

/** Behind everything: three states of the data, named in a ribbon and tinted down to the axis. */
function ribbonDrawing(
  { restoreTo, effect }: Incident,
  restored: RestoredData,
  axis: Axis,
  frame: Frame,
  top: number,
  base: number,
): Html {
  const restoreX = axis.x(millisOf(restoreTo));
  const effectX = axis.x(millisOf(effect.latestAt));
  const earliestX = axis.x(millisOf(effect.earliestAt));
  const zones = [
    { from: axis.left, to: restoreX, ...untilRestorePoint(restored, frame) },
    { className: 'given-up', from: restoreX, to: effectX, name: 'given up' },
    {
      className: 'damaged',
      from: effectX,
      to: axis.right,
      name: frame.narrow ? 'damaged' : 'damage in the data',
    },
  ];
  return markup`<g>
    ${zones.map(({ className, from, to, name }) => {
      const shown = fitText(name, to - from - 8, FONT - 1);
      return markup`${rect(`tint ${className}`, from, top, to - from, base - top)}${className === 'kept' ? undefined : rect('hatch', from, top, to - from, RIBBON, `${frame.id}-${className}`)}${rect(`ribbon ${className}`, from, top, to - from, RIBBON)}${shown.endsWith('…') ? undefined : middlesOf(from, to).map((x) => label('zone', x, top + 16, shown, 'middle'))} `;
    })}${rect('effect', earliestX, top + RIBBON, effectX - earliestX, base - top - RIBBON, `${frame.id}-damaged`)}
  </g>`;
}

/** A name is repeated in a zone that is zoomed wider than a screen. */
const NAMED_EVERY = 700;

function middlesOf(from: number, to: number): readonly number[] {
  const parts = Math.max(1, Math.round((to - from) / NAMED_EVERY));
  return Array.from({ length: parts }, (_, i) => from + ((i + 0.5) * (to - from)) / parts);
}
