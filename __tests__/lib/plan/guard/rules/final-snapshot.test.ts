import type { Approved } from '../../../../../lib/plan/guard/approved';
import { change, CLUSTER } from '../edits';
import { applied, byName, captured, expectRefused, judge, type Refused } from '../judging';

const [first] = applied.clusters;
const restored = { ...first.restored, finalSnapshotIdentifier: 'trading-d-final' };
const earnest: Approved = {
  kind: 'destroy',
  restore: { ...applied, clusters: [{ ...first, restored }] },
};

test('passes where the state says so', () => {
  const terraform = captured('applied-destroy');
  const one = change(terraform, CLUSTER);
  one.before = {
    ...one.before,
    skip_final_snapshot: false,
    final_snapshot_identifier: 'trading-d-final',
  };
  expect(judge(terraform, earnest).verdict).toBe('pass');
});

const refused: readonly Refused[] = [
  {
    when: 'a cluster that was to stay leaves no final snapshot, as after an import',
    plan: 'applied-destroy',
    approved: earnest,
    finds: [
      `${CLUSTER}: skip_final_snapshot is true in the state, expected false: apply the restore once more, which sets it`,
      `${CLUSTER}: final_snapshot_identifier is nothing in the state, expected "trading-d-final": apply the restore once more, which sets it`,
    ],
  },
];

test.each(byName(refused))('final-snapshot refuses when %s', (_, one) => {
  expectRefused('final-snapshot', one);
});
