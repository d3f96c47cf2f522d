import { refuse } from '../../../lib/errors';
import { sha256Of } from '../../../lib/artefacts/artefact';
import type { RestorePlan } from '../../../lib/artefacts/restore-plan';
import { renderMarkdown } from '../../../lib/report/markdown';
import { buildReportModel } from '../../../lib/report/model';
import { ARRIVAL, PIPELINE, SWAP, SWAPPED } from './more-drills';
import {
  ABORTED,
  DRILL,
  EARNEST,
  FAILED,
  filesOf,
  INCIDENT,
  MADE_AT,
  missing,
  modelOf,
  PASSED,
  PLANNED,
  REPOINT_PLAN,
  RESTORE_PLAN,
  STEPS,
  TIMELINE,
  type Drill,
} from './fixtures';

const build = (files: ReturnType<typeof filesOf>) =>
  buildReportModel({ drill: DRILL, madeAt: MADE_AT, files });

describe('the outcome', () => {
  const step = (
    result: 'failed' | 'interrupted' | 'running',
    phase: 'recovery' | 'tear-down' = 'recovery',
  ) => ({
    ...PASSED,
    timeline: {
      ...TIMELINE,
      steps: STEPS.map((each) =>
        each.name === (phase === 'recovery' ? 'application' : 'no drift after repoint')
          ? { ...each, result, endedAt: result === 'running' ? null : each.endedAt }
          : each,
      ),
    },
  });
  const { timeline: _timeline, repointPlan: _repoint, verification: _verification, ...planned } = PASSED;

  test.each<[string, Drill, string, RegExp]>([
    ['a whole drill', PASSED, 'passed', /runs on the restored cluster/],
    ['a failed verification', FAILED, 'failed', /1 of 4 checks failed/],
    ['an interrupted step', ABORTED, 'interrupted', /in step ‘restore’/],
    ['a failed step', step('failed'), 'failed', /step ‘application’ failed/],
    ['a step that was killed', step('running'), 'interrupted', /‘application’ never ended/],
    ['a tear-down that failed', step('failed', 'tear-down'), 'passed', /runs on the restored cluster/],
    ['no measured steps', EARNEST, 'verified', /nothing here records its apply/],
    ['a plan', planned, 'unfinished', /a restore is planned/],
    ['an incident', { incident: INCIDENT }, 'unfinished', /no restore is planned yet/],
    ['a drill that has only begun', { timeline: TIMELINE }, 'unfinished', /not resolved yet/],
    [
      'the way back',
      { ...PASSED, repointPlan: { ...REPOINT_PLAN, direction: 'back' } },
      'passed',
      /after that its way back was planned/,
    ],
  ])('of %s', (_name, drill, kind, headline) => {
    const { outcome } = modelOf(drill);
    expect(outcome.kind).toBe(kind);
    expect(outcome.headline).toMatch(headline);
  });
});

