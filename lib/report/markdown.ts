import { unreachable } from '../errors';
import type { Block, Section, Tile } from './document';
import { codeSpan, escapeMarkdown, fenced } from '../escape-markdown';
import { printableLines } from '../printable';
import { renderMermaid } from './mermaid';
import type { ReportModel } from './model';
import { code, say, type Inline, type Mark, type Phrase } from './phrase';
import { reportDocument } from './report-document';
import { OUTCOME_WORDS } from './outcome-words';

const MARKS: Readonly<Record<Mark, string>> = {
  pass: '✔ pass',
  fail: '✘ **FAIL**',
  'not-applicable': '– not applicable',
  passed: '✔ passed',
  failed: '✘ **FAILED**',
  interrupted: '✘ **interrupted**',
  running: '… not ended',
  recorded: '· recorded',
};

/**
 * The report for a pull request: GitHub-flavoured Markdown with Mermaid. Ends in a newline.
 * `htmlSha256`: of the HTML report that was made from the same model, as the last link of the chain.
 */
export function renderMarkdown(model: ReportModel, htmlSha256?: string): string {
  const { drill, outcome, tiles, sections, footer } = reportDocument(model);
  const pictures = renderMermaid(model).map((source) => fenced('mermaid', source));
  return `${[
    `# Restore drill ${escapeMarkdown(drill)}: ${OUTCOME_WORDS[outcome.kind].toLowerCase()}`,
    `**${escapeMarkdown(sentence(outcome.headline))}**`,
    tileTable(tiles),
    ...sections.map((section) => renderSection(section, pictures)),
    '---',
    renderPhrase(footer),
    ...(htmlSha256 === undefined
      ? []
      : [renderPhrase(say`SHA-256 of the report.html beside this file: ${code(htmlSha256)}`)]),
  ].join('\n\n')}\n`;
}

function tileTable(tiles: readonly Tile[]): string {
  return [
    `| ${tiles.map(({ label }) => escapeMarkdown(label)).join(' | ')} |`,
    `|${tiles.map(() => ' --- ').join('|')}|`,
    `| ${tiles.map(({ value, note }) => `**${escapeMarkdown(value)}**<br>${renderPhrase(note)}`).join(' | ')} |`,
  ].join('\n');
}

function renderSection({ title, blocks }: Section, pictures: readonly string[]): string {
  return [`## ${escapeMarkdown(title)}`, ...blocks.map((block) => renderBlock(block, pictures))].join('\n\n');
}

function renderBlock(block: Block, pictures: readonly string[]): string {
  switch (block.kind) {
    case 'text':
      return renderPhrase(block.text);
    case 'notice':
      return `> [!IMPORTANT]\n> ${renderPhrase(block.text)}`;
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

function renderPhrase(phrase: Phrase): string {
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
