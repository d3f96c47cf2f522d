import { z } from 'zod';
import { decimal, flag, instant, integer, list } from '../../../sandbox/protocols/query-input';

test.each([
  ['a flag', flag, 'true', true],
  ['an integer', integer(0, 9), '7', 7],
  ['a decimal', decimal(0, 9), '0.5', 0.5],
  ['a time in UTC', instant, '2026-01-02T03:04:05Z', new Date('2026-01-02T03:04:05Z')],
  ['a time with a fraction', instant, '2026-01-02T03:04:05.123Z', new Date('2026-01-02T03:04:05.123Z')],
  ['a time with an offset', instant, '2026-01-02T03:04:05+01:00', new Date('2026-01-02T02:04:05Z')],
  ['a time without a zone, as UTC', instant, '2026-01-02T03:04:05', new Date('2026-01-02T03:04:05Z')],
  ['a list', list(z.string()), ['a'], ['a']],
  ['an empty list', list(z.string()), '', []],
])('reads %s', (_what, schema, text, expected) => {
  expect(schema.parse(text)).toEqual(expected);
});

test.each([
  ['another word than true or false', flag, 'yes'],
  ['an integer out of range', integer(0, 9), '10'],
  ['a fraction where an integer is due', integer(0, 9), '1.5'],
  ['a day that does not exist', instant, '2026-13-02T03:04:05Z'],
  ['a time in words', instant, 'yesterday'],
  ['a text where a list is due', list(z.string()), 'a'],
])('refuses %s', (_what, schema, text) => {
  expect(schema.safeParse(text).success).toBe(false);
});
