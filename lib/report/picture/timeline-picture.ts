import type { ReportModel } from '../model';
import { restoredDataOf } from '../restored-data';
import { markup, type Html } from '../safe-html';
import type { Axis } from './axis';
import { hitLayer, px } from './drawing';
import { incidentPanel } from './incident-panel';
import type { Frame, Panel } from './panel';
import { recoveryPanel } from './recovery-panel';
import { describePicture } from './describe';

const LINK = 40;

/**
 * The timeline as an SVG element, `width` units wide: the incident in its seconds above, the steps
 * in their minutes below, and between them a wedge that shows where in the minutes the seconds lie.
 * Needs the page's style sheet. A larger width is a zoom: the time is stretched, the words stay as large. Undefined where there is nothing to draw.
 */
export function timelinePicture(model: ReportModel, width: number, id: string): Html | undefined {
  const { incident, steps } = model;
  if (incident === null && steps.length === 0) return undefined;
  const frame: Frame = { width, top: 0, id, narrow: width < 600 };
  const above = incident === null ? undefined : incidentPanel(incident, restoredDataOf(model), frame);
  const below =
    steps.length === 0
      ? undefined
      : recoveryPanel(model, { ...frame, top: above === undefined ? 0 : above.bottom + LINK });
  const panels = [above, below].filter((panel) => panel !== undefined) as readonly Panel[];
  const hits = panels.flatMap((panel) => panel.hits);
  const height = Math.ceil(Math.max(...panels.map(({ bottom }) => bottom)));
  return markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">Timeline of drill ${model.drill}</title>
<desc id="${id}-desc">${describePicture(model)}</desc>
${patterns(id)}
${above === undefined || below === undefined ? undefined : link(above.axis, above.bottom, below.axis, below.plotTop, below.plotBottom)}
${panels.map(({ drawing }) => drawing)}
${hitLayer(hits, frame, height)}
</svg>`;
}

/** Hatching beside colour: the zones can be told apart on paper and by everybody. */
function patterns(id: string): Html {
  const pattern = (name: string, angle: number): Html =>
    markup`<pattern id="${id}-${name}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(${angle})">
  <rect class="hatch-${name}" width="1.6" height="6"/>
</pattern>
`;
  return markup`<defs>${pattern('given-up', 45)}${pattern('damaged', -45)}</defs>`;
}

/** From the edges of the upper panel down to where its span lies on the lower one's axis. */
function link(upper: Axis, top: number, lower: Axis, plotTop: number, plotBottom: number): Html {
  const from = lower.x(upper.from);
  const to = Math.max(lower.x(upper.to), from + 2);
  return markup`<g aria-hidden="true">
<path class="link" d="M${px(upper.left)} ${px(top)}L${px(upper.right)} ${px(top)}L${px(to)} ${px(plotTop)}L${px(from)} ${px(plotTop)}Z"/>
<rect class="link" x="${px(from)}" y="${px(plotTop)}" width="${px(to - from)}" height="${px(plotBottom - plotTop)}"/>
</g>`;
}
