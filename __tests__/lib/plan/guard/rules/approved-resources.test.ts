import { add, change, CLUSTER, FIRST, PARAMETER, refer, set } from '../edits';
import { byName, expectRefused, repoint, type Refused } from '../judging';
import { approvedPlan } from '../shapes';

const refused: readonly Refused[] = [
  {
    when: 'a further resource would be created',
    edit: add({ address: 'aws_ssm_parameter.x', type: 'aws_ssm_parameter' }, { name: '/x' }),
    finds: ['aws_ssm_parameter.x: "/x" is not in the plan'],
  },
  {
    when: 'an instance has another name',
    edit: set(FIRST, { identifier: 'trading-e-1' }),
    finds: [
      `${FIRST}: "trading-e-1" is not in the plan`,
      'aws_rds_cluster_instance: "trading-d-1" of the plan is missing',
    ],
    also: ['known-values'],
  },
  {
    when: 'an instance is missing',
    edit: (plan) => plan.resource_changes.splice(1, 1),
    finds: ['aws_rds_cluster_instance: "trading-d-1" of the plan is missing'],
    also: ['known-values'],
  },
  {
    when: 'two resources make the same instance',
    edit: add(
      { address: 'aws_rds_cluster_instance.twin', type: 'aws_rds_cluster_instance' },
      { identifier: 'trading-d-1', publicly_accessible: false },
    ),
    finds: ['aws_rds_cluster_instance.twin: "trading-d-1" is not in the plan'],
    also: ['settings', 'known-values'],
  },
  {
    when: 'a parameter is adopted from another name',
    plan: 'repoint',
    approved: repoint,
    edit: (plan) => (change(plan, PARAMETER).importing = { id: '/billing/db/host' }),
    finds: [
      `${PARAMETER}: "/trading/db/host" is not in the plan`,
      'aws_ssm_parameter: "/trading/db/host" of the plan is missing',
    ],
  },
  {
    when: 'a role would be given to the other restored cluster',
    plan: 'restore-two-clusters',
    approved: { kind: 'restore', restore: approvedPlan('two-clusters') },
    edit: refer('aws_rds_cluster_role_association.role-ledger-s3Import', 'db_cluster_identifier', CLUSTER),
    finds: [
      'aws_rds_cluster_role_association.role-trading-s3Import: "s3Import" is not in the plan',
      'aws_rds_cluster_role_association: "s3Import" of the plan is missing',
    ],
  },
];

test.each(byName(refused))('approved-resources refuses when %s', (_, one) => {
  expectRefused('approved-resources', one);
});
