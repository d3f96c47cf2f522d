import { z } from 'zod';

/** How the values of a Query form, all of them text, are read. */

export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export function integer(min: number, max: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^-?\d{1,15}$/, 'expected an integer')
    .transform(Number)
    .pipe(z.int().min(min).max(max));
}

export function decimal(min: number, max: number): z.ZodType<number> {
  return z
    .string()
    .regex(/^-?\d{1,15}([.]\d{1,15})?$/, 'expected a number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));
}

/** A time in UTC; AWS reads one without a zone as UTC too. */
export const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.]\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/, 'expected an ISO 8601 time')
  .transform((text) => new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`))
  .refine((time) => !Number.isNaN(time.getTime()), 'The time does not exist');

/** A list; SDKs send an empty one as an empty value. */
export function list<Item extends z.ZodType>(item: Item): z.ZodType<z.output<Item>[]> {
  return z.preprocess((value) => (value === '' ? [] : value), z.array(item));
}
