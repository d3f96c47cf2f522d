import { change, CLUSTER, compute, FIRST, forget, PARAMETER, refer } from '../edits';
import { byName, expectRefused, repoint, type Refused } from '../judging';
import { approvedPlan } from '../shapes';

const refused: readonly Refused[] = [
  {
    when: 'an instance would be of the other restored cluster',
    plan: 'restore-two-clusters',
    approved: { kind: 'restore', restore: approvedPlan('two-clusters') },
    edit: refer('aws_rds_cluster_instance.instance-ledger-1', 'cluster_identifier', CLUSTER),
    finds: [`aws_rds_cluster_instance.instance-ledger-1: cluster_identifier refers to ${CLUSTER}.id`],
  },
  {
    when: 'a class is known after the apply only',
    edit: forget(FIRST, 'instance_class'),
    finds: [`${FIRST}: instance_class is known after the apply only`],
  },
  {
    when: 'an instance belongs to another cluster than the restored one',
    edit: (plan) => {
      const instance = plan.configuration.root_module.resources.find(({ address }) => address === FIRST);
      Object.assign(instance?.expressions ?? {}, {
        cluster_identifier: { references: ['data.aws_rds_cluster.x.id', 'data.aws_rds_cluster.x'] },
      });
    },
    finds: [`${FIRST}: cluster_identifier refers to data.aws_rds_cluster.x.id`],
  },
  {
    when: "a parameter's value is known after the apply only",
    plan: 'repoint',
    approved: repoint,
    edit: forget(PARAMETER, 'value'),
    finds: [`${PARAMETER}: value is known after the apply only`],
    also: ['repoint-values'],
  },
  {
    when: 'a function computes the cluster that an instance is created in, which is the source',
    plan: 'computed-instance',
    finds: [`${FIRST}: cluster_identifier is computed at the time of the apply, expected a constant`],
  },
  {
    when: 'a function in HCL computes it, of which the plan shows nothing',
    edit: compute(FIRST, 'cluster_identifier'),
    finds: [`${FIRST}: cluster_identifier is computed at the time of the apply, expected a constant`],
  },
  {
    when: "a function makes the source's name of the reference to the new cluster",
    edit: compute(FIRST, 'cluster_identifier', {
      constant_value: `trading\${substr(${CLUSTER}.id, 0, 0)}`,
      references: [`${CLUSTER}.id`, CLUSTER],
    }),
    finds: [`${FIRST}: cluster_identifier refers to ${CLUSTER}.id, expected that id and nothing else`],
  },
  {
    when: 'an expression whose text the plan does not show refers to the new cluster',
    edit: compute(FIRST, 'cluster_identifier', { references: [`${CLUSTER}.id`, CLUSTER] }),
    finds: [`${FIRST}: cluster_identifier refers to ${CLUSTER}.id, expected that id and nothing else`],
  },
  {
    when: 'a function computes a snapshot that fills the cluster',
    plan: 'computed-snapshot',
    finds: [`${CLUSTER}: snapshot_identifier is computed at the time of the apply, expected a constant`],
    also: ['restore-point'],
  },
  {
    when: 'a function computes what stands in a block',
    edit: (plan) => {
      compute(CLUSTER, 'restore_to_point_in_time', [{ restore_type: {} }] as never)(plan);
      change(plan, CLUSTER).after_unknown = { restore_to_point_in_time: [{ restore_type: true }] };
    },
    finds: [
      `${CLUSTER}: restore_to_point_in_time.restore_type is computed at the time of the apply, expected a constant`,
    ],
    also: ['restore-point'],
  },
  {
    when: 'a key of the tags is computed',
    edit: (plan) => {
      const [cluster] = plan.configuration.root_module.resources;
      Object.assign(cluster?.expressions ?? {}, { tags: { constant_value: { '${timestamp()}': 'x' } } });
    },
    finds: [`${CLUSTER}: tags is computed at the time of the apply, expected a constant`],
  },
  {
    when: 'the description of a parameter is computed',
    plan: 'computed-repoint',
    approved: repoint,
    finds: ['aws_ssm_parameter.ssm-batch-db-host-2f14f1', PARAMETER].flatMap((address) =>
      ['allowed_pattern', 'description', 'key_id', 'tags'].map(
        (attribute) => `${address}: ${attribute} is computed at the time of the apply, expected a constant`,
      ),
    ),
    also: ['repoint-values'],
  },
];

test.each(byName(refused))('known-values refuses when %s', (_, one) => {
  expectRefused('known-values', one);
});
