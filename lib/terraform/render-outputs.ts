/** A stack's outputs, one line for each value that lies in them. */
export function renderOutputs(outputs: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(outputs).flatMap(([name, value]) => flatten(name, value));
  const width = Math.max(0, ...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function flatten(name: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) return [[name, value.map(String).join(', ')]];
  if (typeof value !== 'object' || value === null) return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(`${name}.${key}`, inner));
}
