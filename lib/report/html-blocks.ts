import { unreachable } from '../errors';
import type { Block, Column } from './document';
import type { ReportModel } from './model';
import { printableLines } from '../printable';
import type { Inline, Mark, Phrase } from './phrase';
import { trendPicture } from './picture/trend-picture';
import { timelinePicture } from './picture/timeline-picture';
import { Html, markup } from './safe-html';

/** Widths of the two drawings in CSS pixels; the style sheet shows the one that fits the screen. */
const WIDE = 1000;
const NARROW = 344;

/** How many times as wide the time can be drawn, in a frame that scrolls sideways. */
const ZOOMS = [3, 10] as const;

export function renderBlock(block: Block, model: ReportModel): Html {
  switch (block.kind) {
    case 'text':
      return markup`<p>${renderPhrase(block.text)}</p> `;
    case 'notice':
      return markup`<p class="${block.tone === 'bad' ? 'notice bad' : 'notice'}">${renderPhrase(block.text)}</p> `;
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
    case 'trend':
      return markup`<figure class="trend">
        <div class="wide">${trendPicture(model, WIDE)}</div>
        <div class="narrow">${trendPicture(model, NARROW)}</div>
      </figure> `;
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
              ${cells.map((cell, i) => renderCell(cell, columns[i], i === 0))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div> `;
}

/** Cells of so few characters, such as `tear-down`, stay on one line. */
const BRIEF = 12;

/** The column's title goes with the cell, for screens on which each row stands as a list. */
function renderCell(cell: Phrase, column: Column | undefined, headsRow: boolean): Html {
  const classes = [
    column?.align === 'end' ? 'end' : undefined,
    cell.every((inline) => inline === '') ? 'empty' : undefined,
    cell.every((inline) => typeof inline === 'string' && inline.length <= BRIEF) ? 'brief' : undefined,
  ];
  const label =
    column === undefined || column.title === '' ? undefined : markup` data-label="${column.title}"`;
  const text = classes.filter((name) => name !== undefined).join(' ');
  const rest = markup`${className(text === '' ? undefined : text)}${label}><span>${renderPhrase(cell)}</span>`;
  return headsRow ? markup`<th scope="row"${rest}</th>` : markup`<td${rest}</td>`;
}

function className(name: string | undefined): Html | undefined {
  return name === undefined ? undefined : markup` class="${name}"`;
}

function legend({ timeline }: ReportModel): string {
  const steps =
    timeline === null
      ? 'Filled steps are machines’ time; outlined ones hold people’s as well.'
      : 'Blue steps count as recovery, grey ones do not; a cross marks what went wrong.';
  return `Hatched in red across the lanes: where the damage can have become visible. ${steps}`;
}

function renderPicture(model: ReportModel): Html {
  return markup`<a class="skip" href="#after-picture">Skip the picture: tables with the same figures follow</a>
    <figure class="timeline">
      <fieldset class="zoom on-screen">
        <legend>Zoom</legend>
        <label><input type="radio" name="zoom" id="zoom-1" checked="checked" />Whole</label>
        ${ZOOMS.map((times) => markup`<label><input type="radio" name="zoom" id="zoom-${times}" />${times} ×</label>`)}
      </fieldset>
      <div class="view view-1">
        <div class="wide">${timelinePicture(model, WIDE, 'wide')}</div>
        <div class="narrow">${timelinePicture(model, NARROW, 'narrow')}</div>
      </div>
      ${ZOOMS.map((times) => zoomedPicture(model, times))}
      <figcaption>${legend(model)} <span class="on-screen">Point at a part, or move to it with the tab key, to read more.</span></figcaption>
    </figure>
    <span id="after-picture" tabindex="-1"></span> `;
}

/** Without a script nothing scrolls by itself: links lead to what one zooms in for. */
function zoomedPicture(model: ReportModel, times: number): Html {
  const id = `times-${times}`;
  const { incident } = model;
  const places = [
    { flag: 'restore', name: 'restore point' },
    { flag: 'damage', name: 'damage' },
    ...((incident?.recordTime ?? null) === null ? [] : [{ flag: 'trap', name: 'record time' }]),
  ];
  const links =
    incident === null
      ? undefined
      : markup`<p class="places">Go to the ${places.map(({ flag, name }) => markup`<a href="#${id}-${flag}">${name}</a> `)}</p>`;
  return markup`<div class="view view-${times}">${links}
    <div class="scroll" tabindex="0" role="region" aria-label="Timeline, ${times} times as wide: it scrolls sideways">${timelinePicture(model, times * WIDE, id)}</div>
  </div> `;
}

export function renderPhrase(phrase: Phrase): Html {
  return markup`${phrase.map(renderInline)}`;
}

function renderInline(inline: Inline): Html {
  if (typeof inline === 'string') return markup`${unbroken(inline)}`;
  switch (inline.kind) {
    case 'code':
      return markup`<code>${inline.text}</code>`;
    case 'strong':
      return markup`<strong>${unbroken(inline.text)}</strong>`;
    case 'mark':
      return renderMark(inline.mark);
    case 'line-break':
      return markup`<br />`;
    default:
      return unreachable(inline);
  }
}

/** A duration stays on one line. */
function unbroken(text: string): string {
  return text
    .replace(/(\d) (?=(?:ms|s|min|h|d)\b)/g, '$1\u00A0')
    .replace(/(\d\u00A0(?:min|h|d)) (?=\d)/g, '$1\u00A0');
}

const MARKS: Readonly<Record<Mark, { tone: 'good' | 'bad' | 'plain' | 'open'; path: string; word: string }>> =
  {
    pass: { tone: 'good', path: 'M2.5 8l3.5 3.5 6.5-7.5', word: 'pass' },
    passed: { tone: 'good', path: 'M2.5 8l3.5 3.5 6.5-7.5', word: 'passed' },
    fail: { tone: 'bad', path: 'M3 3l9 9m0-9l-9 9', word: 'fail' },
    failed: { tone: 'bad', path: 'M3 3l9 9m0-9l-9 9', word: 'failed' },
    met: { tone: 'good', path: 'M2.5 8l3.5 3.5 6.5-7.5', word: 'met' },
    missed: { tone: 'bad', path: 'M3 3l9 9m0-9l-9 9', word: 'missed' },
    interrupted: { tone: 'bad', path: 'M5 3v9m5-9v9', word: 'interrupted' },
    running: { tone: 'bad', path: 'M3 7.5h.1m4.4 0h.1m4.4 0h.1', word: 'not ended' },
    'not-applicable': { tone: 'plain', path: 'M3 7.5h9', word: 'not applicable' },
    recorded: { tone: 'plain', path: 'M7.5 7.5h.1', word: 'recorded' },
    open: { tone: 'open', path: 'M7.5 3a4.5 4.5 0 1 1-.01 0', word: 'open' },
  };

function renderMark(value: Mark): Html {
  const { tone, path, word } = MARKS[value];
  const sign = markup`<svg width="15" height="15" viewBox="0 0 15 15" aria-hidden="true"><path d="${path}"/></svg>`;
  return markup`<span class="mark ${tone}">${sign}${word}</span>`;
}
