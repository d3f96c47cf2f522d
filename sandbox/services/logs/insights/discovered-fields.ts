import type { Value } from './values';

/** How many fields AWS extracts from one JSON event at most. */
const MOST_FIELDS = 1000;

type Json = string | number | boolean | null | object;

/**
 * The fields that CloudWatch discovers in a message that is a JSON object: nested ones as
 * `outer.inner`, items of lists as `list.0`.
 */
export function discoverFields(message: string): ReadonlyMap<string, Value> {
  const fields = new Map<string, Value>();
  const object = parseObject(message);
  if (object !== undefined) flatten(object, '', fields);
  return fields;
}

function parseObject(message: string): object | undefined {
  if (!message.trimStart().startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(message);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function flatten(object: object, prefix: string, fields: Map<string, Value>): void {
  for (const [key, value] of Object.entries(object) as [string, Json][]) {
    if (fields.size >= MOST_FIELDS) return;
    if (typeof value === 'object' && value !== null) flatten(value, `${prefix}${key}.`, fields);
    else if (value !== null) fields.set(prefix + key, String(value));
  }
}