describe('the time to recover', () => {
  test('counts the recovery alone, measured by the drill', () => {
    const { recoveryTime } = modelOf(PASSED);
    expect(recoveryTime).toMatchObject({ basis: 'timeline', complete: true, tookMs: 248_300 });
    expect(recoveryTime?.phases).toEqual([
      { phase: 'set-up', tookMs: 28_700 },
      { phase: 'recovery', tookMs: 248_300 },
      { phase: 'tear-down', tookMs: 9900 },
    ]);
    expect(recoveryTime?.sinceDamageMs).toBeCloseTo(249_253.097, 3);
  });

  test('counts steps that ran side by side once, and leaves out pauses between steps', () => {
    const step = (name: string, startedAt: string, endedAt: string) => ({
      name,
      command: name,
      startedAt: `2026-01-15T10:${startedAt}Z`,
      endedAt: `2026-01-15T10:${endedAt}Z`,
      result: 'passed' as const,
      phase: 'recovery' as const,
    });
    const { recoveryTime } = modelOf({
      ...PASSED,
      timeline: {
        ...TIMELINE,
        steps: [
          step('one', '00:00', '00:10'),
          step('beside it', '00:05', '00:20'),
          step('inside both', '00:06', '00:07'),
          step('after a pause', '01:00', '01:01'),
        ],
      },
    });
    expect(recoveryTime).toMatchObject({
      tookMs: 21_000,
      beganAt: '2026-01-15T10:00:00Z',
      endedAt: '2026-01-15T10:01:01Z',
    });
  });

  test('is not complete where the recovery stopped', () => {
    expect(modelOf(ABORTED).recoveryTime).toMatchObject({ complete: false, tookMs: 209_300 });
  });

  test('comes from the artefacts’ stamps where nothing measured the steps, and says so', () => {
    const { recoveryTime, steps } = modelOf(EARNEST);
    expect(recoveryTime).toMatchObject({ basis: 'stamps', complete: false });
    expect(steps.map(({ name, tookMs }) => [name, tookMs])).toEqual([
      ['plan', 250_000],
      ['review, restore', 9_361_000],
      ['verification', 2300],
      ['repoint plan', 646_700],
    ]);
  });

  test('ends with the application’s arrival where a pipeline took the steps, and says what waited for people', () => {
    const { recoveryTime, steps, outcome } = modelOf(PIPELINE);
    expect(outcome).toEqual({ kind: 'passed', headline: 'the application runs on the restored cluster' });
    expect(steps.map(({ name, waitedForPeople }) => `${name}${waitedForPeople ? ', people' : ''}`)).toEqual([
      'plan, people',
      'review, restore, people',
      'verification',
      'repoint plan, people',
      'review, repoint, people',
      'arrival',
    ]);
    expect(recoveryTime).toMatchObject({
      basis: 'stamps',
      complete: true,
      beganAt: INCIDENT.madeAt,
      endedAt: '2026-01-15T11:50:20.000000Z',
      tookMs: Date.parse('2026-01-15T11:50:20Z') - Date.parse(INCIDENT.madeAt),
    });
    expect((recoveryTime?.tookMs ?? 0) - (recoveryTime?.withPeopleMs ?? 0)).toBe(22_300);
    const judged = buildReportModel({
      drill: DRILL,
      madeAt: MADE_AT,
      files: filesOf(PIPELINE),
      targets: { rtoMs: 2 * 3_600_000 },
    });
    expect(judged).toMatchObject({ ok: true, value: { targets: [{ name: 'RTO', verdict: 'met' }] } });
  });

  test('ends with the exchange of the names, and where it was seen with the arrival by them', () => {
    const { arrival: _, ...notSeen } = SWAPPED;
    expect(modelOf(notSeen).recoveryTime).toMatchObject({ complete: true, endedAt: SWAP.endedAt });
    expect(modelOf(SWAPPED).recoveryTime).toMatchObject({ complete: true, endedAt: ARRIVAL.arrivedAt });
  });

  test.each<[string, Partial<typeof ARRIVAL>, RegExp]>([
    [
      'was not seen',
      { verdict: 'not-arrived', arrivedAt: null },
      /has not been seen on the restored cluster/,
    ],
    ['went back since', { direction: 'back' }, /went back to the old cluster/],
  ])('has no known end where the application %s', (_name, change, headline) => {
    const { outcome, recoveryTime } = modelOf({ ...PIPELINE, arrival: { ...ARRIVAL, ...change } });
    expect(outcome).toMatchObject({ kind: 'verified', headline: expect.stringMatching(headline) as string });
    expect(recoveryTime?.complete).toBe(false);
  });

  test('leaves out the report’s own step, which is still running while it is written', () => {
    expect(TIMELINE.steps.at(-1)).toMatchObject({ name: 'report', result: 'running' });
    expect(modelOf(PASSED).steps.map(({ name }) => name)).not.toContain('report');
  });

  test('is not known where no step of the recovery has ended', () => {
    const setUp = { ...TIMELINE, steps: STEPS.filter(({ phase }) => phase === 'set-up') };
    expect(modelOf({ incident: INCIDENT, timeline: setUp }).recoveryTime).toBeNull();
  });
});

