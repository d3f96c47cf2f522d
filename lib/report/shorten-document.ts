import { shorten, showCount } from '../shorten';
import type { Block, Section } from './document';
import { say, type Inline, type Phrase } from './phrase';
import { counted } from './words';

/** How much of each part is shown at most. */
export interface Limit {
  /** Rows of a table, items of a list, blocks of a section. */
  readonly parts: number;
  /** Characters of a text, before they are escaped. */
  readonly characters: number;
}

/** The section with nothing longer than the limit; each part that is cut says how much is left out. */
export function shortenSection(section: Section, limit: Limit): Section {
  return { ...section, blocks: shortenBlocks(section.blocks, limit) };
}

function shortenBlocks(blocks: readonly Block[], limit: Limit): readonly Block[] {
  const shown = blocks.slice(0, limit.parts).flatMap((block) => shortenBlock(block, limit));
  return [...shown, ...leftOut(blocks.length - limit.parts, 'part')];
}

function shortenBlock(block: Block, limit: Limit): readonly Block[] {
  const { parts, characters } = limit;
  const phrase = (text: Phrase): Phrase => shortenPhrase(text, characters);
  switch (block.kind) {
    case 'text':
    case 'notice':
      return [{ ...block, text: phrase(block.text) }];
    case 'list':
      return [
        { ...block, items: block.items.slice(0, parts).map(phrase) },
        ...leftOut(block.items.length - parts, 'item'),
      ];
    case 'facts':
      return [
        { ...block, rows: block.rows.slice(0, parts).map((row) => ({ ...row, value: phrase(row.value) })) },
        ...leftOut(block.rows.length - parts, 'row'),
      ];
    case 'table':
      return [
        {
          ...block,
          caption: shorten(block.caption, characters),
          rows: block.rows.slice(0, parts).map((cells) => cells.map(phrase)),
        },
        ...leftOut(block.rows.length - parts, 'row'),
      ];
    case 'code':
      return [{ ...block, text: shorten(block.text, characters) }];
    case 'more':
      return [
        { ...block, summary: shorten(block.summary, characters), blocks: shortenBlocks(block.blocks, limit) },
      ];
    case 'picture':
    case 'trend':
      return [block];
  }
}

function leftOut(count: number, what: string): readonly Block[] {
  return count <= 0
    ? []
    : [{ kind: 'text', text: say`and ${counted(count, `more ${what}`)}, left out here` }];
}

function shortenPhrase(phrase: Phrase, most: number): Phrase {
  const shown: Inline[] = [];
  let left = most;
  for (const [i, inline] of phrase.entries()) {
    if (left <= 0) return [...shown, `… (cut here, ${showCount(phrase.length - i)} more parts)`];
    shown.push(shortenInline(inline, left));
    left -= lengthOf(inline);
  }
  return shown;
}

function shortenInline(inline: Inline, most: number): Inline {
  if (typeof inline === 'string') return shorten(inline, most);
  return inline.kind === 'code' || inline.kind === 'strong'
    ? { ...inline, text: shorten(inline.text, most) }
    : inline;
}

function lengthOf(inline: Inline): number {
  if (typeof inline === 'string') return inline.length;
  return inline.kind === 'code' || inline.kind === 'strong' ? inline.text.length : 1;
}
