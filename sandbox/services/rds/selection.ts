import { z } from 'zod';
import { integer, list } from '../../protocols/query-input';
import { invalidValue } from './faults';

/** The parameters by which every Describe operation narrows and pages what it answers. */
export const selectionInput = {
  Filters: list(z.strictObject({ Name: z.string(), Values: list(z.string()) })).default([]),
  MaxRecords: integer(20, 100).default(100),
  Marker: z.string().optional(),
};

export interface Selection {
  readonly Filters: readonly { readonly Name: string; readonly Values: readonly string[] }[];
  readonly MaxRecords: number;
  readonly Marker?: string | undefined;
}

/**
 * The items that match every filter (the values of one are alternatives), a page of them in the
 * order of their keys, and the marker of the next page.
 * @param filters what can be filtered by, and the values that an item has for it
 * @throws AwsError on another filter or a marker that is not ours
 */
export function select<Item>(
  items: Iterable<Item>,
  selection: Selection,
  keyOf: (item: Item) => string,
  filters: Readonly<Record<string, (item: Item) => readonly string[]>> = {},
): { page: Item[]; Marker: string | undefined } {
  const conditions = selection.Filters.map(({ Name, Values }) => {
    const valuesOf = Object.hasOwn(filters, Name) ? filters[Name] : undefined;
    if (valuesOf === undefined) throw invalidValue(`Unrecognized filter name: ${Name}`);
    const wanted = Values.map((value) => value.toLowerCase());
    return (item: Item) => valuesOf(item).some((value) => wanted.includes(value.toLowerCase()));
  });
  const after = selection.Marker === undefined ? '' : keyOfMarker(selection.Marker);
  const rest = [...items]
    .filter((item) => keyOf(item) > after && conditions.every((matches) => matches(item)))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const page = rest.slice(0, selection.MaxRecords);
  const last = page.at(-1);
  const more = last !== undefined && rest.length > page.length;
  return { page, Marker: more ? Buffer.from(keyOf(last)).toString('base64url') : undefined };
}

function keyOfMarker(marker: string): string {
  const key = Buffer.from(marker, 'base64url').toString('utf8');
  if (key !== '' && Buffer.from(key).toString('base64url') === marker) return key;
  throw invalidValue(`Invalid marker ${marker}`);
}
