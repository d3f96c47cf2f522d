import { unreachable } from '../../errors';
import { amount, type Finding } from '../check';
import type { Values } from '../database';
import {
  addDecimals,
  compareDecimals,
  decimalOf,
  formatDecimal,
  parseDecimal,
  type Decimal,
} from './decimal';
import type { Bound, Expectation } from './own-checks-file';

/**
 * Decides whether rows are what a team's check expects. The evidence shows numbers and counts alone:
 * a text could be anybody's name.
 */
export function judgeExpectation(
  expect: Expectation,
  restored: readonly Values[],
  source: readonly Values[],
): Finding {
  if (expect === 'no rows') {
    return finding(restored.length === 0, `${amount(restored.length, 'row')}, expected none`);
  }
  if (expect === 'same as source') return judgeSame(restored, source);
  const [values = []] = restored;
  const [value] = values;
  if (restored.length !== 1 || values.length !== 1 || value === undefined) {
    return finding(
      false,
      `${amount(restored.length, 'row')} of ${amount(values.length, 'value')}, expected one value`,
    );
  }
  return judgeValue(expect, value);
}

function judgeSame(restored: readonly Values[], source: readonly Values[]): Finding {
  const [here, there] = [restored, source].map((rows) => {
    const [only = []] = rows.length === 1 ? rows : [];
    return only.length === 1 && isNumber(only[0]) ? (only[0] ?? '') : amount(rows.length, 'row');
  });
  const rest = new Map<string, number>();
  for (const row of source) rest.set(keyOf(row), (rest.get(keyOf(row)) ?? 0) + 1);
  let shared = 0;
  for (const row of restored) {
    const left = rest.get(keyOf(row)) ?? 0;
    if (left > 0) shared += 1;
    rest.set(keyOf(row), left - 1);
  }
  const same = shared === restored.length && shared === source.length;
  return finding(
    same,
    same
      ? `${here ?? ''} on both sides`
      : `${here ?? ''} restored, ${there ?? ''} on the source, ${shared} the same`,
  );
}

function keyOf(row: Values): string {
  return JSON.stringify(row);
}

type ValueExpectation = Exclude<Expectation, string>;

function judgeValue(expect: ValueExpectation, value: string | null): Finding {
  const number = value === null ? undefined : parseDecimal(value);
  const shown = number === undefined ? (value === null ? 'NULL' : 'a text') : formatDecimal(number);
  if ('equals' in expect) {
    const wanted = String(expect.equals);
    const wantedNumber = decimalOf(expect.equals);
    const same =
      number !== undefined && wantedNumber !== undefined
        ? compareDecimals(number, wantedNumber) === 0
        : value === wanted;
    return finding(
      same,
      `${shown}, expected ${wantedNumber === undefined ? 'the text in the file' : wanted}`,
    );
  }
  const [least, most] =
    'between' in expect
      ? expect.between
      : 'at least' in expect
        ? [expect['at least'], undefined]
        : 'at most' in expect
          ? [undefined, expect['at most']]
          : unreachable(expect);
  const within = (bound: Bound | undefined, sign: 1 | -1): boolean => {
    const limit = bound === undefined ? undefined : decimalOf(bound);
    if (bound === undefined) return true;
    return number !== undefined && limit !== undefined && compareDecimals(number, limit) * sign >= 0;
  };
  const bounds = [
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(most === undefined ? [] : [`at most ${most}`]),
  ];
  return finding(within(least, 1) && within(most, -1), `${shown}, expected ${bounds.join(' and ')}`);
}

function isNumber(value: string | null | undefined): boolean {
  return typeof value === 'string' && parseDecimal(value) !== undefined;
}

function finding(passed: boolean, evidence: string): Finding {
  return { verdict: passed ? 'pass' : 'fail', evidence: [evidence] };
}

/**
 * Joins what the pieces of a chunked statement gave. One number from each, such as a COUNT or a SUM,
 * is added up, NULL being nothing; other rows are put one after the other.
 */
export function joinPieces(pieces: readonly (readonly Values[])[]): readonly Values[] {
  const numbers: Decimal[] = [];
  for (const rows of pieces) {
    const [value, ...others] = rows.length === 1 ? (rows[0] ?? []) : [];
    if (value === undefined || others.length > 0) return pieces.flat();
    const number = value === null ? { units: 0n, scale: 0 } : parseDecimal(value);
    if (number === undefined) return pieces.flat();
    numbers.push(number);
  }
  return numbers.length === 0 ? [] : [[formatDecimal(numbers.reduce(addDecimals))]];
}

/** Piece by piece: a sum over all of them would let one side's surplus make up for what it lacks elsewhere. */
export function judgeSamePieces(
  restored: readonly (readonly Values[])[],
  source: readonly (readonly Values[])[],
): Finding {
  const differing = restored.flatMap((rows, i) => {
    const found = judgeSame(rows, source[i] ?? []);
    return found.verdict === 'pass' ? [] : found.evidence;
  });
  if (differing.length === 0) return judgeSame(joinPieces(restored), joinPieces(source));
  const of = `${differing.length} of ${amount(restored.length, 'piece')} ${differing.length === 1 ? 'differs' : 'differ'}`;
  return finding(false, `${of}, the first: ${differing[0] ?? ''}`);
}
