import { renderComment } from '../../../lib/report/comment';
import { isRed, type DrillSummary } from '../../../lib/report/drill-summary';
import { renderHtml } from '../../../lib/report/html';
import { renderMarkdown } from '../../../lib/report/markdown';
import { buildReportModel, type ReportModel } from '../../../lib/report/model';
import { nextStepOf } from '../../../lib/report/next-step';
import { renderDrillList, renderDrillListMarkdown } from '../../../lib/report/render-drill-list';
import { summarizeDrill } from '../../../lib/report/summarize-drill';
import type { Targets } from '../../../lib/report/targets';
import { valueOf } from '../../../lib/errors';
import { DRILL, EARNEST, FAILED, filesOf, MADE_AT, PASSED, type Drill } from './fixtures';
import { ARRIVAL } from './more-drills';

const summaryOf = (drill: Drill, targets: Targets = {}): DrillSummary =>
  summarizeDrill(
    valueOf(buildReportModel({ drill: DRILL, madeAt: MADE_AT, files: filesOf(drill), targets })),
  );
const passed = summaryOf(PASSED);
const RTO_MS = passed.rtoMs ?? 0;
const RPO_MS = passed.rpoMs ?? 0;

describe('targets', () => {
  test.each([
    ['met just at the target', { rtoMs: RTO_MS, rpoMs: RPO_MS }, ['met', 'met']],
    ['missed by a millisecond', { rtoMs: RTO_MS - 1, rpoMs: RPO_MS - 1 }, ['missed', 'missed']],
    ['none where the team has none', {}, []],
  ])('are %s', (_, targets, verdicts) => {
    expect(RTO_MS).toBeGreaterThan(1000);
    expect(RPO_MS).toBeGreaterThan(1000);
    expect(summaryOf(PASSED, targets).targets.map(({ verdict }) => verdict)).toEqual(verdicts);
  });

  test('cannot be met by a recovery that was not measured, or did not reach its end', () => {
    const generous = { rtoMs: 1e12 };
    expect(summaryOf(EARNEST, generous).targets[0]?.verdict).toBe('not-known');
    expect(summaryOf(FAILED, generous).targets[0]?.verdict).toBe('not-known');
  });
});

