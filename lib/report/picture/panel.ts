import type { Html } from '../safe-html';
import { microsOf } from '../words';
import type { Axis, Millis } from './axis';

/** What a panel is given: the drawing's width and its own top, in the units of the drawing. */
export interface Frame {
  readonly width: number;
  readonly top: number;
  /** Prefix of element ids, unique on the page. */
  readonly id: string;
  /** Names of lanes stand above them where there is no room beside them. */
  readonly narrow: boolean;
}

export interface Panel {
  readonly bottom: number;
  readonly drawing: Html;
  readonly hits: readonly Hit[];
}

/** A part of the picture that says more when pointed at or focused. */
export interface Hit {
  /** By which a link leads here. */
  readonly id?: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Above which the words stand, where that is not the middle. */
  readonly pointX?: number;
  readonly title: string;
  readonly lines: readonly string[];
}

export const GUTTER = 172;
export const FONT = 13;

export function plotLeft({ narrow }: Frame): number {
  return narrow ? 4 : GUTTER;
}

export function plotRight({ width }: Frame): number {
  return width - 4;
}

export function millisOf(instant: string): Millis {
  return microsOf(instant) / 1000;
}

/** Ticks as `03:04`, `03:04:05` or `03:04:05.250`, with the day where it changes. */
export function tickLabels(ticks: Axis['ticks']): readonly string[] {
  const times = ticks.map(({ at }) => new Date(Math.round(at)).toISOString());
  const [from, to] = times.every((time) => time.endsWith(':00.000Z'))
    ? [11, 16]
    : times.every((time) => time.endsWith('.000Z'))
      ? [11, 19]
      : [11, 23];
  return times.map((time, i) => {
    const clock = time.slice(from, to);
    const before = times[i - 1];
    const newDay = before !== undefined && before.slice(0, 10) !== time.slice(0, 10);
    return newDay ? `${time.slice(5, 10)} ${clock}` : clock;
  });
}
