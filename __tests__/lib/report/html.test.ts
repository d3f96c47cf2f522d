import { createHash } from 'node:crypto';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { renderHtml } from '../../../lib/report/html';
import { escapeHtml, markup } from '../../../lib/report/safe-html';
import { ABORTED, EARNEST, FAILED, HOSTILE, INCIDENT, modelOf, PASSED, type Drill } from './fixtures';

const DRILLS: readonly (readonly [string, Drill])[] = [
  ['passed', PASSED],
  ['failed', FAILED],
  ['aborted', ABORTED],
  ['in earnest', EARNEST],
  ['hostile', HOSTILE],
  ['barely begun', { incident: INCIDENT }],
];

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** All elements of a page that is well-formed XML as well, in the order of the page. */
function elementsOf(page: string): readonly Element[] {
  const xml = page.replace(/^<!doctype html>/, '');
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '' });
  const walk = (nodes: readonly Record<string, unknown>[]): Element[] =>
    nodes.flatMap((node) =>
      Object.entries(node)
        .filter(([name]) => name !== ':@' && name !== '#text')
        .flatMap(([name, children]) => [
          { name, attributes: (node[':@'] ?? {}) as Record<string, string> },
          ...walk(children as Record<string, unknown>[]),
        ]),
    );
  return walk(parser.parse(xml) as Record<string, unknown>[]);
}

describe.each(DRILLS)('the report in HTML of a drill %s', (_name, drill) => {
  const page = renderHtml(modelOf(drill));
  const elements = elementsOf(page);

  test('loads nothing, runs nothing and sends nothing', () => {
    const names = new Set(elements.map(({ name }) => name));
    for (const name of [
      'script',
      'link',
      'img',
      'iframe',
      'object',
      'embed',
      'form',
      'base',
      'foreignObject',
      'use',
    ]) {
      expect(names).not.toContain(name);
    }
    for (const { attributes } of elements) {
      expect(Object.keys(attributes).filter((name) => /^on|^style$|^src|^action$|^ping$/.test(name))).toEqual(
        [],
      );
      expect(attributes['href'] ?? '#').toMatch(/^#/);
    }
    expect(page).not.toMatch(/url\((?!#)|@import/);
  });

  test('has a policy that allows its own style sheet and nothing else', () => {
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = elements.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');
    expect(policy?.attributes['content']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
  });

  test('has no id twice, and every reference leads to one', () => {
    const ids = elements.flatMap(({ attributes }) =>
      attributes['id'] === undefined ? [] : [attributes['id']],
    );
    expect(new Set(ids).size).toBe(ids.length);
    const references = elements.flatMap(({ attributes }) => [
      ...(attributes['aria-labelledby']?.split(' ') ?? []),
      ...(attributes['href'] === undefined ? [] : [attributes['href'].slice(1)]),
      ...(/^url\(#(.*)\)$/.exec(attributes['fill'] ?? '')?.slice(1) ?? []),
    ]);
    expect(references.filter((reference) => !ids.includes(reference))).toEqual([]);
  });

  test('has a picture whose parts can be focused and read aloud', () => {
    const parts = elements.filter(({ attributes }) => attributes['class'] === 'hit');
    expect(parts.length).toBeGreaterThan(4);
    for (const { attributes } of parts) {
      expect(attributes).toMatchObject({ tabindex: '0', role: 'img' });
      expect(attributes['aria-label']?.length).toBeGreaterThan(10);
    }
  });

  test('draws inside its frame', () => {
    for (const [, svg = ''] of page.matchAll(/(<svg xmlns[^]*?<\/svg>)/g)) {
      const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number);
      for (const [, x = 0, y = 0, w = 0, h = 0] of [
        ...svg.matchAll(
          /<rect class="(?!tip-box|hatch-)[^"]*" x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)"/g,
        ),
      ].map((match) => match.map(Number))) {
        expect(x).toBeGreaterThanOrEqual(-8);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(x + w).toBeLessThanOrEqual(width + 8);
        expect(y + h).toBeLessThanOrEqual(height);
      }
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
});

test('the report of a passed drill reads well without style sheet and pictures', () => {
  const words = renderHtml(modelOf(PASSED))
    .replace(/<(style|svg)[^]*?<\/\1>/g, '')
    .replace(/<\/(p|h\d|li|dt|dd|td|th|caption|figcaption|pre)>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/[ \n]*\n[ \n]*/g, '\n');
  expect(words).toMatchSnapshot();
});

describe('markup', () => {
  test('escapes every value that is not markup itself', () => {
    const name = '"><script>alert(1)</script>\'`&';
    expect(markup`<a title="${name}">${name}</a>`.text).toBe(
      `<a title="${escapeHtml(name)}">${escapeHtml(name)}</a>`,
    );
    expect(escapeHtml(name)).toBe('&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#39;&#96;&#38;');
  });

  test('nests, joins lists and leaves out what is undefined', () => {
    expect(markup`<ul>${['<', 2, undefined].map((item) => markup`<li>${item}</li>`)}</ul>`.text).toBe(
      '<ul><li>&#60;</li><li>2</li><li></li></ul>',
    );
  });
});
