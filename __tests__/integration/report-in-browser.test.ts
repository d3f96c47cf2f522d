import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { renderHtml } from '../../lib/report/html';
import type { ReportModel } from '../../lib/report/model';
import { judgeTargets } from '../../lib/report/targets';
import { summarizeDrill } from '../../lib/report/summarize-drill';
import { renderMermaid } from '../../lib/report/mermaid';
import { ABORTED, EARNEST, FAILED, HOSTILE, modelOf, PASSED, type Drill } from '../lib/report/fixtures';
import { ALL_DRILLS, PIPELINE, SNAPSHOT, SWAPPED, TWO_CLUSTERS } from '../lib/report/more-drills';
import { launchChromium } from './chromium';
import {
  collidingLabels,
  cutLabels,
  drawnTasks,
  faintTexts,
  focusedText,
  foldedParts,
  headingLevels,
  pageWidth,
  isFocused,
  leftEdge,
  tipStyle,
  topAndBottom,
} from './in-page';

jest.setTimeout(20 * 60_000);

const DRILLS: Readonly<Record<string, Drill>> = {
  passed: PASSED,
  failed: FAILED,
  aborted: ABORTED,
  earnest: EARNEST,
  pipeline: PIPELINE,
  snapshot: SNAPSHOT,
  swapped: SWAPPED,
  'two-clusters': TWO_CLUSTERS,
  hostile: HOSTILE,
};
/** Every report is shown among earlier drills, and against a target. */
const inTrend = (model: ReportModel): ReportModel => ({
  ...model,
  targets: judgeTargets(model, { rtoMs: 300_000 }),
  earlier: [420_000, 318_000, null, 251_000].map((rtoMs, i) => ({
    ...summarizeDrill(modelOf(PASSED)),
    drill: `drill-${i}`,
    at: `2025-${String(12 - 3 * i).padStart(2, '0')}-11T09:00:00Z`,
    outcome: rtoMs === null ? 'interrupted' : 'passed',
    rtoMs,
  })),
});
const SCREENS = {
  wide: { viewport: { width: 1280, height: 900 } },
  narrow: { viewport: { width: 390, height: 844 } },
} as const;
const SCHEMES = ['light', 'dark'] as const;
/** With SCREENSHOTS=folder, what the browser shows is kept there for people to look at: each page, and the top of it. */
const SCREENSHOTS = process.env['SCREENSHOTS'];

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Opens a report and fails for whatever a browser complains about or asks of the network. */
async function withReport(
  name: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options);
  const complaints: string[] = [];
  try {
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('data:') && request.url() !== 'about:blank')
        complaints.push(request.url());
    });
    await page.setContent(renderHtml(inTrend(modelOf(DRILLS[name] ?? PASSED))));
    await look(page);
  } finally {
    await context.close();
  }
  expect(complaints).toEqual([]);
}

async function keep(page: Page, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage: true });
  const width = page.viewportSize()?.width ?? 0;
  const clip = { x: 0, y: 0, width, height: width < 600 ? 1450 : width < 1000 ? 1015 : 1290 };
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}-top.png`), fullPage: true, clip });
}

const CASES = Object.keys(DRILLS).flatMap((name) =>
  Object.keys(SCREENS).flatMap((screen) => SCHEMES.map((scheme) => ({ name, screen, scheme }))),
);

describe.each(CASES)('the report of a drill $name, $screen and $scheme', ({ name, screen, scheme }) => {
  test('fits the screen, no label lies on another, and every text stands out from what is behind it', async () => {
    const { viewport } = SCREENS[screen as keyof typeof SCREENS];
    await withReport(name, { viewport, colorScheme: scheme }, async (page) => {
      const widest = await page.evaluate(pageWidth);
      expect(widest).toBeLessThanOrEqual(viewport.width);
      expect(await page.evaluate(collidingLabels)).toEqual([]);
      expect(await page.evaluate(cutLabels)).toEqual([]);
      expect(await page.evaluate(faintTexts)).toEqual([]);
      await keep(page, `report-${name}-${screen}-${scheme}`);
    });
  });
});

test('shows what a part of the picture means when it is pointed at, and when the keyboard reaches it', async () => {
  await withReport('passed', SCREENS.wide, async (page) => {
    const hit = page.locator('g.hit:visible').first();
    const tip = hit.locator('.tip');
    const shown = (): Promise<string> => tip.evaluate(tipStyle);
    const before = await shown();
    await hit.hover();
    const hovered = await shown();
    expect(hovered).not.toBe(before);
    await page.mouse.move(0, 0);
    expect(await shown()).toBe(before);
    await hit.focus();
    expect(await shown()).toBe(hovered);
    expect(await hit.getAttribute('aria-label')).toMatch(/\w/);
  });
});

test.each(['passed', 'failed', 'aborted'])(
  'shows the whole picture without scrolling far: a drill %s',
  async (name) => {
    await withReport(name, { viewport: { width: 1440, height: 900 } }, async (page) => {
      const [top, bottom] = await page.locator('figure.timeline').first().evaluate(topAndBottom);
      expect(top).toBeLessThan(520);
      const incident = page.locator('.wide g.axis').first();
      expect((await incident.evaluate(topAndBottom))[1]).toBeLessThan(900);
      const glance = await page.locator('#glance').evaluate(topAndBottom);
      expect(glance[0]).toBeGreaterThan(bottom);
    });
  },
);

test.each(SCHEMES)(
  'zooms into the seconds by the keyboard, and leads to what one zooms in for: %s',
  async (colorScheme) => {
    await withReport('passed', { ...SCREENS.wide, colorScheme }, async (page) => {
      const restorePoint = (id: string): Promise<number> => page.locator(`#${id}-restore`).evaluate(leftEdge);
      const near = {
        whole: await restorePoint('wide'),
        damage: await page.locator('#wide-damage').evaluate(leftEdge),
      };
      await page.getByRole('radio', { name: 'Whole' }).focus();
      for (const times of [3, 10]) {
        await page.keyboard.press('ArrowRight');
        const frame = page.getByRole('region', { name: `Timeline, ${times} times as wide` });
        expect(await frame.isVisible()).toBe(true);
        expect(await page.locator('.view:visible').count()).toBe(1);
        expect(await page.evaluate(pageWidth)).toBeLessThanOrEqual(1280);
        expect(await page.evaluate(collidingLabels)).toEqual([]);
        const apart =
          (await page.locator(`#times-${times}-damage`).evaluate(leftEdge)) -
          (await restorePoint(`times-${times}`));
        expect(apart).toBeGreaterThan(times * (near.damage - near.whole));
      }
      await page.getByRole('link', { name: 'damage', exact: true }).focus();
      await page.keyboard.press('Enter');
      const flag = page.locator('#times-10-damage');
      await expect(flag.evaluate(isFocused)).resolves.toBe(true);
      const left = await flag.evaluate(leftEdge);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(1280);
      expect(await flag.locator('.tip').evaluate(tipStyle)).toMatch(/^visible/);
      await keep(page, `report-zoomed-${colorScheme}`);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.view-1').isVisible()).toBe(true);
      expect(await page.locator('.view:visible').count()).toBe(1);
    });
  },
);