describe('a missed target', () => {
  const reportOf = (drill: Drill, targets: Targets): ReportModel =>
    valueOf(buildReportModel({ drill: DRILL, madeAt: MADE_AT, files: filesOf(drill), targets }));
  const { timeline: _, ...unmeasured } = PASSED;
  const arrived = { ...unmeasured, arrival: ARRIVAL };
  const textOf = (html: string): string => html.replace(/<style>[^]*<\/style>|<[^>]*>/g, '');

  test.each<[string, Targets, string, readonly string[]]>([
    ['both', { rtoMs: 1000, rpoMs: 100 }, 'passed, targets missed', ['RTO 4 min 8 s', 'RPO 1.8 s']],
    ['the RTO', { rtoMs: 1000, rpoMs: RPO_MS }, 'passed, target missed', ['RTO 4 min 8 s']],
    ['the RPO', { rpoMs: 100 }, 'passed, target missed', ['RPO 1.8 s']],
  ])('is said first, and wherever else one looks: %s', (_what, targets, result, missed) => {
    const model = reportOf(PASSED, targets);
    const text = renderMarkdown(model);
    const [title, , headline] = text.split('\n');
    expect(title).toBe(`# Restore drill ${DRILL}: ${result}`);
    const glance = text.slice(text.indexOf('## At a glance'), text.indexOf('## Next step'));
    for (const words of missed) {
      expect(headline).toContain(`${words}, target`);
      expect(glance).toContain(`> **A target of the team was missed:** ${words}, target`);
    }
    expect(text.match(/target [\d.]+ \w+: ✘ [*]{2}MISSED[*]{2}<br>/g)).toHaveLength(missed.length);
    const html = renderHtml(model);
    expect(html).toContain(`<title>${result.replace('p', 'P')}: `);
    expect(html).toMatch(/<header class="tone-bad">/);
    expect(textOf(html)).toContain(`${result.replace('p', 'P')} The application runs`);
    for (const said of [text, textOf(html)]) {
      expect(said).not.toMatch(/nothing (is left to do|is urgent)/i);
      expect(said).toMatch(/missed its R[TP]O( and RPO)? targets?: find out why/);
    }
  });

  test.each([
    ['met', { rtoMs: 3_600_000, rpoMs: 3_600_000 }, /target 1 h: ✔ met<br>/],
    ['neither', {}, /^[|] [*]{2}4 min 8 s[*]{2}<br>of recovery/m],
  ])('is claimed nowhere where it is %s', (_what, targets, tile) => {
    const text = renderMarkdown(reportOf(PASSED, targets));
    expect(text).toMatch(tile);
    expect(text).not.toMatch(/missed/i);
    expect(text).toContain('Nothing is left to do');
  });

  test('is the next thing after the application has arrived', () => {
    const { what, commands } = nextStepOf(DRILL, reportOf(arrived, { rpoMs: 100 }));
    expect(what).toContain('the application is on the restored cluster, and the drill missed its RPO target');
    expect(commands).toContain(`npm run retire -- --drill ${DRILL}`);
  });

  test('stands beside the figures of the comment', () => {
    const comment = renderComment(reportOf(arrived, { rtoMs: 1000, rpoMs: 3_600_000 }), []);
    const [, tiles = ''] = /^([|] [*]{2}.*)$/m.exec(comment) ?? [];
    expect(tiles).toMatch(/target 1[.]0 s: ✘ [*]{2}MISSED[*]{2}<br>.*target 1 h: ✔ met<br>/);
    expect(comment).toMatch(/^## Restore drill .*: passed, target missed$/m);
  });
});

describe('the trend', () => {
  const earlier: readonly DrillSummary[] = [
    { ...passed, drill: 'autumn', at: '2025-10-01T10:00:00Z', rtoMs: 600_000 },
    { ...passed, drill: 'summer', at: '2025-07-01T10:00:00Z', outcome: 'failed', rtoMs: null },
  ];
  const model = valueOf(
    buildReportModel({
      drill: DRILL,
      madeAt: MADE_AT,
      files: filesOf(PASSED),
      targets: { rtoMs: 300_000 },
      others: earlier,
    }),
  );

  test('is drawn against the target, the newest drill last, and told in words', () => {
    const html = renderHtml(model);
    expect(html).toContain(
      'aria-label="Time to recover, oldest drill first: 2025-07-01: failed; 2025-10-01: 10 min; 2026-01-15: 4 min 8 s; target 5 min"',
    );
    const [, figure = ''] = html.split('<figure class="trend">');
    const [drawing = ''] = figure.split('</svg>');
    const bars = [...drawing.matchAll(/class="(step[^"]*)"[^>]* width="([\d.]+)"/g)];
    expect(bars.map(([, tone]) => tone)).toEqual(['step failed', 'step recovery']);
    expect(Number(bars[0]?.[2]) / Number(bars[1]?.[2])).toBeCloseTo(600_000 / RTO_MS, 1);
    expect(drawing).toContain('step-cross');
  });

  test('is a table in Markdown', () => {
    expect(renderMarkdown(model)).toMatch(/longer|shorter[^]*\| `autumn` \| 2025-10-01 \| passed \| 10 min/);
  });
});

describe('the list of drills', () => {
  test('goes red for a failed drill and for a missed target, and not otherwise', () => {
    expect(isRed(passed)).toBe(false);
    expect(isRed(summaryOf(FAILED))).toBe(true);
    expect(isRed(summaryOf(PASSED, { rtoMs: 1 }))).toBe(true);
  });

  test('shows each drill in one line, and each missed target below', () => {
    const lines = renderDrillList([
      summaryOf(PASSED, { rtoMs: 60_000 }),
      { ...summaryOf(FAILED), drill: 'spring' },
    ]).split('\n');
    expect(lines[0]).toMatch(/^ +Drill +Cluster +Damage \(UTC\) +Result +RTO +RPO +Writes given up$/);
    expect(lines[1]).toMatch(new RegExp(`^✘ +${DRILL} +trading +2026-01-15 10:02 +passed, target missed `));
    expect(lines[2]).toMatch(/^✘ +spring +trading +2026-01-15 10:02 +failed +not measured /);
    expect(lines[4]).toMatch(new RegExp(`^${DRILL}: RTO .*, target (1 min 0 s|60[.]0 s|1 min): missed$`));
  });

  test('is a table in Markdown, with names that cannot break it', () => {
    const text = renderDrillListMarkdown([{ ...passed, cluster: 'a|b `c`' }]);
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toContain('<code>a&#124;b &#96;c&#96;</code>');
  });
});

describe('the trend in a report', () => {
  const at = (day: number, change: Partial<DrillSummary> = {}): DrillSummary => ({
    ...passed,
    drill: `drill-${day}`,
    at: `2026-01-0${day}T10:00:00Z`,
    ...change,
  });
  const reportWith = (others: readonly DrillSummary[], targets: Targets = {}): string =>
    renderMarkdown(
      valueOf(buildReportModel({ drill: DRILL, madeAt: MADE_AT, files: filesOf(PASSED), others, targets })),
    );

  test('compares with earlier drills of the same cluster only', () => {
    const report = reportWith([
      at(3, { rtoMs: RTO_MS * 2 }),
      at(2, { cluster: 'orders' }),
      { ...passed, drill: 'later', at: '2026-02-01T00:00:00Z' },
    ]);
    expect(report).toContain('## Targets and trend');
    expect(report).toContain('50 % shorter than the median');
    expect(report).toContain('`drill-3`');
    expect(report).not.toContain('drill-2');
    expect(report).not.toContain('later`');
  });

  test('says of each target whether it was met', () => {
    expect(reportWith([], { rtoMs: 1000 })).toMatch(/✘ \*\*FAIL\*\* RTO .* target 1[.]0 s: missed/);
  });

  test('is left out where there is nothing to compare with', () => {
    expect(reportWith([])).not.toContain('Targets and trend');
  });
});
