/** A number of a database exactly as it is: `units` divided by ten to the power of `scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Parses `-12.50`; undefined for anything else, such as `1e3` or a text. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = /^(-?\d+)(?:[.](\d+))?$/.exec(text);
  if (match?.[1] === undefined) return undefined;
  const fraction = match[2] ?? '';
  return { units: BigInt(match[1] + fraction), scale: fraction.length };
}

/** Of a number or text in a file. */
export function decimalOf(value: number | string): Decimal | undefined {
  return parseDecimal(typeof value === 'number' ? plain(value) : value);
}

/** `1e21` and `1e-7` written out. */
function plain(value: number): string {
  const text = String(value);
  return /e/i.test(text) ? value.toFixed(20).replace(/[.]?0+$/, '') : text;
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const [x, y] = sameScale(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const [x, y] = sameScale(a, b);
  return { units: x + y, scale: Math.max(a.scale, b.scale) };
}

export function formatDecimal({ units, scale }: Decimal): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
}

function sameScale(a: Decimal, b: Decimal): [bigint, bigint] {
  const scale = Math.max(a.scale, b.scale);
  const raise = (each: Decimal): bigint => each.units * 10n ** BigInt(scale - each.scale);
  return [raise(a), raise(b)];
}
