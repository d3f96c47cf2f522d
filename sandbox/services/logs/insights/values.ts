/** A point in time, in milliseconds since the epoch: what `@timestamp` and the datetime functions give. */
export class Timestamp {
  constructor(readonly ms: number) {}
}

/** What a field holds or an expression gives; undefined is a field that the event does not have. */
export type Value = string | number | boolean | Timestamp | undefined;

const NUMERIC = /^\s*[+-]?(?:\d+(?:[.]\d*)?|[.]\d+)(?:[eE][+-]?\d+)?\s*$/;

export function toNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Timestamp) return value.ms;
  return value !== undefined && NUMERIC.test(value) ? Number(value) : undefined;
}

/** As text inside an expression: a timestamp is its milliseconds, since AWS does not compare human-readable times. */
export function toText(value: Value): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  return String(toNumber(value));
}

export function isTrue(value: Value): boolean {
  return value === true || (typeof value === 'number' && value !== 0);
}

/** Numbers that are no numbers, such as a division by zero, are missing. */
export function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** `=`: by number if either side is one, otherwise as text. A missing value equals nothing. */
export function equal(a: Value, b: Value): boolean {
  if (a === undefined || b === undefined) return false;
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  const [x, y] = [toNumber(a), toNumber(b)];
  return x !== undefined && x === y;
}

/** Sign of a - b for `<` and its like: by number where both sides look like one, otherwise by text; undefined where they cannot be compared. */
export function compare(a: Value, b: Value): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  const [x, y] = [toNumber(a), toNumber(b)];
  if (x !== undefined && y !== undefined) return x - y;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return undefined;
}

/** A value made ready to be compared many times. */
export interface SortKey {
  readonly number: number | undefined;
  readonly text: string;
  /** Stretches of digits and of other characters. */
  readonly chunks: readonly string[];
}

export function sortKey(value: Value): SortKey {
  const text = toText(value) ?? '';
  const number = toNumber(value);
  return { number, text, chunks: number === undefined ? (text.match(/\d+|\D+/g) ?? []) : [] };
}

/**
 * The order of `sort`, from the user guide: what is no number comes before all numbers; other text
 * is compared in chunks of digits and of other characters, digits by their count and then value.
 * A missing value counts as empty text.
 */
export function compareSortKeys(a: SortKey, b: SortKey): number {
  if (a.number !== undefined && b.number !== undefined)
    return a.number - b.number || compareText(a.text, b.text);
  if (a.number !== undefined) return 1;
  if (b.number !== undefined) return -1;
  for (const [i, x] of a.chunks.entries()) {
    const y = b.chunks[i];
    if (y === undefined) return 1;
    const order = (startsWithDigit(x) && startsWithDigit(y) ? x.length - y.length : 0) || compareText(x, y);
    if (order !== 0) return order;
  }
  return a.chunks.length - b.chunks.length;
}

export function compareForSort(a: Value, b: Value): number {
  return compareSortKeys(sortKey(a), sortKey(b));
}

function startsWithDigit(text: string): boolean {
  return text >= '0' && text < ':';
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As GetQueryResults shows it; undefined where the row has no such field. */
export function render(value: Value): string | undefined {
  if (value instanceof Timestamp) return renderTime(value.ms);
  return toText(value);
}

/** `YYYY-MM-DD HH:MM:SS.mmm`, in UTC. */
function renderTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, -1);
}
