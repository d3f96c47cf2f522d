import { actions, change, CLUSTER, FIRST, PARAMETER } from '../edits';
import { applied, byName, expectRefused, repoint, type Refused } from '../judging';

const refused: readonly Refused[] = [
  {
    when: 'a restored cluster would be replaced',
    plan: 'applied-replace',
    approved: { kind: 'restore', restore: applied },
    finds: [
      `${CLUSTER}: delete and create, expected create or update only`,
      `${FIRST}: delete and create, expected create or update only`,
    ],
    also: ['settings', 'known-values'],
  },
  {
    when: 'an interrupted apply has left a cluster that Terraform would restore anew',
    plan: 'applied-tainted',
    approved: { kind: 'restore', restore: applied },
    finds: [
      `${CLUSTER}: delete and create, expected create or update only: an apply was cut short there; once it is available, 'terraform untaint ${CLUSTER}' keeps it`,
      `${FIRST}: delete and create, expected create or update only`,
    ],
  },
  {
    when: 'a restore would delete',
    plan: 'applied-destroy',
    approved: { kind: 'restore', restore: applied },
    finds: [
      `${CLUSTER}: delete, expected create or update only`,
      `${FIRST}: delete, expected create or update only`,
    ],
  },
  {
    when: 'a cluster would be forgotten, or adopted',
    edit: (plan) => {
      actions(CLUSTER, 'forget')(plan);
      change(plan, FIRST).importing = { id: 'trading-d-1' };
    },
    finds: [
      `${CLUSTER}: forget, expected create or update only`,
      `${FIRST}: import of trading-d-1, expected create or update only`,
    ],
    also: ['known-values'],
  },
  {
    when: 'a resource takes the place that another had in the state',
    edit: (plan) => {
      const moved = plan.resource_changes.find(({ address }) => address === FIRST);
      Object.assign(moved ?? {}, { previous_address: 'aws_rds_cluster_instance.production' });
    },
    finds: [`${FIRST}: moved from aws_rds_cluster_instance.production, expected create or update only`],
  },
  {
    when: 'a parameter would be created and not adopted',
    plan: 'repoint',
    approved: repoint,
    edit: actions(PARAMETER, 'create'),
    finds: [`${PARAMETER}: create, expected update only`],
  },
];

test.each(byName(refused))('approved-actions refuses when %s', (_, one) => {
  expectRefused('approved-actions', one);
});
