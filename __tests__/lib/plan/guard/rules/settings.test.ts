import { CLUSTER, compute, FIRST, forget, set } from '../edits';
import { byName, expectRefused, type Refused } from '../judging';
import { approvedPlan } from '../shapes';

const refused: readonly Refused[] = [
  {
    when: 'a parameter group would be the default one',
    edit: set(CLUSTER, { db_cluster_parameter_group_name: 'default.aurora-mysql8.0' }),
    finds: [
      `${CLUSTER}: db_cluster_parameter_group_name is "default.aurora-mysql8.0", expected "trading-cluster"`,
    ],
  },
  {
    when: 'an instance has another class and subnet group',
    edit: set(FIRST, { instance_class: 'db.t4g.medium', db_subnet_group_name: 'public' }),
    finds: [
      `${FIRST}: instance_class is "db.t4g.medium", expected "db.r7g.2xlarge"`,
      `${FIRST}: db_subnet_group_name is "public", expected "databases"`,
    ],
  },
  {
    when: 'a log is not exported, and the port is another one',
    edit: set(CLUSTER, { enabled_cloudwatch_logs_exports: ['error'], port: 3306 }),
    finds: [
      `${CLUSTER}: port is 3306, expected 3307`,
      `${CLUSTER}: enabled_cloudwatch_logs_exports is ["error"], expected ["audit","error"]`,
    ],
  },
  {
    when: 'it sets what nobody has approved, a secret at that',
    edit: set(CLUSTER, { master_password: 'hunter2' }),
    finds: [`${CLUSTER}: master_password is (sensitive), expected nothing`],
  },
  {
    when: "the drill's tag is missing",
    edit: set(FIRST, { tags_all: { team: 'trading' } }),
    finds: [
      `${FIRST}: tags_all is {"team":"trading"}, expected {"team":"trading","restore-drill":"d","restore-drill-source":"trading","restore-drill-point":"2026-01-08T10:12:13Z","restore-drill-expires":"2026-01-11T10:30:00Z"}`,
    ],
  },
  {
    when: 'a cluster that is to stay would have neither protection nor a final snapshot',
    plan: 'restore-earnest',
    approved: { kind: 'restore', restore: approvedPlan('earnest') },
    edit: set(CLUSTER, {
      deletion_protection: false,
      skip_final_snapshot: true,
      final_snapshot_identifier: null,
    }),
    finds: [
      `${CLUSTER}: deletion_protection is false, expected true`,
      `${CLUSTER}: skip_final_snapshot is true, expected false`,
      `${CLUSTER}: final_snapshot_identifier is nothing, expected "trading-d-final"`,
    ],
  },
  {
    when: 'a snapshot is restored into another engine version',
    plan: 'restore-snapshot',
    approved: { kind: 'restore', restore: approvedPlan('snapshot') },
    edit: set(CLUSTER, { engine_version: '8.0.mysql_aurora.3.10.0' }),
    finds: [`${CLUSTER}: engine_version is "8.0.mysql_aurora.3.10.0", expected "8.0.mysql_aurora.3.08.2"`],
  },
  {
    when: 'the apply alone tells whether deletion is protected, of which nothing is approved',
    edit: compute(CLUSTER, 'deletion_protection'),
    finds: [`${CLUSTER}: deletion_protection is known after the apply only, expected nothing`],
    also: ['known-values'],
  },
  {
    when: 'a computed block scales the cluster, which no configuration shows',
    edit: forget(CLUSTER, 'serverlessv2_scaling_configuration'),
    finds: [`${CLUSTER}: serverlessv2_scaling_configuration is known after the apply only, expected nothing`],
  },
  {
    when: 'a password stands at a cluster that is declared by count',
    edit: (plan) => {
      const [cluster] = plan.configuration.root_module.resources;
      Object.assign(cluster?.expressions ?? {}, { master_password_wo: { constant_value: 'x' } });
      const one = plan.resource_changes.find(({ address }) => address === CLUSTER);
      if (one !== undefined) one.address = `${CLUSTER}[0]`;
    },
    finds: [`${CLUSTER}[0]: master_password_wo is given a value, expected nothing`],
    also: ['known-values'],
  },
];

test.each(byName(refused))('settings refuses when %s', (_, one) => {
  expectRefused('settings', one);
});
