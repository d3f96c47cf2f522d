import { expectedData } from '../../../lib/verify/expected-data';
import { at, restorePlan, snapshotPlan } from '../plan/facts';

test('a restore in time is expected to be exact', () => {
  const plan = restorePlan();
  expect(expectedData(plan, plan.clusters[0], 500)).toEqual({
    restoreTo: at('2026-01-08T10:12:13Z'),
    commitDelayMs: 500,
  });
});

test('a snapshot is expected to hold what there was a minute before it, and nothing from a minute after it', () => {
  const plan = snapshotPlan();
  expect(expectedData(plan, plan.clusters[0], 500)).toEqual({
    restoreTo: at('2026-01-07T03:11:00Z'),
    commitDelayMs: 120_500,
  });
});

test('never may a snapshot hold anything from after the approved restore point', () => {
  const plan = snapshotPlan();
  const cluster = { ...plan.clusters[0], dataAt: '2026-01-08T10:12:03Z' };
  expect(expectedData(plan, cluster, 500)).toEqual({
    restoreTo: at('2026-01-08T10:12:13Z'),
    commitDelayMs: 70_500,
  });
});
