import fc from 'fast-check';
import {
  addDecimals,
  compareDecimals,
  formatDecimal,
  parseDecimal,
  type Decimal,
} from '../../../../lib/verify/own-checks/decimal';

const decimal = fc.record({ units: fc.bigInt(), scale: fc.integer({ min: 0, max: 30 }) });

test.each(['', '-', '1e3', '.5', '1.', '0x1', '1,000', 'NaN', ' 1'])("'%s' is no decimal", (text) => {
  expect(parseDecimal(text)).toBeUndefined();
});

test('a decimal is written as it was read', () => {
  fc.assert(
    fc.property(decimal, (value) => {
      expect(parseDecimal(formatDecimal(value))).toEqual(value);
    }),
  );
});

test('a sum less one part is the other part, to the last digit', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const minusB: Decimal = { units: -b.units, scale: b.scale };
      expect(compareDecimals(addDecimals(addDecimals(a, b), minusB), a)).toBe(0);
    }),
  );
});

test.each([
  ['1.0', '1', 0],
  ['-0', '0', 0],
  ['0.1', '0.09', 1],
  ['-2', '1.5', -1],
  ['18446744073709551615', '18446744073709551614', 1],
])('%s against %s', (a, b, order) => {
  const [x, y] = [parseDecimal(a), parseDecimal(b)];

  expect(x !== undefined && y !== undefined && compareDecimals(x, y)).toBe(order);
});
