import { answer, notApplicable, type Rule } from '../rule';
import { createdResources, show } from '../terraform-plan';

/** Left unset, RDS decides by the subnet group: only an explicit false is safe. */
export const notPublic: Rule = {
  name: 'not-public',
  title: 'no instance is reachable from the internet',
  check: ({ terraform, approved }) => {
    if (approved.kind !== 'restore') return notApplicable('nothing is restored');
    return answer(
      createdResources(terraform)
        .filter(({ type }) => type === 'aws_rds_cluster_instance')
        .map(({ address, change }) => ({ address, found: change.after?.['publicly_accessible'] }))
        .filter(({ found }) => found !== false)
        .map(({ address, found }) => ({
          address,
          problem: `publicly_accessible is ${show(found)}, expected false`,
        })),
    );
  },
};