describe('the data given up', () => {
  test('is what others committed before and after the damage', () => {
    const { dataLoss } = modelOf(PASSED);
    expect(dataLoss).toMatchObject({ statements: 272, transactions: 217 });
    expect(dataLoss?.beforeEffectMs).toBeCloseTo(1846.903, 3);
    expect(dataLoss?.parts.map(({ when, statements }) => [when, statements])).toEqual([
      ['before the damage', 12],
      ['after the damage', 260],
    ]);
  });

  test('counts at least what is lost where a snapshot from before the restore point was restored', () => {
    const clusters: RestorePlan['clusters'] = [{ ...PLANNED, dataAt: '2026-01-15T03:02:16Z' }];
    const model = modelOf({ ...PASSED, restorePlan: { ...RESTORE_PLAN, clusters } });
    expect(model.dataLoss?.uncountedBeforeMs).toBe(7 * 3_600_000);
    expect(model.dataLoss?.beforeEffectMs).toBeCloseTo(7 * 3_600_000 + 1846.903, 3);
    const text = renderMarkdown(model);
    expect(text).toContain('at least **272 writing statements**');
    expect(text).toContain('A snapshot was restored: what was committed in the **7 h**');
  });

  test('is counted to where the logs are complete, and the rest until the application left is named', () => {
    expect(modelOf(PASSED).dataLoss).toMatchObject({
      countedUntil: '2026-01-15T10:02:59Z',
      uncountedMs: 208_100,
    });
  });

  test('is counted no further than the logs were read, however complete they are beyond', () => {
    const coverage = { ...INCIDENT.coverage, completeUntil: '2026-01-15T10:04:00Z' };
    expect(modelOf({ ...PASSED, incident: { ...INCIDENT, coverage } }).dataLoss?.countedUntil).toBe(
      '2026-01-15T10:03:00Z',
    );
  });

  test('has no known end where nothing records that the application left the old cluster', () => {
    expect(modelOf(FAILED).dataLoss?.uncountedMs).toBeNull();
    expect(modelOf(EARNEST).dataLoss?.uncountedMs).toBeNull();
  });
});

describe('the artefacts', () => {
  test('make a chain that anyone can check with sha256sum', () => {
    const { chain } = modelOf(PASSED);
    expect(chain.links.map(({ file, madeFrom }) => [file, madeFrom])).toEqual([
      ['incident.json', []],
      ['restore-plan.json', ['incident.json']],
      ['verification.json', ['incident.json', 'restore-plan.json']],
      ['repoint-plan.json', ['restore-plan.json', 'verification.json']],
    ]);
    const printed = chain.links.map(({ sha256, file }) => `${sha256}  ${file}\n`).join('');
    expect(chain.seal).toBe(sha256Of(printed));
  });

  test('that are missing are named', () => {
    expect(modelOf(ABORTED).absent.map(({ file, reason }) => [file, reason])).toEqual([
      ['verification.json', 'missing'],
      ['repoint-plan.json', 'missing'],
    ]);
  });

  test('that are stale do not count, nor does what was made from them', () => {
    const stale = refuse({
      reason: 'stale-artefact' as const,
      message: 'restore-plan.json was made from another incident.json',
      hint: 'make it again',
    });
    const model = build({ ...filesOf(PASSED), restorePlan: stale });
    expect(model).toMatchObject({
      ok: true,
      value: {
        restorePlan: null,
        verification: null,
        repointPlan: null,
        outcome: { kind: 'unfinished' },
        absent: [
          { file: 'restore-plan.json', reason: 'stale' },
          { file: 'verification.json', reason: 'stale' },
          { file: 'repoint-plan.json', reason: 'stale' },
        ],
      },
    });
  });

  test.each(['changed-artefact', 'invalid-artefact', 'not-json', 'unknown-schema-version'] as const)(
    'that were tampered with are refused: %s',
    (reason) => {
      const refusal = { reason, message: 'verification.json: no', hint: 'make it again' };
      expect(build({ ...filesOf(PASSED), verification: refuse(refusal) })).toEqual({ ok: false, refusal });
    },
  );

  test('of another drill are refused', () => {
    const files = filesOf({ ...PASSED, timeline: { ...TIMELINE, drill: 'another' } });
    expect(build(files)).toMatchObject({ ok: false, refusal: { reason: 'foreign-artefact' } });
  });

  test('are needed: without any there is nothing to report', () => {
    const files = {
      incident: missing('incident'),
      restorePlan: missing('restorePlan'),
      verification: missing('verification'),
      repointPlan: missing('repointPlan'),
      swap: missing('swap'),
      fence: missing('fence'),
      arrival: missing('arrival'),
      timeline: missing('timeline'),
    } as ReturnType<typeof filesOf>;
    expect(build(files)).toMatchObject({ ok: false, refusal: { reason: 'nothing-to-report' } });
  });
});
