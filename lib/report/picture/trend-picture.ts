import { formatDuration } from '../../time';
import { summarizeDrill } from '../summarize-drill';
import type { DrillSummary } from '../drill-summary';
import type { ReportModel } from '../model';
import { outcomeInWords } from '../outcome-words';
import { markup, type Html } from '../safe-html';
import { showDay } from '../words';
import { cross, label, line, px, rect } from './drawing';
import { FONT } from './panel';
import { textWidth } from './text-layout';

/** Drills before this one that are drawn; the table names as many. */
export const MOST_IN_TREND = 12;

const ROW = 24;
const DAY = 96;

/** How long the recovery took, drill by drill, against the target: an SVG element, the newest drill last. */
export function trendPicture(model: ReportModel, width: number): Html {
  const drills = [...model.earlier.slice(0, MOST_IN_TREND).toReversed(), summarizeDrill(model)];
  const targetMs = model.targets.find(({ name }) => name === 'RTO')?.targetMs;
  const longest = Math.max(1, targetMs ?? 0, ...drills.map(({ rtoMs }) => rtoMs ?? 0));
  const room = Math.max(...drills.map((drill) => textWidth(noteOf(drill), FONT - 1)));
  const x = (ms: number): number => DAY + ((width - DAY - room - 12) * ms) / longest;
  const top = targetMs === undefined ? 4 : 24;
  const bottom = top + drills.length * ROW;
  const rows = drills.map((drill, i) => row(drill, i === drills.length - 1, x, top + i * ROW, targetMs));
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${px(bottom + 4)}" width="${width}" height="${px(bottom + 4)}" role="img" aria-label="${inWords(drills, targetMs)}">
${rows.map(({ bar }) => bar)}${targetMs === undefined ? undefined : targetLine(targetMs, x(targetMs), top, bottom, width)}${rows.map(({ words }) => words)}
</svg>`;
}

function row(
  drill: DrillSummary,
  isThis: boolean,
  x: (ms: number) => number,
  y: number,
  targetMs: number | undefined,
): { readonly bar: Html; readonly words: Html } {
  const { rtoMs, at } = drill;
  const missed = rtoMs !== null && targetMs !== undefined && rtoMs > targetMs;
  const tone = missed ? ' failed' : isThis ? ' recovery' : '';
  const end = rtoMs === null ? DAY + 12 : Math.max(x(rtoMs), DAY + 2);
  const bar =
    rtoMs === null
      ? cross('step-cross', DAY + 5, y + 11, 4.5)
      : rect(`step${tone}`, DAY, y + 4, end - DAY, 14);
  return {
    bar,
    words: markup`${label('lane-name', 0, y + 15, showDay(at))}${label('mark-label', end + 6, y + 15, noteOf(drill))}`,
  };
}

function noteOf({ rtoMs, outcome }: DrillSummary): string {
  return rtoMs === null ? outcomeInWords(outcome, []).toLowerCase() : formatDuration(rtoMs);
}

function targetLine(targetMs: number, at: number, top: number, bottom: number, width: number): Html {
  const text = `target ${formatDuration(targetMs)}`;
  const half = textWidth(text, FONT - 1) / 2;
  return markup`${line('target', at, top - 4, at, bottom)}${label('mark-label', Math.min(at, width - half), 13, text, 'middle')}`;
}

function inWords(drills: readonly DrillSummary[], targetMs: number | undefined): string {
  const each = drills.map((drill) => `${showDay(drill.at)}: ${noteOf(drill)}`).join('; ');
  return `Time to recover, oldest drill first: ${each}${targetMs === undefined ? '' : `; target ${formatDuration(targetMs)}`}`;
}
