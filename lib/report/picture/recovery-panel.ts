import { formatDuration } from '../../time';
import type { ReportModel } from '../model';
import { markup, type Html } from '../safe-html';
import type { Step } from '../steps';
import { showDay, showInstant, showTime } from '../words';
import { makeAxis, type Axis } from './axis';
import { axisDrawing, axisHeight, cross, label, line, rect } from './drawing';
import { FONT, millisOf, plotLeft, plotRight, type Frame, type Hit, type Panel } from './panel';
import { BOLD, fitText, textWidth } from './text-layout';

const BRACKET = 30;

/** The steps in their minutes, one row each, the time that counts bracketed above them. */
export function recoveryPanel(
  { steps, recoveryTime, incident }: ReportModel,
  frame: Frame,
): Panel & { readonly axis: Axis; readonly plotTop: number; readonly plotBottom: number } {
  const axis = recoveryAxis(
    steps,
    incident === null ? [] : [incident.restoreTo, incident.effect.latestAt],
    frame,
  );
  const row = frame.narrow ? 37 : 25;
  const plotTop = frame.top + 26;
  const rowsTop = plotTop + (recoveryTime === null ? 6 : BRACKET);
  const rows = steps.map((step, i) => stepRow(step, axis, frame, rowsTop + i * row));
  const base = rowsTop + steps.length * row + 6;
  const [first] = steps;
  return {
    axis,
    plotTop,
    plotBottom: base,
    bottom: base + axisHeight(axis),
    drawing: markup`<g>
      ${label('panel-title', 0, frame.top + 14, recoveryTime?.basis === 'stamps' ? 'The steps' : 'The drill, step by step')}
      ${label('panel-note', plotRight(frame), frame.top + 14, first === undefined ? 'UTC' : `${showDay(first.startedAt)}, UTC`, 'end')}
      ${recoveryTime === null ? undefined : bracket(recoveryTime, axis, plotTop, base)}
      ${rows.map(({ drawing }) => drawing)} ${axisDrawing(axis, base)}
    </g>`,
    hits: rows.map(({ hit }) => hit),
  };
}

/** The shortest time that is worth a break in the axis. */
const BREAK_FROM_MS = 60_000;

/** A pause that is longer than all the steps together, such as that before somebody noticed, is left out. */
function recoveryAxis(steps: readonly Step[], incident: readonly string[], frame: Frame): Axis {
  const stepPoints = steps
    .flatMap(({ startedAt, endedAt }) => (endedAt === null ? [startedAt] : [startedAt, endedAt]))
    .map(millisOf);
  const spanMs = Math.max(...stepPoints) - Math.min(...stepPoints);
  const points = [...stepPoints, ...incident.map(millisOf)];
  const room = Math.max(1000, 0.04 * spanMs);
  return makeAxis({
    points: [...points, Math.min(...points) - room, Math.max(...points) + room],
    left: plotLeft(frame),
    right: plotRight(frame),
    longest: Math.max(BREAK_FROM_MS, spanMs),
    breakWidth: frame.narrow ? 70 : 110,
    tickEvery: 76,
  });
}

function bracket(
  { beganAt, endedAt, tookMs, complete, basis }: NonNullable<ReportModel['recoveryTime']>,
  axis: Axis,
  top: number,
  base: number,
): Html {
  const [from, to] = [axis.x(millisOf(beganAt)), axis.x(millisOf(endedAt))];
  const took = formatDuration(tookMs);
  const text = complete
    ? `RTO ${took}`
    : basis === 'stamps'
      ? `${took} so far, at least`
      : `not reached: stopped after ${took}`;
  const half = textWidth(text, FONT * BOLD) / 2;
  const x = Math.max(axis.left + half, Math.min((from + to) / 2, axis.right - half));
  return markup`<g>
${rect('rto-tint', from, top + 20, to - from, base - top - 20)}${line('rto', from, top + 20, to, top + 20)}
${line('rto', from, top + 15, from, top + 25)}${line('rto', to, top + 15, to, top + 25)}
${label('rto-label', x, top + 12, text, 'middle')}</g>`;
}

const RESULT_WORDS: Readonly<Record<Step['result'], string>> = {
  passed: 'passed',
  failed: 'failed',
  interrupted: 'interrupted',
  running: 'never ended',
  recorded: 'as recorded by the artefacts',
};

function stepRow(
  step: Step,
  axis: Axis,
  frame: Frame,
  y: number,
): { readonly drawing: Html; readonly hit: Hit } {
  const { name, what, phase, startedAt, endedAt, tookMs, result, waitedForPeople } = step;
  const from = axis.x(millisOf(startedAt));
  const to = endedAt === null ? axis.right : axis.x(millisOf(endedAt));
  const width = Math.max(to - from, 2.5);
  const took = tookMs === null ? 'not ended' : formatDuration(tookMs);
  const wrong = result === 'failed' || result === 'interrupted';
  const note =
    wrong || result === 'running'
      ? `${took}, ${RESULT_WORDS[result]}`
      : waitedForPeople
        ? `${took}, with people`
        : took;
  const barY = frame.narrow ? y + 19 : y + 5;
  const end = from + width + (wrong ? 18 : 6);
  const noteWidth = textWidth(note, FONT - 1);
  const beside =
    end + noteWidth <= axis.right
      ? { x: end, anchor: 'start' as const }
      : { x: from - 6, anchor: 'end' as const };
  const bar = markup`${rect(`step ${phase} ${result}${waitedForPeople ? ' people' : ''}`, from, barY, width, 13)}${wrong ? cross('step-cross', from + width + 9, barY + 6.5, 4.5) : undefined}`;
  return {
    drawing: frame.narrow
      ? markup`${label('lane-name', axis.left, y + 13, fitText(name, axis.right - axis.left - noteWidth - 14, FONT))}${label('mark-label', axis.right, y + 13, note, 'end')}${bar} `
      : markup`${label('lane-name', 0, y + 16, fitText(name, axis.left - 12, FONT))}${bar}${label('mark-label', beside.x, y + 16, note, beside.anchor)} `,
    hit: {
      x: frame.narrow ? axis.left : 0,
      y: y + 1,
      width: frame.narrow ? axis.right - axis.left : axis.right,
      height: frame.narrow ? 34 : 22,
      pointX: from + width / 2,
      title: `${name}: ${RESULT_WORDS[result]}${tookMs === null ? '' : `, ${took}`}`,
      lines: [
        `from ${showInstant(startedAt)}${endedAt === null ? '' : ` to ${showTime(endedAt)}`}`,
        phase === 'recovery'
          ? `counts as recovery${waitedForPeople ? '; reviews, approvals and typing are in it' : ''}`
          : `${phase}: does not count as recovery`,
        what,
      ],
    },
  };
}
