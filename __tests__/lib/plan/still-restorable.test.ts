import { checkStillRestorable, type Origin } from '../../../lib/plan/still-restorable';
import { at, restorePlan, retainedBackup, snapshot, snapshotPlan, sourceCluster } from './facts';

const now = at('2026-01-10T10:30:00Z');
const cluster = (over: Parameters<typeof sourceCluster>[0] = {}): Origin => ({
  kind: 'cluster',
  source: sourceCluster(over),
});

test.each<[string, Origin, string, string?]>([
  ['the same and still restorable', cluster(), 'accepted'],
  [
    'out of its window by now',
    cluster({ earliestRestorableAt: at('2026-01-08T10:12:14Z') }),
    'restore-point-too-old',
  ],
  ['stopped by now', cluster({ status: 'stopped' }), 'accepted'],
  ['being deleted', cluster({ status: 'deleting' }), 'source-not-restorable', 'is deleting'],
  [
    'replaced by another cluster of that name',
    cluster({ resourceId: 'cluster-ANOTHER' }),
    'another-source',
    'is cluster-ANOTHER',
  ],
  ['deleted, with its backups', { kind: 'backup', backup: retainedBackup() }, 'accepted'],
  [
    'deleted, with backups that do not reach back any more',
    {
      kind: 'backup',
      backup: { ...retainedBackup(), earliestRestorableAt: at('2026-01-08T10:12:14Z') },
    },
    'restore-point-too-old',
  ],
  ['deleted, and its backups too', { kind: 'backup', backup: undefined }, 'backup-gone', 'are gone'],
])('a reviewed plan whose source is %s', (_, origin, expected, says = '') => {
  const plan = restorePlan();
  const outcome = checkStillRestorable(plan, plan.clusters[0], origin, now);
  expect(outcome.ok ? 'accepted' : outcome.refusal.reason).toBe(expected);
  expect(outcome.ok ? '' : outcome.refusal.message).toContain(says);
});

test.each<[string, Origin, string]>([
  ['there', { kind: 'snapshot', snapshot: snapshot() }, 'accepted'],
  [
    'deleted',
    { kind: 'snapshot', snapshot: undefined },
    "snapshot 'nightly' of 2026-01-07T03:10:00Z is gone",
  ],
  [
    'being deleted',
    { kind: 'snapshot', snapshot: snapshot({ status: 'deleting' }) },
    "snapshot 'nightly' of 2026-01-07T03:10:00Z is deleting",
  ],
  [
    'one that was made later under the same name',
    { kind: 'snapshot', snapshot: snapshot({ createdAt: at('2026-01-07T04:00:00Z') }) },
    "snapshot 'nightly' of 2026-01-07T03:10:00Z is another one now",
  ],
])('a reviewed plan whose snapshot is %s', (_, origin, expected) => {
  const plan = snapshotPlan();
  const outcome = checkStillRestorable(plan, plan.clusters[0], origin, now);
  expect(outcome.ok ? 'accepted' : outcome.refusal.message).toBe(expected);
});
