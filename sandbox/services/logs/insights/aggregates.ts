import { compareForSort, finite, Timestamp, toNumber, toText, type Value } from './values';

/** Takes one group's events one by one and gives their figure at the end. */
export interface Accumulator {
  /** @param value the aggregated expression on this event @param at the event's `@timestamp` in milliseconds */
  add(value: Value, at: number): void;
  result(): Value;
}

export interface AggregateSpec {
  readonly min: number;
  readonly max: number;
  /** @param options the arguments after the first, which have to be numbers */
  readonly start: (options: readonly number[]) => Accumulator;
}

/** Every function that the sandbox has inside `stats`. */
export const aggregates: Readonly<Record<string, AggregateSpec>> = {
  count: one(() => collect((values) => values.length), 0),
  count_distinct: one(() => collect((values) => new Set(values.map(toText)).size)),
  sum: one(() => collect((values) => total(numbers(values)))),
  avg: one(() =>
    collect((values) => {
      const sum = total(numbers(values));
      return sum === undefined ? undefined : sum / numbers(values).length;
    }),
  ),
  min: one(() => best((a, b) => compareForSort(a, b) < 0)),
  max: one(() => best((a, b) => compareForSort(a, b) > 0)),
  sortsfirst: one(() => best((a, b) => compareForSort(a, b) < 0)),
  sortslast: one(() => best((a, b) => compareForSort(a, b) > 0)),
  earliest: one(() => best((_a, _b, at, bestAt) => at < bestAt)),
  latest: one(() => best((_a, _b, at, bestAt) => at > bestAt)),
  pct: {
    min: 2,
    max: 2,
    start: ([percent = 0]) => collect((values) => percentile(numbers(values), percent)),
  },
};

function one(start: () => Accumulator, min = 1): AggregateSpec {
  return { min, max: 1, start };
}

function collect(finish: (values: readonly Value[]) => number | undefined): Accumulator {
  const values: Value[] = [];
  return {
    add: (value) => {
      if (value !== undefined) values.push(value);
    },
    result: () => finite(finish(values)),
  };
}

/** Keeps the value that beats all others; of equals the first. AWS gives a timestamp back as its milliseconds (seen of earliest and latest). */
function best(beats: (a: Value, b: Value, at: number, bestAt: number) => boolean): Accumulator {
  let kept: { value: Value; at: number } | undefined;
  return {
    add: (value, at) => {
      if (value === undefined) return;
      if (kept === undefined || beats(value, kept.value, at, kept.at)) kept = { value, at };
    },
    result: () => (kept?.value instanceof Timestamp ? kept.value.ms : kept?.value),
  };
}

function numbers(values: readonly Value[]): number[] {
  return values.map(toNumber).filter((x) => x !== undefined);
}

function total(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, x) => sum + x, 0);
}

/** The nearest-rank percentile; AWS's own is an approximation. */
function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(Math.ceil((percent / 100) * sorted.length), 1) - 1];
}