test('has Mermaid diagrams that Mermaid itself draws whole, of every kind of drill', async () => {
  const page = await browser.newPage();
  try {
    await page.addScriptTag({ path: require.resolve('@mermaid-js/tiny/dist/mermaid.tiny.js') });
    const sources = Object.values(ALL_DRILLS).flatMap((drill) => renderMermaid(modelOf(drill)));
    expect(sources.length).toBeGreaterThan(30);
    for (const source of sources) {
      const tasks = source.split('\n').filter((line) => line.includes(' :')).length;
      expect({ source, drawn: await page.evaluate(drawnTasks, source) }).toEqual({ source, drawn: tasks });
    }
    await expect(page.evaluate(drawnTasks, 'gantt\n    a task :crit, no date, 1d')).rejects.toThrow();
  } finally {
    await page.close();
  }
});

test('can be walked through by keyboard alone, and the picture be skipped', async () => {
  await withReport('passed', SCREENS.wide, async (page) => {
    const reached: string[] = [];
    for (let i = 0; i < 60; i += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(focusedText);
      if (focused === '') break;
      reached.push(focused);
    }
    expect(reached.length).toBeGreaterThan(15);
    expect(reached.some((text) => text.startsWith('Skip the picture'))).toBe(true);
    expect(new Set(reached).size).toBeGreaterThan(15);
  });
});

test('leads past the picture by its skip link, to the table behind it', async () => {
  await withReport('passed', SCREENS.wide, async (page) => {
    const parts = await page.locator('g.hit:visible').count();
    await page.locator('a.skip').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(parts).toBeGreaterThan(5);
    expect(await page.locator('g.hit:focus').count()).toBe(0);
  });
});

test('gives every row of a table a header, as it gives every column one', async () => {
  await withReport('passed', SCREENS.wide, async (page) => {
    const rows = await page.locator('tbody tr').count();
    expect(rows).toBeGreaterThan(30);
    expect(await page.getByRole('rowheader').count()).toBe(rows);
    expect(await page.locator('table:not(:has(caption))').count()).toBe(0);
  });
});

test('tells a screen reader its outcome, its sections in order, and the picture in words', async () => {
  await withReport('failed', SCREENS.wide, async (page) => {
    await expect(page.getByRole('heading', { level: 1 }).textContent()).resolves.toMatch(/Failed/);
    const levels = await page.getByRole('heading').evaluateAll(headingLevels);
    levels.forEach((level, i) => {
      expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
    });
    await expect(page.getByRole('main').count()).resolves.toBe(1);
    await expect(page.locator('svg desc').first().textContent()).resolves.toMatch(/\w+ \w+ \w+/);
  });
});

test.each(Object.keys(DRILLS))('is printed whole on A4: a drill %s', async (name) => {
  await withReport(name, { ...SCREENS.wide, colorScheme: 'dark' }, async (page) => {
    await page.emulateMedia({ media: 'print', colorScheme: 'light' });
    await page.setViewportSize({ width: 718, height: 1000 });
    const widest = await page.evaluate(pageWidth);
    expect(widest).toBeLessThanOrEqual(718);
    // what is folded on the screen must not be lost on paper
    expect(await page.evaluate(foldedParts)).toBe(0);
    expect(await page.evaluate(faintTexts)).toEqual([]);
    const pdf = await page.pdf({ format: 'A4', printBackground: true });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await keep(page, `report-${name}-print`);
  });
});
