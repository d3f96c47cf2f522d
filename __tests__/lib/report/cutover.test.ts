import { renderMarkdown } from '../../../lib/report/markdown';
import { nextStepOf } from '../../../lib/report/next-step';
import { DRILL, modelOf, PASSED, REPOINT_PLAN, type Drill } from './fixtures';
import { ARRIVAL, FENCE, PIPELINE, SWAP, SWAPPED } from './more-drills';

/** The report's text between two headings. */
function section(drill: Drill, title: string): string {
  const [, text = ''] = renderMarkdown(modelOf(drill)).split(`## ${title}`);
  return text.split('\n## ')[0]?.trim() ?? '';
}

describe('the report on the move of the application', () => {
  test('tells what it cost, and of the fence', () => {
    expect(section({ ...PASSED, arrival: ARRIVAL, fence: FENCE }, 'Moving the application'))
      .toMatchInlineSnapshot(`
     "| | |
     | --- | --- |
     | **Fence** | the fence of the old cluster stands since 2026-01-15 10:06:04 UTC<br>\`trading\` from 1 database account |
     | **Arrival** | on the new cluster, seen 2026-01-15 10:06:20 UTC |
     | **Last write on the old cluster** | 2026-01-15 10:06:09.500 UTC |
     | **First write on the new cluster** | 2026-01-15 10:06:11.250 UTC |
     | **Without a write** | 1.8 s |
     | **Left behind** | 1,203 rows written on the old cluster since the restore point, which the new one lacks |
     | **Measured** | by trading.orders.placed\\_at |"
    `);
  });

  test('tells what an exchange of names cost, and the way back from it', () => {
    const drill = SWAPPED;
    const model = modelOf(drill);
    expect(model.absent.map(({ file }) => file)).toEqual(['timeline.json']);
    expect(model.outcome).toMatchObject({ kind: 'passed' });
    expect(model.chain.links.map(({ file }) => file)).toContain('swap.json');
    expect(section(drill, 'Moving the application')).toContain('on the new cluster, by its name, seen');
    expect(section(drill, 'Moving the application')).toMatch(
      /Names exchanged:[^]*`trading`<br>[^]*\| 10:06:10 \|/,
    );
    expect(section(drill, 'How to undo')).toMatch(/Take the names back[^]*npm run undo/);
    expect(nextStepOf(DRILL, { ...model, arrival: null }).commands).toEqual([
      `npm run arrival -- --drill ${DRILL}`,
    ]);
    expect(nextStepOf(DRILL, model).commands).toContain(`npm run retire -- --drill ${DRILL}`);
  });

  test('does not call it a gap where both clusters took writes', () => {
    const text = section(
      { ...PASSED, arrival: { ...ARRIVAL, writes: { ...ARRIVAL.writes, gapMs: -1200 } } },
      'Moving the application',
    );
    expect(text).toContain('at no moment: both took writes for 1.2 s');
  });

  test('asks for those who were left behind where not everybody has arrived', () => {
    const model = modelOf({ ...PIPELINE, arrival: { ...ARRIVAL, verdict: 'not-arrived', arrivedAt: null } });
    expect(nextStepOf(DRILL, model)).toMatchObject({
      what: expect.stringContaining('what still holds the old cluster') as string,
      commands: [`npm run arrival -- --drill ${DRILL}`, `npm run undo -- --drill ${DRILL}`],
    });
  });

  test('shows an exchange of names that was cut short', () => {
    const { arrival: _, ...unseen } = SWAPPED;
    const model = modelOf({ ...unseen, swap: { ...SWAP, endedAt: null, adoptedAt: null } });
    expect(model.outcome.headline).toContain('the names are being exchanged');
    expect(nextStepOf(DRILL, model).commands).toEqual([`npm run swap -- --drill ${DRILL} --execute`]);
  });

  test('claims nothing where no clock tells, or nobody was seen', () => {
    const writes = { lastOnLeftAt: null, firstOnReachedAt: null, gapMs: null, stranded: null, evidence: [] };
    const text = section(
      { ...PASSED, arrival: { ...ARRIVAL, verdict: 'not-arrived', arrivedAt: null, writes } },
      'Moving the application',
    );
    expect(text).toContain('not seen');
    expect(text.match(/unknown/g)).toHaveLength(4);
  });

  test('is not missed where nothing recorded it', () => {
    const model = modelOf(PASSED);
    expect(model.absent).toEqual([]);
    expect(renderMarkdown(model)).not.toContain('Moving the application');
  });

  test('says first that there was no passed verification, and the reason', () => {
    const overriddenVerification = {
      reason: 'the check is wrong, see the incident channel',
      instead: "the verification of drill 'x' failed: row-counts",
    };
    const text = renderMarkdown(
      modelOf({ ...PASSED, repointPlan: { ...REPOINT_PLAN, overriddenVerification } }),
    );
    expect(text).toContain('brought over without a passed verification');
    expect(text).toContain('the check is wrong, see the incident channel');
    const { repointPlan: _, ...unplanned } = PASSED;
    expect(renderMarkdown(modelOf({ ...unplanned, swap: { ...SWAP, overriddenVerification } }))).toContain(
      'brought over without a passed verification',
    );
  });
});
