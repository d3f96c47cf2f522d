import { plannedClusterOf } from '../approved';
import { sameSetting } from '../approved-settings';
import { answer, notApplicable, type Rule } from '../rule';
import { managedChanges, show } from '../terraform-plan';

/** A destroy goes by what the state says; an import leaves it saying that no snapshot is taken. */
export const finalSnapshot: Rule = {
  name: 'final-snapshot',
  title: 'a cluster that was meant to stay is deleted with its approved final snapshot',
  check: ({ terraform, approved }) => {
    if (approved.kind !== 'destroy') return notApplicable('nothing is deleted');
    const snapshots = approved.restore.clusters.map(({ restored }) => restored.finalSnapshotIdentifier);
    if (snapshots.every((snapshot) => snapshot === undefined)) {
      return notApplicable('no final snapshot is approved: a drill leaves none');
    }
    return answer(
      managedChanges(terraform)
        .filter(({ type, change }) => type === 'aws_rds_cluster' && change.actions.includes('delete'))
        .flatMap((cluster) => {
          const {
            address,
            change: { before },
          } = cluster;
          const snapshot = plannedClusterOf(cluster, terraform, approved.restore)?.restored
            .finalSnapshotIdentifier;
          // a cluster that is not of the plan is refused by another rule
          if (snapshot === undefined) return [];
          const expected = { skip_final_snapshot: false, final_snapshot_identifier: snapshot };
          return Object.entries(expected)
            .filter(([attribute, value]) => !sameSetting(before?.[attribute], value))
            .map(([attribute, value]) => ({
              address,
              problem: `${attribute} is ${show(before?.[attribute])} in the state, expected ${show(value)}: apply the restore once more, which sets it`,
            }));
        }),
    );
  },
};
