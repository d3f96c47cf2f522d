import { add, change, CLUSTER, FIRST, set } from '../edits';
import { byName, destroy, expectRefused, type Refused } from '../judging';

const refused: readonly Refused[] = [
  {
    when: 'the source cluster itself is in the plan',
    edit: add({ address: 'aws_rds_cluster.source' }, { cluster_identifier: 'trading' }),
    finds: ['aws_rds_cluster.source: cluster_identifier is "trading", which is a source cluster'],
    also: ['approved-resources'],
  },
  {
    when: 'an instance would be added to the source cluster',
    edit: set(FIRST, { cluster_identifier: 'trading' }),
    finds: [`${FIRST}: cluster_identifier is "trading", which is a source cluster`],
  },
  {
    when: 'the source cluster would be adopted',
    edit: (plan) => (change(plan, CLUSTER).importing = { id: 'trading' }),
    finds: [`${CLUSTER}: adopts a source cluster`],
    also: ['approved-actions', 'approved-resources'],
  },
  {
    when: 'the source cluster would be deleted',
    plan: 'applied-destroy',
    approved: destroy,
    edit: (plan) =>
      (change(plan, CLUSTER).before = {
        ...change(plan, CLUSTER).before,
        cluster_identifier: 'trading',
      }),
    finds: [`${CLUSTER}: cluster_identifier is "trading", which is a source cluster`],
    also: ['approved-resources'],
  },
];

test.each(byName(refused))('source-untouched refuses when %s', (_, one) => {
  expectRefused('source-untouched', one);
});
