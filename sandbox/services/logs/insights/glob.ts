/**
 * The texts for which the asterisks of a `parse` glob stand, or undefined where it does not match:
 * the first text is found anywhere, each later one as soon as possible after it; a leading asterisk
 * begins at the start, a trailing one goes to the end.
 */
export function matchGlob(glob: string, text: string): string[] | undefined {
  const [first = '', ...rest] = glob.split('*');
  let at = text.indexOf(first);
  if (at < 0) return undefined;
  at += first.length;
  const captured: string[] = [];
  for (const [index, literal] of rest.entries()) {
    const isLast = index === rest.length - 1;
    const next = literal === '' && isLast ? text.length : text.indexOf(literal, at);
    if (next < 0) return undefined;
    captured.push(text.slice(at, next));
    at = next + literal.length;
  }
  return captured;
}

export function countAsterisks(glob: string): number {
  return glob.split('*').length - 1;
}
