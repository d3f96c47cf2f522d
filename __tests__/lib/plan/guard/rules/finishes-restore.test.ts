import { actions, change, CLUSTER, compute, FIRST } from '../edits';
import { applied, byName, captured, expectRefused, judge, type Refused } from '../judging';
import type { TerraformPlan } from '../../../../../lib/plan/guard/terraform-plan';

const restore = { kind: 'restore', restore: applied } as const;

/** As after an apply that was cut short: `before` lacks something of what was approved. */
const unfinished =
  (address: string, before: Record<string, unknown>) =>
  (plan: TerraformPlan): void => {
    actions(address, 'update')(plan);
    change(plan, address).before = { ...change(plan, address).after, ...before };
  };

test.each([
  ['the backup retention', CLUSTER, { backup_retention_period: 1 }],
  ['the security groups', CLUSTER, { vpc_security_group_ids: ['sg-1'] }],
  ['the tier of an instance', FIRST, { promotion_tier: 15 }],
] as const)('an unfinished restore may bring up %s in place', (_, address, before) => {
  const terraform = captured('applied-again');
  unfinished(address, before)(terraform);
  expect(judge(terraform, restore).verdict).toBe('pass');
});

const refused: readonly Refused[] = [
  {
    when: 'a restored cluster gets another setting',
    plan: 'applied-update',
    approved: restore,
    finds: [`${CLUSTER}: deletion_protection becomes true, expected false`],
  },
  {
    when: 'an attribute changes that nobody approved',
    plan: 'applied-again',
    approved: restore,
    edit: (plan) => {
      unfinished(CLUSTER, {})(plan);
      change(plan, CLUSTER).after = { ...change(plan, CLUSTER).after, allow_major_version_upgrade: true };
    },
    finds: [`${CLUSTER}: allow_major_version_upgrade becomes true, expected nothing`],
  },
  {
    when: 'another drill has made what is updated',
    plan: 'applied-again',
    approved: restore,
    edit: unfinished(CLUSTER, { backup_retention_period: 1, tags_all: { 'restore-drill': 'e' } }),
    finds: [`${CLUSTER}: its tag restore-drill is "e", expected "d"`],
  },
  {
    when: 'an approved value is not known before the apply',
    plan: 'applied-again',
    approved: restore,
    edit: (plan) => {
      unfinished(CLUSTER, { backup_retention_period: 1 })(plan);
      const one = change(plan, CLUSTER);
      one.after = { ...one.after, backup_retention_period: null };
      one.after_unknown = { backup_retention_period: true };
    },
    finds: [`${CLUSTER}: backup_retention_period becomes nothing, expected 7`],
  },
  ...['master_password', 'engine_version', 'domain', 'manage_master_user_password', 'iam_roles'].map(
    (attribute): Refused => ({
      when: `the apply alone tells its ${attribute}`,
      plan: 'applied-again',
      approved: restore,
      edit: (plan) => {
        const { before } = change(plan, CLUSTER);
        unfinished(CLUSTER, { backup_retention_period: 1 })(plan);
        change(plan, CLUSTER).before = { ...before, [attribute]: null };
        compute(CLUSTER, attribute)(plan);
      },
      finds: [
        `${CLUSTER}: ${attribute} is given a value that the plan does not show, expected ${attribute === 'iam_roles' ? '[]' : 'nothing'}`,
      ],
      also: ['known-values'],
    }),
  ),
  {
    when: 'an update in place brings a password that only the configuration shows',
    plan: 'applied-again',
    approved: restore,
    edit: (plan) => {
      unfinished(CLUSTER, { backup_retention_period: 1 })(plan);
      const [cluster] = plan.configuration.root_module.resources;
      Object.assign(cluster?.expressions ?? {}, { master_password_wo: { constant_value: 'x' } });
    },
    finds: [`${CLUSTER}: master_password_wo is given a value that the plan does not show, expected nothing`],
  },
];

test.each(byName(refused))('finishes-restore refuses when %s', (_, one) => {
  expectRefused('finishes-restore', one);
});
