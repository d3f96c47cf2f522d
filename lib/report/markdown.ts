import { unreachable } from '../errors';
import type { Block, ReportDocument, Section, Tile } from './document';
import { codeSpan, escapeMarkdown, fenced } from '../escape-markdown';
import { printableLines } from '../printable';
import { renderMermaid } from './mermaid';
import type { ReportModel } from './model';
import { code, say, type Inline, type Mark, type Phrase } from './phrase';
import { reportDocument } from './report-document';

const MARKS: Readonly<Record<Mark, string>> = {
  pass: '✔ pass',
  fail: '✘ **FAIL**',
  'not-applicable': '– not applicable',
  passed: '✔ passed',
  failed: '✘ **FAILED**',
  met: '✔ met',
  missed: '✘ **MISSED**',
  interrupted: '✘ **interrupted**',
  running: '… not ended',
  recorded: '· recorded',
  open: '○ open',
};

/**
 * The report for a pull request: GitHub-flavoured Markdown with Mermaid. Ends in a newline.
 * `htmlSha256`: of the HTML report that was made from the same model, as the last link of the chain.
 */
export function renderMarkdown(model: ReportModel, htmlSha256?: string): string {
  const document = reportDocument(model);
  return `${[
    ...renderDocument(document, model, '#'),
    '---',
    renderPhrase(document.footer),
    ...(htmlSha256 === undefined
      ? []
      : [renderPhrase(say`SHA-256 of the report.html beside this file: ${code(htmlSha256)}`)]),
  ].join('\n\n')}\n`;
}

/** Headline, figures and sections, the first title at the given level; what stands above and below is the caller's. */
export function renderDocument(
  { drill, result, headline, tiles, sections }: ReportDocument,
  model: ReportModel,
  level: '#' | '##',
): string[] {
  const pictures = renderMermaid(model).map((source) => fenced('mermaid', source));
  return [
    `${level} Restore drill ${escapeMarkdown(drill)}: ${result.toLowerCase()}`,
    `**${escapeMarkdown(sentence(headline))}**`,
    tileTable(tiles),
    ...sections.map((section) => renderSection(section, pictures, level)),
  ];
}

function tileTable(tiles: readonly Tile[]): string {
  return [
    `| ${tiles.map(({ label }) => escapeMarkdown(label)).join(' | ')} |`,
    `|${tiles.map(() => ' --- ').join('|')}|`,
    `| ${tiles.map(({ value, note }) => `**${escapeMarkdown(value)}**<br>${renderPhrase(note)}`).join(' | ')} |`,
  ].join('\n');
}

function renderSection({ title, blocks }: Section, pictures: readonly string[], level: '#' | '##'): string {
  return [`${level}# ${escapeMarkdown(title)}`, ...blocks.map((block) => renderBlock(block, pictures))]
    .filter((text) => text !== '')
    .join('\n\n');
}

function renderBlock(block: Block, pictures: readonly string[]): string {
  switch (block.kind) {
    case 'text':
      return renderPhrase(block.text);
    case 'notice':
      return `> [!${block.tone === 'bad' ? 'CAUTION' : 'IMPORTANT'}]\n> ${renderPhrase(block.text)}`;
    case 'list':
      return block.items.map((item) => `- ${renderPhrase(item)}`).join('\n');
    case 'facts':
      return [
        '| | |',
        '| --- | --- |',
        ...block.rows.map(({ label, value }) => `| **${escapeMarkdown(label)}** | ${renderPhrase(value)} |`),
      ].join('\n');
    case 'table':
      return [
        `${escapeMarkdown(sentence(block.caption))}:`,
        '',
        `| ${block.columns.map(({ title }) => escapeMarkdown(title)).join(' | ')} |`,
        `|${block.columns.map(({ align }) => (align === 'end' ? ' ---: ' : ' --- ')).join('|')}|`,
        ...block.rows.map((cells) => `| ${cells.map(renderPhrase).join(' | ')} |`),
      ].join('\n');
    case 'code':
      return fenced(block.language, printableLines(block.text));
    case 'picture':
      return pictures.join('\n\n');
    case 'trend':
      return '';
    case 'more':
      return [
        `<details><summary>${escapeMarkdown(block.summary)}</summary>`,
        ...block.blocks.map((inner) => renderBlock(inner, pictures)),
        '</details>',
      ].join('\n\n');
    default:
      return unreachable(block);
  }
}

export function renderPhrase(phrase: Phrase): string {
  return phrase.map(renderInline).join('').trim();
}

function renderInline(inline: Inline): string {
  if (typeof inline === 'string') return escapeMarkdown(inline);
  switch (inline.kind) {
    case 'code':
      return codeSpan(inline.text);
    case 'strong':
      return `**${escapeMarkdown(inline.text)}**`;
    case 'mark':
      return MARKS[inline.mark];
    case 'line-break':
      return '<br>';
    default:
      return unreachable(inline);
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
