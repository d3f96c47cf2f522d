/**
 * Characters that a person cannot see or that turn the text around them (controls, bidirectional
 * overrides, zero-width) as `<U+202E>`; line breaks and tabs as one space.
 */
export function printable(text: string): string {
  return text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(
      INVISIBLE,
      (character) => `<U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}>`,
    );
}

/** As `printable`, with its line breaks and tabs kept. */
export function printableLines(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((line) => line.split('\t').map(printable).join('\t'))
    .join('\n');
}

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu;
