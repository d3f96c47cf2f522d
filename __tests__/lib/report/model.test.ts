import { refuse } from '../../../lib/errors';
import { sha256Of } from '../../../lib/artefacts';
import { buildReportModel } from '../../../lib/report/model';
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
  REPOINT_PLAN,
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
    ['a failed verification', FAILED, 'failed', /1 of 5 checks failed/],
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
      ['to the restore plan', 250_000],
      ['to the restored data', 9_361_000],
      ['verification', 2300],
      ['to the repoint plan', 646_700],
    ]);
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
      timeline: missing('timeline'),
    } as ReturnType<typeof filesOf>;
    expect(build(files)).toMatchObject({ ok: false, refusal: { reason: 'nothing-to-report' } });
  });
});
