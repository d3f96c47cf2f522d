import { printable, printableLines } from './printable';

/** Invisible, and ends whatever GitHub would have seen as one word: `@team`, `#12`, a link, `:emoji:`. */
const CUT = '&#8203;';

/**
 * Text that GitHub-flavoured Markdown shows as it is: no markup, no HTML, no mention, reference,
 * link, emoji or formula. GitHub links mentions and references after it has resolved backslashes
 * and entities, so that those need an invisible character inside; `$` needs a tag around it.
 * Source: GitHub Docs, "Writing mathematical expressions"; GFM spec 6.9 (autolinks).
 */
export function escapeMarkdown(text: string): string {
  return printable(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]~|]/g, (character) => `\\${character}`)
    .replace(/@(?=[\p{L}\p{N}_-])/gu, `@${CUT}`)
    .replace(/(?<!&)#(?=[\p{L}\p{N}_])/gu, `#${CUT}`)
    .replace(/\b(gh)-(?=\d)/gi, `$1${CUT}-`)
    .replace(/:(?=\/\/)/g, `:${CUT}`)
    .replace(/\bwww[.]/gi, (www) => `${www.slice(0, 3)}${CUT}.`)
    .replace(/:(?=[\w+-]*[a-z+][\w+-]*:)/gi, `:${CUT}`)
    .replace(/[$]/g, '<span>$</span>')
    .replace(/^(\s*)(?=[-+](?:\s|$)|[-=]{2}|#+(?:\s|$))/, '$1\\')
    .replace(/^(\s*\d+)(?=[.)](?:\s|$))/, `$1${CUT}`);
}

/**
 * Code that stands in a sentence or a table cell: GitHub links nothing inside code. Backticks where
 * they can hold the text. With a backtick, pipe or backslash in it, a tag with entities, since a
 * table cell would split at a pipe even inside backticks; some renderers look for links even there.
 */
export function codeSpan(text: string): string {
  const shown = printable(text);
  if (shown.trim() === '') return '(empty)';
  if (!/[`|\\]|^ | $/.test(shown)) return `\`${shown}\``;
  const entities = shown.replace(
    /[^\p{L}\p{N} .,;\-/=?']/gu,
    (character) => `&#${character.codePointAt(0) ?? 0};${character === '@' || character === ':' ? CUT : ''}`,
  );
  return `<code>${entities.replace(/\bwww[.]/gi, (www) => `${www.slice(0, 3)}${CUT}.`)}</code>`;
}

/** A fenced block whose fence is longer than any run of backticks inside; what cannot be seen is named. */
export function fenced(language: string, code: string): string {
  const text = printableLines(code);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
