import { plannedClusterOf } from '../approved';
import { sameSetting } from '../approved-settings';
import { answer, notApplicable, type Rule } from '../rule';
import { createdResources, isUnknown, show } from '../terraform-plan';

/** Without security groups RDS gives a cluster the VPC's default one. */
export const securityGroups: Rule = {
  name: 'security-groups',
  title: 'the cluster has the approved security groups, never the default one',
  check: ({ terraform, approved }) => {
    if (approved.kind !== 'restore') return notApplicable('nothing is restored');
    const clusters = createdResources(terraform).filter(({ type }) => type === 'aws_rds_cluster');
    if (clusters.length === 0) return notApplicable('the cluster has been restored already');
    return answer(
      clusters.flatMap((cluster) => {
        const expected = plannedClusterOf(cluster, terraform, approved.restore)?.restored.securityGroupIds;
        // one that is not of the plan is refused by another rule
        if (expected === undefined) return [];
        const found = cluster.change.after?.['vpc_security_group_ids'];
        const { address } = cluster;
        if (expected.length === 0 || isUnknown(cluster, 'vpc_security_group_ids') || found === undefined) {
          return [{ address, problem: 'no security group is set: RDS would take the default one' }];
        }
        if (sameSetting(found, expected)) return [];
        return [{ address, problem: `vpc_security_group_ids is ${show(found)}, expected ${show(expected)}` }];
      }),
    );
  },
};
