import type { RestorePlan } from '../../../lib/artefacts';
import { checkStillRestorable } from '../../../lib/plan/still-restorable';
import { at, planned, sourceCluster } from './facts';

const plan: RestorePlan = { schemaVersion: 1, ...planned() };
const now = at('2026-01-10T10:30:00Z');

test('a reviewed plan whose source is the same and still restorable holds', () => {
  expect(checkStillRestorable(plan, sourceCluster(), now)).toMatchObject({ ok: true });
});

test('a plan that waited until its restore point left the window does not', () => {
  const source = sourceCluster({ earliestRestorableAt: at('2026-01-08T10:12:14Z') });
  expect(checkStillRestorable(plan, source, now)).toMatchObject({
    refusal: { reason: 'restore-point-too-old' },
  });
});

test('nor does one whose source was replaced by another cluster of that name', () => {
  const source = sourceCluster({ resourceId: 'cluster-ANOTHER' });
  expect(checkStillRestorable(plan, source, now)).toMatchObject({
    refusal: {
      reason: 'another-source',
      message: expect.stringContaining('is cluster-ANOTHER') as string,
    },
  });
});
