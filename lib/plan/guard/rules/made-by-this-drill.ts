import { plannedClusterOf } from '../approved';
import { answer, notApplicable, type Rule } from '../rule';
import { managedChanges, show, type ResourceChange } from '../terraform-plan';

/** What every drill tags all that it makes with. */
export const TAG = 'restore-drill';

export const madeByThisDrill: Rule = {
  name: 'made-by-this-drill',
  title: 'what is deleted carries the tag of this drill, or belongs to a cluster that does',
  check: ({ terraform, approved }) => {
    if (approved.kind !== 'destroy') return notApplicable('nothing is deleted');
    const { drill } = approved.restore;
    return answer(
      managedChanges(terraform).flatMap((change) => {
        if (change.type === 'aws_rds_cluster_role_association') {
          const cluster = change.change.before?.['db_cluster_identifier'];
          if (plannedClusterOf(change, terraform, approved.restore) !== undefined) return [];
          return [{ address: change.address, problem: `belongs to DB cluster ${show(cluster)}` }];
        }
        const found = drillTagOf(change);
        if (found === drill) return [];
        return [
          { address: change.address, problem: `its tag ${TAG} is ${show(found)}, expected ${show(drill)}` },
        ];
      }),
    );
  },
};

/** The drill that made a resource, as its tags said when Terraform looked. */
export function drillTagOf({ change }: ResourceChange): unknown {
  const tags = change.before?.['tags_all'];
  return typeof tags === 'object' && tags !== null
    ? Object.entries(tags).find(([key]) => key === TAG)?.[1]
    : undefined;
}
