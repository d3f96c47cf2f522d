import { change, CLUSTER } from '../edits';
import { byName, destroy, expectRefused, type Refused } from '../judging';

const refused: readonly Refused[] = [
  {
    when: 'the cluster is protected, whose instances would go first',
    plan: 'applied-destroy',
    approved: destroy,
    edit: (plan) =>
      (change(plan, CLUSTER).before = { ...change(plan, CLUSTER).before, deletion_protection: true }),
    finds: [
      `${CLUSTER}: deletion_protection is true, expected false: its instances would go, and the cluster stay; whoever decides that it may end takes that off: aws rds modify-db-cluster --db-cluster-identifier trading-d --no-deletion-protection --apply-immediately`,
    ],
  },
];

test.each(byName(refused))('not-protected refuses when %s', (_, one) => {
  expectRefused('not-protected', one);
});
