import { answer, notApplicable, type Rule } from '../rule';
import { managedChanges } from '../terraform-plan';

/**
 * RDS refuses to delete a protected cluster, but Terraform asks it last: by then the cluster would have
 * lost its instances. Source: RDS API reference, DeleteDBCluster and DeleteDBInstance.
 */
export const notProtected: Rule = {
  name: 'not-protected',
  title: 'no cluster that is deleted is protected from deletion',
  check: ({ terraform, approved }) => {
    if (approved.kind !== 'destroy') return notApplicable('nothing is deleted');
    return answer(
      managedChanges(terraform).flatMap(({ address, change: { before } }) => {
        if (before?.['deletion_protection'] !== true) return [];
        const name = String(before['cluster_identifier']);
        return [
          {
            address,
            problem: `deletion_protection is true, expected false: its instances would go, and the cluster stay; whoever decides that it may end takes that off: aws rds modify-db-cluster --db-cluster-identifier ${name} --no-deletion-protection --apply-immediately`,
          },
        ];
      }),
    );
  },
};
