import { formatDuration } from '../../time';
import { markup, type Html } from '../safe-html';
import type { Axis } from './axis';
import { FONT, tickLabels, type Frame, type Hit } from './panel';
import { BOLD, textWidth, wrapText } from './text-layout';

/** Rounded to a tenth: enough for the eye, and the same text on every machine. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}

export function rect(
  className: string,
  x: number,
  y: number,
  width: number,
  height: number,
  fill?: string,
): Html {
  const filled = fill === undefined ? undefined : markup` fill="url(#${fill})"`;
  return markup`<rect class="${className}" x="${px(x)}" y="${px(y)}" width="${px(Math.max(width, 1.5))}" height="${px(height)}"${filled}/>
`;
}

export function line(className: string, x1: number, y1: number, x2: number, y2: number): Html {
  return markup`<line class="${className}" x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}"/>
`;
}

export function label(
  className: string,
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): Html {
  return markup`<text class="${className}" x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${text}</text>
`;
}

export function diamond(className: string, x: number, y: number, size: number): Html {
  return path(className, `M${px(x)} ${px(y - size)}l${size} ${size}l${-size} ${size}l${-size} ${-size}Z`);
}

/** A cross, for what went wrong: recognisable without its colour. */
export function cross(className: string, x: number, y: number, size: number): Html {
  const [left, top, across] = [px(x - size), px(y - size), 2 * size];
  return path(className, `M${left} ${top}l${across} ${across}m0 ${-across}l${-across} ${across}`);
}

export function arrowHead(className: string, x: number, y: number): Html {
  return path(className, `M${px(x)} ${px(y)}l-8 -4.5v9Z`);
}

export function path(className: string, d: string): Html {
  return markup`<path class="${className}" d="${d}"/>
`;
}

/** Below the base line. */
export function axisHeight(axis: Axis): number {
  return axis.breaks.length === 0 ? 24 : 40;
}

/** The base line with its ticks, and a mark with its length wherever time is left out. */
export function axisDrawing(axis: Axis, y: number): Html {
  const labels = tickLabels(axis.ticks);
  const ticks = axis.ticks.map(({ x }, i) => {
    const text = labels[i] ?? '';
    const half = textWidth(text, FONT - 1) / 2;
    const at = Math.max(axis.left + half, Math.min(x, axis.right - half));
    return [line('tick', x, y, x, y + 5), label('tick-label', at, y + 18, text, 'middle')];
  });
  const breaks = axis.breaks.map(({ x, width, ms }) => {
    const middle = x + width / 2;
    return [
      path('break', `M${px(middle - 9)} ${px(y + 6)}l6 -12l6 12l6 -12`),
      label('break-label', middle, y + 34, `${formatDuration(ms)} left out`, 'middle'),
    ];
  });
  return markup`<g class="axis" aria-hidden="true">
${line('base', axis.left, y, axis.right, y)}${ticks}${breaks}</g>`;
}

const TIP_FONT = 12;
/** A pixel larger than the lines, and bold. */
const TITLE_FONT = (TIP_FONT + 1) * BOLD;
const TIP_LINE = 16;
const TIP_PADDING = 9;

/**
 * The layer above the drawing: transparent areas that can be pointed at and focused, each with its
 * own box of words, shown by the style sheet alone. Its words are also the area's accessible name.
 */
export function hitLayer(hits: readonly Hit[], { width, narrow }: Frame, height: number): Html {
  return markup`${hits.map((hit) => hitDrawing(hit, width, height, narrow ? 250 : 320))}`;
}

function hitDrawing(hit: Hit, width: number, height: number, tipMost: number): Html {
  const inner = tipMost - 2 * TIP_PADDING;
  const titleLines = wrapText(hit.title, inner, TITLE_FONT);
  const wrapped = hit.lines.flatMap((text) => wrapText(text, inner, TIP_FONT));
  const widest = Math.max(
    ...titleLines.map((text) => textWidth(text, TITLE_FONT)),
    ...wrapped.map((text) => textWidth(text, TIP_FONT)),
  );
  const tipWidth = widest + 2 * TIP_PADDING;
  const tipHeight = (titleLines.length + wrapped.length) * TIP_LINE + 2 * TIP_PADDING;
  const pointX = hit.pointX ?? hit.x + hit.width / 2;
  const x = Math.max(2, Math.min(pointX - tipWidth / 2, width - tipWidth - 2));
  const below = hit.y + hit.height + 8;
  const y = below + tipHeight <= height ? below : Math.max(2, hit.y - tipHeight - 8);
  const words = [
    ...titleLines.map((text) => ({ text, name: 'tip-title' })),
    ...wrapped.map((text) => ({ text, name: 'tip-line' })),
  ].map(({ text, name }, i) => label(name, x + TIP_PADDING, y + TIP_PADDING + (i + 0.75) * TIP_LINE, text));
  const id = hit.id === undefined ? undefined : markup` id="${hit.id}"`;
  return markup`<g class="hit"${id} tabindex="0" role="img" aria-label="${[hit.title, ...hit.lines].join('. ')}">
${rect('area', hit.x, hit.y, hit.width, hit.height)}<g class="tip" aria-hidden="true">
${rect('tip-box', x, y, tipWidth, tipHeight)}${words}</g></g>
`;
}
