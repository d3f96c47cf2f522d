/** Milliseconds since 1970, with a fraction. */
export type Millis = number;

/** Maps time to a horizontal position; long spans in which nothing happens are cut short and marked. */
export interface Axis {
  readonly from: Millis;
  readonly to: Millis;
  readonly left: number;
  readonly right: number;
  /** Position of an instant, kept inside the axis. */
  readonly x: (at: Millis) => number;
  readonly breaks: readonly AxisBreak[];
  readonly ticks: readonly { readonly at: Millis; readonly x: number }[];
}

export interface AxisBreak {
  readonly x: number;
  readonly width: number;
  /** How much time is left out. */
  readonly ms: Millis;
}

interface Segment {
  readonly from: Millis;
  readonly to: Millis;
  readonly x: number;
  readonly width: number;
  readonly broken: boolean;
}

const NICE_SECONDS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
  3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000, 31_536_000,
];

/** Width that milliseconds add to the label of a tick. */
const FRACTION = 26;

/**
 * `points`: instants that must be seen, at least one. `longest`: a pause between two of them that is
 * longer is drawn as a break. `tickEvery`: least distance of two ticks.
 */
export function makeAxis(options: {
  readonly points: readonly Millis[];
  readonly left: number;
  readonly right: number;
  readonly longest: Millis;
  readonly breakWidth: number;
  readonly tickEvery: number;
}): Axis {
  const { left, right, longest, breakWidth, tickEvery } = options;
  const sorted = [...new Set(options.points)].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((to, i) => ({ from: sorted[i] ?? to, to }));
  const isLong = ({ from, to }: { from: Millis; to: Millis }): boolean => to - from > longest;
  const shown = gaps.filter((gap) => !isLong(gap)).reduce((sum, { from, to }) => sum + to - from, 0);
  const longGaps = gaps.filter(isLong).length;
  // the more breaks, the narrower: what is drawn to scale keeps a half at least
  const eachBreak =
    longGaps === 0 ? 0 : Math.min(breakWidth, (right - left) / (shown === 0 ? 1 : 2) / longGaps);
  const breaking = longGaps * eachBreak;
  const perMs = shown === 0 ? 0 : (right - left - breaking) / shown;
  const segments: Segment[] = [];
  let x = left;
  for (const gap of gaps) {
    const broken = isLong(gap);
    const width = broken ? eachBreak : (gap.to - gap.from) * perMs;
    segments.push({ ...gap, x, width, broken });
    x += width;
  }
  const position = (at: Millis): number => {
    const segment = segments.find(({ to }) => at <= to) ?? segments.at(-1);
    if (segment === undefined) return (left + right) / 2;
    const part = (at - segment.from) / (segment.to - segment.from);
    return segment.x + Math.min(1, Math.max(0, part)) * segment.width;
  };
  return {
    from: sorted[0] ?? 0,
    to: sorted.at(-1) ?? 0,
    left,
    right,
    x: position,
    breaks: segments
      .filter(({ broken }) => broken)
      .map(({ x: start, width, from, to }) => ({ x: start, width, ms: to - from })),
    ticks: perMs === 0 ? [] : ticksOf(segments, perMs, tickEvery),
  };
}

function ticksOf(segments: readonly Segment[], perMs: number, tickEvery: number): Axis['ticks'] {
  const room = (seconds: number): number => tickEvery + (seconds < 1 ? FRACTION : 0);
  const step = NICE_SECONDS.find((seconds) => seconds * 1000 * perMs >= room(seconds)) ?? Infinity;
  const stepMs = 1000 * step;
  const ticks: { at: Millis; x: number }[] = [];
  for (const { from, to, x, broken } of segments) {
    if (broken || !Number.isFinite(stepMs)) continue;
    for (let at = Math.ceil(from / stepMs) * stepMs; at <= to; at += stepMs) {
      const tick = { at, x: x + (at - from) * perMs };
      const last = ticks.at(-1);
      // the steps of two segments meet, and on both sides of a break they come close
      if (last === undefined || tick.x - last.x >= room(step) * 0.9) ticks.push(tick);
    }
  }
  return ticks;
}
