import { unreachable } from '../errors';
import type { Block, Column } from './document';
import type { ReportModel } from './model';
import { printableLines } from '../printable';
import type { Inline, Mark, Phrase } from './phrase';
import { timelinePicture } from './picture/timeline-picture';
import { Html, markup } from './safe-html';

/** Widths of the two drawings in CSS pixels; the style sheet shows the one that fits the screen. */
const WIDE = 1000;
const NARROW = 344;

export function renderBlock(block: Block, model: ReportModel): Html {
  switch (block.kind) {
    case 'text':
      return markup`<p>${renderPhrase(block.text)}</p> `;
    case 'notice':
      return markup`<p class="notice">${renderPhrase(block.text)}</p> `;
    case 'list':
      return markup`<ul>
        ${block.items.map((item) => markup`<li>${renderPhrase(item)}</li>`)}
      </ul> `;
    case 'facts':
      return markup`<dl class="facts">
        ${block.rows.map(
          ({ label, value }) =>
            markup`<dt>${label}</dt>
              <dd>${renderPhrase(value)}</dd>`,
        )}
      </dl> `;
    case 'table':
      return renderTable(block);
    case 'code':
      return markup`<pre><code>${printableLines(block.text)
        .split('\n')
        .map((text, i) => markup`${i === 0 ? '' : Html.ofOwnText('\n')}${text}`)}</code></pre> `;
    case 'picture':
      return renderPicture(model);
    case 'more':
      return markup`<h3>${block.summary}</h3>
        ${block.blocks.map((inner) => renderBlock(inner, model))}`;
    default:
      return unreachable(block);
  }
}

function renderTable({ caption, columns, rows, compact }: Extract<Block, { kind: 'table' }>): Html {
  return markup`<div class="table${compact === true ? ' compact' : ''}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(({ title, align }) => markup`<th scope="col" ${className(align === 'end' ? 'end' : undefined)}>${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            markup`<tr>
              ${cells.map((cell, i) => renderCell(cell, columns[i]))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
}

/** Cells of so few characters, such as `tear-down`, stay on one line. */
const BRIEF = 12;

/** The column's title goes with the cell, for screens on which each row stands as a list. */
function renderCell(cell: Phrase, column: Column | undefined): Html {
  const classes = [
    column?.align === 'end' ? 'end' : undefined,
    cell.every((inline) => inline === '') ? 'empty' : undefined,
    cell.every((inline) => typeof inline === 'string' && inline.length <= BRIEF) ? 'brief' : undefined,
  ];
  const label =
    column === undefined || column.title === '' ? undefined : markup` data-label="${column.title}"`;
  const text = classes.filter((name) => name !== undefined).join(' ');
  return markup`<td${className(text === '' ? undefined : text)}${label}><span>${renderPhrase(cell)}</span></td>`;
}

function className(name: string | undefined): Html | undefined {
  return name === undefined ? undefined : markup` class="${name}"`;
}

const LEGEND =
  'Hatched in red across the lanes: where the damage can have become visible. Blue steps count as recovery, grey ones do not; a cross marks what went wrong.';

function renderPicture(model: ReportModel): Html {
  return markup`<a class="skip" href="#rto">Skip the picture: tables with the same figures follow</a>
    <figure>
      <div class="wide">${timelinePicture(model, WIDE, 'wide')}</div>
      <div class="narrow">${timelinePicture(model, NARROW, 'narrow')}</div>
      <figcaption>${LEGEND} <span class="on-screen">Point at a part, or move to it with the tab key, to read more.</span></figcaption>
    </figure> `;
}

export function renderPhrase(phrase: Phrase): Html {
  return markup`${phrase.map(renderInline)}`;
}

function renderInline(inline: Inline): Html {
  if (typeof inline === 'string') return markup`${inline}`;
  switch (inline.kind) {
    case 'code':
      return markup`<code>${inline.text}</code>`;
    case 'strong':
      return markup`<strong>${inline.text}</strong>`;
    case 'mark':
      return renderMark(inline.mark);
    case 'line-break':
      return markup`<br />`;
    default:
      return unreachable(inline);
  }
}

const MARKS: Readonly<Record<Mark, { tone: 'good' | 'bad' | 'plain'; path: string; word: string }>> = {
  pass: { tone: 'good', path: 'M2.5 8l3.5 3.5 6.5-7.5', word: 'pass' },
  passed: { tone: 'good', path: 'M2.5 8l3.5 3.5 6.5-7.5', word: 'passed' },
  fail: { tone: 'bad', path: 'M3 3l9 9m0-9l-9 9', word: 'fail' },
  failed: { tone: 'bad', path: 'M3 3l9 9m0-9l-9 9', word: 'failed' },
  interrupted: { tone: 'bad', path: 'M5 3v9m5-9v9', word: 'interrupted' },
  running: { tone: 'bad', path: 'M3 7.5h.1m4.4 0h.1m4.4 0h.1', word: 'not ended' },
  'not-applicable': { tone: 'plain', path: 'M3 7.5h9', word: 'not applicable' },
  recorded: { tone: 'plain', path: 'M7.5 7.5h.1', word: 'recorded' },
};

function renderMark(value: Mark): Html {
  const { tone, path, word } = MARKS[value];
  const sign = markup`<svg width="15" height="15" viewBox="0 0 15 15" aria-hidden="true"><path d="${path}"/></svg>`;
  return markup`<span class="mark ${tone}">${sign}${word}</span>`;
}
