/**
 * A domain name as Route 53 keeps it: in lower case, ended by a dot, and whatever is not a letter, digit,
 * hyphen, underscore or dot as a backslash and three octal digits (`*` is `\052`).
 * Source: Route 53 developer guide, DNS domain name format.
 */
export function canonicalName(name: string): string {
  const escaped = name.toLowerCase().replace(/\\(?![0-3][0-7]{2})|[^a-z0-9_.\\-]/g, (character) => {
    return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return escaped.endsWith('.') ? escaped : `${escaped}.`;
}

/** Order of lists: by labels from the last to the first. */
export function compareNames(a: string, b: string): number {
  const [left, right] = [reversed(a), reversed(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function reversed(name: string): string {
  // a dot sorts before every character that a label can hold
  return name.split('.').reverse().join('.').replaceAll('.', '\u0000');
}

export function isWithin(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
