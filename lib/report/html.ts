import { createHash } from 'node:crypto';
import type { ReportDocument, Section, Tile } from './document';
import { renderBlock, renderPhrase } from './html-blocks';
import type { ReportModel } from './model';
import { reportDocument } from './report-document';
import { Html, markup } from './safe-html';
import { STYLE } from './style';

/**
 * The report as one HTML file: no script, no resource from outside, which its content security
 * policy also forbids. Ends in a newline.
 */
export function renderHtml(model: ReportModel): string {
  const document = reportDocument(model);
  const { drill, result, tone, headline, tiles, sections, footer } = document;
  const cluster = model.incident === null ? undefined : markup` · cluster ${model.incident.cluster}`;
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>${result}: restore drill ${drill}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <div class="page">
          <header class="${TONES[tone]}">
            <p class="overline">Restore drill ${drill}${cluster}</p>
            <h1>${signOf(tone)}<span><span class="word">${result}</span> ${sentence(headline)}</span></h1>
          </header>
          ${contents(document)}
          <main>
            <dl class="tiles">${tiles.map(renderTile)}</dl>
            ${sections.map((section) => renderSection(section, model))}
          </main>
          <footer>${renderPhrase(footer)}</footer>
        </div>
      </body>
    </html>
`;
  return page.text;
}

/** The policy allows exactly this style sheet: markup that smuggled in another could not use it. */
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');
const STYLE_ELEMENT = Html.ofOwnText(`<style>${STYLE}</style>`);

type Tone = ReportDocument['tone'];

const TONES: Readonly<Record<Tone, string>> = {
  good: 'tone-good',
  missed: 'tone-bad',
  failed: 'tone-bad',
  interrupted: 'tone-bad',
  open: 'tone-open',
};

const SIGNS: Readonly<Record<Tone, string>> = {
  good: 'M10 17.5l5 5 9.5-11',
  missed: 'M17 9v10m0 5.4v.2',
  failed: 'M11.5 11.5l11 11m0-11l-11 11',
  interrupted: 'M13.5 11v12m7-12v12',
  open: 'M17 9.5v8l5 3.5',
};

function signOf(tone: Tone): Html {
  return markup`<svg width="34" height="34" viewBox="0 0 34 34" aria-hidden="true">
    <circle class="disc" cx="17" cy="17" r="16" />
    <path class="sign" d="${SIGNS[tone]}" />
  </svg>`;
}

function contents({ sections }: ReportDocument): Html {
  return markup`<nav aria-label="Contents">
    <ul>
      ${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}
    </ul>
  </nav>`;
}

function renderTile({ label, value, note }: Tile): Html {
  return markup`<div class="tile">
    <dt>${label}</dt>
    <dd class="value">${value}</dd>
    <dd>${renderPhrase(note)}</dd>
  </div>`;
}

function renderSection({ id, title, blocks }: Section, model: ReportModel): Html {
  return markup`<section id="${id}" aria-labelledby="${id}-heading">
    <h2 id="${id}-heading">${title}</h2>
    ${blocks.map((block) => renderBlock(block, model))}
  </section> `;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
