import fc from 'fast-check';
import { makeAxis } from '../../../lib/report/picture/axis';
import { describePicture } from '../../../lib/report/picture/describe';
import { fitText, placeLabels, textWidth, wrapText } from '../../../lib/report/picture/text-layout';
import { timelinePicture } from '../../../lib/report/picture/timeline-picture';
import { ABORTED, EARNEST, FAILED, INCIDENT, modelOf, PASSED } from './fixtures';

const options = { left: 100, right: 900, longest: 10_000, breakWidth: 80, tickEvery: 70 };

describe('the axis', () => {
  test('never runs backwards, and stays inside its edges', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4_000_000_000 }), { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: -1000, max: 4_000_001_000 }), { minLength: 2, maxLength: 20 }),
        (points, instants) => {
          const axis = makeAxis({ ...options, points });
          const xs = instants.sort((a, b) => a - b).map(axis.x);
          expect(xs.every((x) => x >= 100 - 1e-6 && x <= 900 + 1e-6)).toBe(true);
          expect(xs.every((x, i) => i === 0 || x >= (xs[i - 1] ?? 0) - 1e-6)).toBe(true);
        },
      ),
    );
  });

  test('keeps to scale where nothing is left out', () => {
    const axis = makeAxis({ ...options, points: [0, 2000, 8000] });
    expect([0, 2000, 4000, 8000].map(axis.x)).toEqual([100, 300, 500, 900]);
    expect(axis.breaks).toEqual([]);
  });

  test('leaves a long pause out, and says how long it was', () => {
    const axis = makeAxis({ ...options, points: [0, 1000, 3_601_000, 3_602_000] });
    expect(axis.breaks).toEqual([{ x: 460, width: 80, ms: 3_600_000 }]);
    expect(axis.x(1000)).toBe(460);
    expect(axis.x(3_601_000)).toBe(540);
  });

  test('has ticks at round times that do not touch each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 400_000_000 }), (span) => {
        const { ticks } = makeAxis({
          ...options,
          longest: Infinity,
          points: [1_768_471_330_100, 1_768_471_330_100 + span],
        });
        expect(ticks.length).toBeLessThanOrEqual(12);
        expect(ticks.every(({ x }, i) => i === 0 || x - (ticks[i - 1]?.x ?? 0) >= 0.9 * 70)).toBe(true);
      }),
    );
  });
});

describe('labels', () => {
  test('never overlap in a row, and stay inside the edges', () => {
    const anchor = fc.record({
      x: fc.integer({ min: 0, max: 400 }),
      text: fc.string({ maxLength: 60 }),
      side: fc.constantFrom('left' as const, 'middle' as const, 'right' as const),
    });
    fc.assert(
      fc.property(fc.array(anchor, { maxLength: 8 }), (anchors) => {
        const placed = placeLabels(anchors, { left: 0, right: 400, fontSize: 12 });
        for (const [i, one] of placed.entries()) {
          const end = one.x + textWidth(one.text, 12);
          expect(one.x).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(400.001);
          for (const other of placed.slice(i + 1).filter(({ row }) => row === one.row)) {
            expect(end <= other.x || other.x + textWidth(other.text, 12) <= one.x).toBe(true);
          }
        }
      }),
    );
  });

  test('are cut with an ellipsis where they have no room', () => {
    expect(fitText('DELETE FROM accounts', 90, 12)).toMatch(/^DELETE FR.*…$/);
    expect(fitText('short', 90, 12)).toBe('short');
  });

  test('wrap without losing a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 1, max: 200 }),
        (text, width) => {
          const words = text.replace(/ +/g, '');
          expect(wrapText(text, width, 12).join('').replace(/ +/g, '')).toBe(words);
        },
      ),
    );
  });
});

describe('the timeline picture', () => {
  test.each([
    ['passed', PASSED],
    ['failed', FAILED],
    ['aborted', ABORTED],
    ['in earnest', EARNEST],
  ])('of a drill %s, in words', (_name, drill) => {
    expect(describePicture(modelOf(drill))).toMatchSnapshot();
  });

  test('shows every step, and marks the one that went wrong by a shape', () => {
    const svg = timelinePicture(modelOf(FAILED), 1000, 'p')?.text ?? '';
    expect(svg.match(/class="step /g)).toHaveLength(8);
    expect(svg.match(/class="step-cross"/g)).toHaveLength(1);
    expect(svg).toContain('not reached: stopped after');
  });

  test('shows the trap only where the log has record times', () => {
    expect(timelinePicture(modelOf(PASSED), 1000, 'p')?.text).toContain('by record time 10:02:27');
    expect(timelinePicture(modelOf(EARNEST), 1000, 'p')?.text).not.toContain('by record time');
  });

  test('draws the steps alone where there is no incident, and the incident alone where there are no steps', () => {
    const stepsOnly = timelinePicture(modelOf({ timeline: PASSED.timeline ?? failing() }), 1000, 'p')?.text;
    expect(stepsOnly).toContain('step by step');
    expect(stepsOnly).not.toContain('in seconds');
    const incidentOnly = timelinePicture(modelOf({ incident: INCIDENT }), 344, 'p')?.text;
    expect(incidentOnly).toContain('in seconds');
    expect(incidentOnly).not.toContain('class="step ');
  });

  test('leaves out the night between the incident and a drill of minutes', () => {
    const late = (instant: string): string => instant.replace('2026-01-15', '2026-01-16');
    const timeline = PASSED.timeline ?? failing();
    const svg = timelinePicture(
      modelOf({
        ...PASSED,
        timeline: {
          ...timeline,
          steps: timeline.steps.map((step) => ({
            ...step,
            startedAt: late(step.startedAt),
            endedAt: step.endedAt === null ? null : late(step.endedAt),
          })),
        },
      }),
      1000,
      'p',
    );
    expect(svg?.text).toContain('24 h left out');
  });
});

function failing(): never {
  throw new Error('the fixture lacks it');
}
