import MarkdownIt from 'markdown-it';
import { codeSpan, escapeMarkdown, fenced } from '../../../lib/escape-markdown';
import { renderMarkdown } from '../../../lib/report/markdown';
import { renderMermaid } from '../../../lib/report/mermaid';
import { ABORTED, EARNEST, FAILED, HOSTILE, HOSTILE_TEXT, modelOf, PASSED } from './fixtures';

const markdown = new MarkdownIt({ html: true, linkify: true });

/** The HTML that a renderer makes of the text, which allows HTML and looks for links. */
const rendered = (text: string): string => markdown.render(text);
const asText = (html: string): string =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\u200b/g, '')
    .trim();

describe('the report in Markdown', () => {
  test.each([
    ['passed', PASSED],
    ['failed', FAILED],
    ['aborted', ABORTED],
    ['in earnest', EARNEST],
  ])('of a drill %s', (_name, drill) => {
    expect(renderMarkdown(modelOf(drill))).toMatchSnapshot();
  });

  test('names the HTML report that belongs to it', () => {
    expect(renderMarkdown(modelOf(PASSED), 'f'.repeat(64))).toContain(
      `SHA-256 of the report.html beside this file: \`${'f'.repeat(64)}\``,
    );
  });

  test('holds no markup but its own, whatever names and statements try', () => {
    const html = rendered(renderMarkdown(modelOf(HOSTILE)));
    const tags = new Set([...html.matchAll(/<\/?([a-z][a-z0-9]*)/gi)].map(([, tag]) => tag));
    expect([...tags].sort()).toEqual(
      'blockquote br code details h1 h2 hr li p pre span strong summary table tbody td th thead tr ul'.split(
        ' ',
      ),
    );
    expect(html).not.toMatch(/<[^>]* (href|src|on\w+|id)=/);
    expect(asText(html)).toContain('<script>alert(1)</script>');
  });

  test('has the same sections, whatever names and statements try', () => {
    const headings = (text: string): unknown =>
      markdown
        .parse(text, {})
        .flatMap((token, i, all) => (token.type === 'heading_open' ? [token.tag, all[i + 1]?.content] : []));
    const hostile = renderMarkdown(modelOf(HOSTILE));
    const plain = renderMarkdown(modelOf({ ...FAILED, repointPlan: PASSED.repointPlan ?? failing() }));
    expect(headings(hostile)).toEqual(headings(plain));
  });

  test('has tables in which every row has as many cells as its head', () => {
    const rows = renderMarkdown(modelOf(HOSTILE))
      .split('\n\n')
      .filter((block) => block.startsWith('|') || /\n[|] /.test(block))
      .map((block) => block.split('\n').filter((line) => line.startsWith('|')));
    expect(rows.length).toBeGreaterThan(8);
    for (const [head, ...others] of rows) {
      const cells = (row = ''): number => row.replace(/\\[|]/g, '').split('|').length;
      for (const row of others) expect(cells(row)).toBe(cells(head));
    }
  });

  test('mentions nobody and refers to nothing', () => {
    const text = renderMarkdown(modelOf(HOSTILE))
      .replace(/(`{3,})[^]*?\n\1/g, '') // GitHub links nothing inside code
      .replace(/`[^`\n]*`/g, '')
      .replace(/<code>.*?<\/code>/g, '');
    expect(text).toContain('alert');
    expect(text).not.toMatch(/@[a-z]/i);
    expect(text).not.toMatch(/(?<!&)#\d/);
    expect(text).not.toMatch(/\bGH-\d/i);
    expect(text).not.toMatch(/:rocket:/);
    expect(text).not.toMatch(/:\/\/|www[.]/);
  });
});

describe('escaped text', () => {
  test.each([
    HOSTILE_TEXT.replace(/\p{C}/gu, ''),
    '- item',
    '1. item',
    '12) item',
    '# heading',
    '--- ',
    '=====',
    '+ plus',
    '> quote',
    'a_b_c *d* `e` ~~f~~ ![g](h) [i]: j',
    'a\\*b',
    '&lt;b&gt;',
    'pre <b>bold</b>',
  ])('reads as it was written: %s', (text) => {
    expect(asText(rendered(escapeMarkdown(text)))).toBe(text.trim());
  });

  test('shows what nobody could see', () => {
    expect(escapeMarkdown('a\u202eb\u0000c')).toBe('a&lt;U+202E&gt;b&lt;U+0000&gt;c');
  });

  test('leaves ordinary sentences as they are', () => {
    const text = 'On 2026-01-15 at 10:02:14.846 UTC, 12.5 s before (row 7), it took 3 min 2 s: 65 %.';
    expect(escapeMarkdown(text)).toBe(text);
  });
});

describe('code in a sentence', () => {
  test.each([
    'DELETE FROM `a`',
    'a | b',
    'a\\|b',
    'C:\\new',
    '``',
    ' spaced ',
    '@a|b www.x.example|y http://z|',
  ])('reads as it was written, in a table too: %s', (text) => {
    const html = rendered(`| head | second |\n| --- | --- |\n| ${codeSpan(text)} | other |`);
    expect(html).toContain('<td>other</td>');
    expect(html).not.toContain('<a ');
    const [, cell = ''] = /<td>(.*?)<\/td>/.exec(html) ?? [];
    expect(asText(cell)).toBe(text.trim());
    expect(cell).toMatch(/^<code>.*<\/code>$/);
  });
});

test('a block of code ends where it should, whatever fences it holds', () => {
  const text = 'a\n```\nb\n`````\nc';
  expect(rendered(fenced('sql', text))).toBe(`<pre><code class="language-sql">${text}\n</code></pre>\n`);
});

describe('the Mermaid diagrams', () => {
  test('have one task on each line, and no syntax from names', () => {
    for (const diagram of renderMermaid(modelOf(HOSTILE))) {
      for (const line of diagram.split('\n').slice(5)) {
        expect(line).toMatch(
          /^ {4}(section [A-Za-z -]+|[\p{L}\p{N} _./()–-]+ :[a-z, ]+, [-0-9:. ]+, [-0-9:.s ]+)$/u,
        );
      }
    }
  });

  test('do not take a step’s name for a statement of their language', () => {
    const timeline = PASSED.timeline ?? failing();
    const [diagram = ''] = renderMermaid(
      modelOf({
        timeline: { ...timeline, steps: timeline.steps.map((step) => ({ ...step, name: 'click here' })) },
      }),
    );
    expect(diagram).toContain('step click here');
    expect(diagram).not.toMatch(/^ *click/m);
  });
});

function failing(): never {
  throw new Error('the fixture lacks it');
}
