/** How much wider bold text is. */
export const BOLD = 1.1;

/** Width of a text in the system's sans-serif, estimated on the wide side: nothing can be measured without a browser. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const character of text) {
    if (/[ijlI.,:;'|!()[\] ]/.test(character)) em += 0.33;
    else if (/[mwMW@%]/.test(character)) em += 0.92;
    else if (/[A-Z]/.test(character)) em += 0.7;
    else if (/[0-9]/.test(character)) em += 0.64;
    else if (/[ -~]/.test(character)) em += 0.59;
    else em += 1;
  }
  return em * fontSize;
}

/** The text, cut with an ellipsis to fit. */
export function fitText(text: string, width: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  return `${fittingPart(text, width - fontSize, fontSize).trimEnd()}…`;
}

/** Breaks a text at spaces, and words that are too long anywhere, into lines that fit. */
export function wrapText(text: string, width: number, fontSize: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer, fontSize) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (textWidth(line, fontSize) > width) {
      const part = fittingPart(line, width, fontSize);
      if (part === line) break;
      lines.push(part);
      line = line.slice(part.length);
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** The longest beginning that fits: one character at least, so that every loop over it ends. */
function fittingPart(text: string, width: number, fontSize: number): string {
  let part = '';
  for (const character of text) {
    if (part !== '' && textWidth(part + character, fontSize) > width) break;
    part += character;
  }
  return part;
}

export interface PlacedLabel {
  readonly text: string;
  /** Where the text begins. */
  readonly x: number;
  readonly row: number;
}

const AIR = 10;

export interface LabelAnchor {
  readonly x: number;
  readonly text: string;
  /** Where the text wants to lie, seen from its anchor. */
  readonly side: 'left' | 'middle' | 'right';
}

/**
 * Places one label for each anchor, as near to its wish as the edges allow, in the first row where
 * it overlaps no other. A label that has no room on its side goes to the other one.
 */
export function placeLabels(
  anchors: readonly LabelAnchor[],
  options: { readonly left: number; readonly right: number; readonly fontSize: number },
): readonly PlacedLabel[] {
  const { left, right, fontSize } = options;
  const rows: { from: number; to: number }[][] = [];
  return anchors.map((anchor) => {
    const text = fitText(anchor.text, right - left, fontSize);
    const width = textWidth(text, fontSize);
    const x = startOf(anchor, width, left, right);
    const free = rows.findIndex((taken) =>
      taken.every(({ from, to }) => x + width + AIR < from || to + AIR < x),
    );
    const row = free === -1 ? rows.length : free;
    (rows[row] ??= []).push({ from: x, to: x + width });
    return { text, x, row };
  });
}

function startOf({ x, side }: LabelAnchor, width: number, left: number, right: number): number {
  const toLeft = x - 6 - width;
  const toRight = x + 6;
  const wanted =
    side === 'middle'
      ? x - width / 2
      : side === 'left'
        ? toLeft < left
          ? toRight
          : toLeft
        : toRight + width > right
          ? toLeft
          : toRight;
  return Math.max(left, Math.min(wanted, right - width));
}
