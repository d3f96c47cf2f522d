import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArtefact, type RestorePlan } from '../../../../lib/artefacts';
import { valueOf } from '../../../../lib/errors';
import type { Approved } from '../../../../lib/plan/guard/approved';
import { renderGuard } from '../../../../lib/plan/guard/render-guard';
import type { RuleName } from '../../../../lib/plan/guard/rule';
import { runGuard, type GuardReport } from '../../../../lib/plan/guard/run-guard';
import { parseTerraformPlan, type TerraformPlan } from '../../../../lib/plan/guard/terraform-plan';
import { microsFromMillis } from '../../../../lib/time';
import { repointPlan, target } from '../../cutover/facts';
import { at } from '../facts';
import { approvedPlan, SHAPES } from './shapes';

// plans/ holds what real Terraform and the real provider said; integration/terraform-guard.test.ts captures it

function captured(name: string): TerraformPlan {
  return valueOf(parseTerraformPlan(readFileSync(path.join(__dirname, 'plans', `${name}.json`), 'utf8')));
}

const applied = valueOf(
  parseArtefact('restorePlan', readFileSync(path.join(__dirname, 'plans/applied-approved.json'), 'utf8')),
);
const everySetting = approvedPlan('every-setting');
const restore: Approved = { kind: 'restore', restore: everySetting };
const destroy: Approved = { kind: 'destroy', restore: applied };
const repoint: Approved = {
  kind: 'repoint',
  restore: everySetting,
  repoint: repointPlan({ targets: [target('/trading/db/host'), target('/batch/db/host')] }),
};

function judge(terraform: TerraformPlan, approved: Approved): GuardReport {
  const now = microsFromMillis(Date.parse(approved.restore.madeAt) + 60_000);
  return runGuard({ terraform, approved, now });
}

function answers(report: GuardReport, verdict: string): RuleName[] {
  return report.rules.filter(({ answer }) => answer.verdict === verdict).map(({ name }) => name);
}

const onlyForRepoint: RuleName[] = ['made-by-this-drill', 'repoint-values'];
const onceRestored: RuleName[] = ['not-expired', 'restore-point', 'security-groups', 'encryption'];

describe('a plan that is as approved passes', () => {
  test.each([
    ...SHAPES.map((shape): [string, Approved, RuleName[]] => [
      `restore-${shape}`,
      { kind: 'restore', restore: approvedPlan(shape) },
      shape === 'few-settings' ? ['encryption', ...onlyForRepoint] : onlyForRepoint,
    ]),
    ['applied-before', { kind: 'restore', restore: applied }, onlyForRepoint],
    ['applied-again', { kind: 'restore', restore: applied }, [...onlyForRepoint, ...onceRestored]],
    [
      'applied-destroy',
      destroy,
      [...onceRestored, 'settings', 'not-public', 'known-values', 'repoint-values'],
    ],
    ['repoint', repoint, [...onceRestored, 'made-by-this-drill', 'settings', 'not-public']],
  ] satisfies [string, Approved, RuleName[]][])('%s', (name, approved, notApplicable) => {
    const report = judge(captured(name), approved);
    expect(answers(report, 'fail')).toEqual([]);
    expect(report.verdict).toBe('pass');
    expect(answers(report, 'not-applicable').sort()).toEqual([...notApplicable].sort());
  });
});

interface Refused {
  readonly rule: RuleName;
  /** What is wrong, in words. */
  readonly when: string;
  /** Default: the restore of every setting. */
  readonly plan?: string;
  readonly approved?: Approved;
  /** The one edit that makes the captured plan a wrong one; none where it was captured wrong. */
  readonly edit?: (plan: TerraformPlan) => void;
  /** Every finding of the rule. */
  readonly finds: readonly string[];
  /** Further rules that rightly object to the same plan. */
  readonly also?: readonly RuleName[];
}

const CLUSTER = 'aws_rds_cluster.cluster';
const FIRST = 'aws_rds_cluster_instance.instance-1';
const PARAMETER = 'aws_ssm_parameter.ssm-trading-db-host-e94f78';

type Change = TerraformPlan['resource_changes'][number]['change'];

function change(plan: TerraformPlan, address: string): Change {
  const found = plan.resource_changes.find((one) => one.address === address);
  if (found === undefined) throw new Error(`${address} is not in the plan`);
  return found.change;
}

const set =
  (address: string, values: Record<string, unknown>) =>
  (plan: TerraformPlan): void => {
    const one = change(plan, address);
    one.after = { ...one.after, ...values };
  };

const forget =
  (address: string, attribute: string) =>
  (plan: TerraformPlan): void => {
    const one = change(plan, address);
    one.after = Object.fromEntries(Object.entries(one.after ?? {}).filter(([key]) => key !== attribute));
    one.after_unknown = { ...Object(one.after_unknown), [attribute]: true } as Record<string, unknown>;
  };

const actions =
  (address: string, ...names: string[]) =>
  (plan: TerraformPlan): void => {
    change(plan, address).actions = names;
  };

const provider =
  (expressions: Record<string, unknown>) =>
  (plan: TerraformPlan): void => {
    const aws = plan.configuration.provider_config['aws'];
    if (aws !== undefined) Object.assign(aws.expressions, expressions);
  };

const add =
  (resource: Partial<TerraformPlan['resource_changes'][number]>, values: Record<string, unknown>) =>
  (plan: TerraformPlan): void => {
    const [first] = plan.resource_changes;
    if (first === undefined) throw new Error('the plan is empty');
    plan.resource_changes.push({
      ...first,
      ...resource,
      change: { ...first.change, before: null, after: values },
    });
  };

const refused: readonly Refused[] = [
  {
    rule: 'complete-plan',
    when: 'Terraform met an error',
    edit: (plan) => (plan.errored = true),
    finds: ['plan: Terraform met an error while planning'],
  },
  {
    rule: 'complete-plan',
    when: 'a further plan would follow',
    edit: (plan) => {
      plan.complete = false;
      plan.deferred_changes = [{}];
    },
    finds: [
      'plan: it is incomplete: a further plan would follow its apply',
      'plan: 1 changes are deferred to a later plan',
    ],
  },
  {
    rule: 'complete-plan',
    when: 'the format is of another major version',
    edit: (plan) => (plan.format_version = '2.0'),
    finds: ['plan: its format is version 2.0, expected 1.x'],
  },
  {
    rule: 'nothing-else-runs',
    when: 'a provisioner runs a program',
    edit: (plan) => plan.configuration.root_module.resources[0]?.provisioners.push({ type: 'local-exec' }),
    finds: [`${CLUSTER}: has a provisioner local-exec, expected none`],
  },
  {
    rule: 'nothing-else-runs',
    when: 'there is a module',
    edit: (plan) => (plan.configuration.root_module.module_calls = { network: {} }),
    finds: ['module.network: is a module, expected none'],
  },
  {
    rule: 'nothing-else-runs',
    when: "another provider's data source is read, which may run a program",
    edit: add(
      {
        address: 'data.external.x',
        mode: 'data',
        type: 'external',
        provider_name: 'registry.terraform.io/hashicorp/external',
      },
      {},
    ),
    finds: [
      'data.external.x: is of provider registry.terraform.io/hashicorp/external, expected hashicorp/aws',
    ],
  },
  {
    rule: 'nothing-else-runs',
    when: "the provider is someone else's of that name",
    edit: (plan) => {
      const aws = plan.configuration.provider_config['aws'];
      if (aws !== undefined) aws.full_name = 'registry.example.com/hashicorp/aws';
    },
    finds: ['provider.aws: is registry.example.com/hashicorp/aws, expected hashicorp/aws'],
  },
  {
    rule: 'account-and-region',
    when: 'any account is allowed',
    edit: (plan) => {
      plan.configuration.provider_config['aws'] = {
        expressions: { region: { constant_value: 'eu-central-1' } },
      };
    },
    finds: ['provider.aws: allowed_account_ids is nothing, expected ["123456789012"]'],
  },
  {
    rule: 'account-and-region',
    when: 'a second account is allowed',
    edit: provider({ allowed_account_ids: { constant_value: ['123456789012', '210987654321'] } }),
    finds: [
      'provider.aws: allowed_account_ids is ["123456789012","210987654321"], expected ["123456789012"]',
    ],
  },
  {
    rule: 'account-and-region',
    when: 'the region is another one',
    edit: provider({ region: { constant_value: 'us-east-1' } }),
    finds: ['provider.aws: region is "us-east-1", expected "eu-central-1"'],
  },
  {
    rule: 'account-and-region',
    when: 'the provider takes on another role',
    edit: provider({ assume_role: [{}] }),
    finds: ['provider.aws: assumes another role, expected none'],
  },
  {
    rule: 'account-and-region',
    when: 'a key of another account is named',
    edit: set(CLUSTER, { kms_key_id: 'arn:aws:kms:eu-central-1:210987654321:key/1' }),
    finds: [
      `${CLUSTER}: names arn:aws:kms:eu-central-1:210987654321:key/1, expected account 123456789012 in eu-central-1`,
    ],
    also: ['encryption'],
  },
  {
    rule: 'account-and-region',
    when: 'a resource is of another region than its provider',
    edit: set(FIRST, { region: 'us-east-1' }),
    finds: [`${FIRST}: region is "us-east-1", expected "eu-central-1"`],
  },
  {
    rule: 'approved-actions',
    when: 'a restored cluster would be replaced',
    plan: 'applied-replace',
    approved: { kind: 'restore', restore: applied },
    finds: [
      `${CLUSTER}: delete and create, expected create only`,
      `${FIRST}: delete and create, expected create only`,
    ],
    also: ['settings', 'known-values'],
  },
  {
    rule: 'approved-actions',
    when: 'a restored cluster would be changed',
    plan: 'applied-update',
    approved: { kind: 'restore', restore: applied },
    finds: [`${CLUSTER}: update, expected create only`],
  },
  {
    rule: 'approved-actions',
    when: 'a restore would delete',
    plan: 'applied-destroy',
    approved: { kind: 'restore', restore: applied },
    finds: [`${CLUSTER}: delete, expected create only`, `${FIRST}: delete, expected create only`],
  },
  {
    rule: 'approved-actions',
    when: 'a cluster would be forgotten, or adopted',
    edit: (plan) => {
      actions(CLUSTER, 'forget')(plan);
      change(plan, FIRST).importing = { id: 'trading-d-1' };
    },
    finds: [
      `${CLUSTER}: forget, expected create only`,
      `${FIRST}: import of trading-d-1, expected create only`,
    ],
    also: ['known-values'],
  },
  {
    rule: 'approved-actions',
    when: 'a parameter would be created and not adopted',
    plan: 'repoint',
    approved: repoint,
    edit: actions(PARAMETER, 'create'),
    finds: [`${PARAMETER}: create, expected update only`],
  },
  {
    rule: 'approved-resources',
    when: 'a further resource would be created',
    edit: add({ address: 'aws_ssm_parameter.x', type: 'aws_ssm_parameter' }, { name: '/x' }),
    finds: ['aws_ssm_parameter.x: "/x" is not in the plan'],
  },
  {
    rule: 'approved-resources',
    when: 'an instance has another name',
    edit: set(FIRST, { identifier: 'trading-e-1' }),
    finds: [
      `${FIRST}: "trading-e-1" is not in the plan`,
      'aws_rds_cluster_instance: "trading-d-1" of the plan is missing',
    ],
  },
  {
    rule: 'approved-resources',
    when: 'an instance is missing',
    edit: (plan) => plan.resource_changes.splice(1, 1),
    finds: ['aws_rds_cluster_instance: "trading-d-1" of the plan is missing'],
  },
  {
    rule: 'approved-resources',
    when: 'two resources make the same instance',
    edit: add(
      { address: 'aws_rds_cluster_instance.twin', type: 'aws_rds_cluster_instance' },
      { identifier: 'trading-d-1', publicly_accessible: false },
    ),
    finds: ['aws_rds_cluster_instance.twin: "trading-d-1" is not in the plan'],
    also: ['settings', 'known-values'],
  },
  {
    rule: 'approved-resources',
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
    rule: 'source-untouched',
    when: 'the source cluster itself is in the plan',
    edit: add({ address: 'aws_rds_cluster.source' }, { cluster_identifier: 'trading' }),
    finds: ['aws_rds_cluster.source: cluster_identifier is "trading", which is the source cluster'],
    also: ['approved-resources', 'restore-point', 'security-groups', 'encryption', 'known-values'],
  },
  {
    rule: 'source-untouched',
    when: 'an instance would be added to the source cluster',
    edit: set(FIRST, { cluster_identifier: 'trading' }),
    finds: [`${FIRST}: cluster_identifier is "trading", which is the source cluster`],
  },
  {
    rule: 'source-untouched',
    when: 'the source cluster would be adopted',
    edit: (plan) => (change(plan, CLUSTER).importing = { id: 'trading' }),
    finds: [`${CLUSTER}: adopts the source cluster`],
    also: ['approved-actions', 'approved-resources'],
  },
  {
    rule: 'source-untouched',
    when: 'the source cluster would be deleted',
    plan: 'applied-destroy',
    approved: destroy,
    edit: (plan) =>
      (change(plan, CLUSTER).before = {
        ...change(plan, CLUSTER).before,
        cluster_identifier: 'trading',
      }),
    finds: [`${CLUSTER}: cluster_identifier is "trading", which is the source cluster`],
    also: ['approved-resources'],
  },
  {
    rule: 'made-by-this-drill',
    when: 'another drill has made what is deleted',
    plan: 'applied-destroy',
    approved: destroy,
    edit: (plan) =>
      (change(plan, FIRST).before = { ...change(plan, FIRST).before, tags_all: { 'restore-drill': 'e' } }),
    finds: [`${FIRST}: its tag restore-drill is "e", expected "d"`],
  },
  {
    rule: 'made-by-this-drill',
    when: 'no drill has made what is deleted',
    plan: 'applied-destroy',
    approved: destroy,
    edit: (plan) => (change(plan, CLUSTER).before = { ...change(plan, CLUSTER).before, tags_all: null }),
    finds: [`${CLUSTER}: its tag restore-drill is nothing, expected "d"`],
  },
  {
    rule: 'restore-point',
    when: 'the time is a second later than approved',
    edit: set(CLUSTER, {
      restore_to_point_in_time: [
        { source_cluster_identifier: 'trading', restore_to_time: '2026-01-08T10:12:14Z' },
      ],
    }),
    finds: [
      `${CLUSTER}: restore_to_point_in_time is [{"source_cluster_identifier":"trading","restore_to_time":"2026-01-08T10:12:14Z"}], expected [{"source_cluster_identifier":"trading","restore_to_time":"2026-01-08T10:12:13Z"}]`,
    ],
  },
  {
    rule: 'restore-point',
    when: 'it is a new, empty cluster',
    edit: set(CLUSTER, { restore_to_point_in_time: [] }),
    finds: [
      `${CLUSTER}: restore_to_point_in_time is [], expected [{"source_cluster_identifier":"trading","restore_to_time":"2026-01-08T10:12:13Z"}]`,
    ],
  },
  {
    rule: 'restore-point',
    when: 'it comes out of a snapshot',
    edit: set(CLUSTER, { snapshot_identifier: 'nightly' }),
    finds: [`${CLUSTER}: snapshot_identifier is "nightly", expected nothing`],
  },
  {
    rule: 'settings',
    when: 'a parameter group would be the default one',
    edit: set(CLUSTER, { db_cluster_parameter_group_name: 'default.aurora-mysql8.0' }),
    finds: [
      `${CLUSTER}: db_cluster_parameter_group_name is "default.aurora-mysql8.0", expected "trading-cluster"`,
    ],
  },
  {
    rule: 'settings',
    when: 'an instance has another class and subnet group',
    edit: set(FIRST, { instance_class: 'db.t4g.medium', db_subnet_group_name: 'public' }),
    finds: [
      `${FIRST}: instance_class is "db.t4g.medium", expected "db.r7g.2xlarge"`,
      `${FIRST}: db_subnet_group_name is "public", expected "databases"`,
    ],
  },
  {
    rule: 'settings',
    when: 'a log is not exported, and the port is another one',
    edit: set(CLUSTER, { enabled_cloudwatch_logs_exports: ['error'], port: 3306 }),
    finds: [
      `${CLUSTER}: port is 3306, expected 3307`,
      `${CLUSTER}: enabled_cloudwatch_logs_exports is ["error"], expected ["audit","error"]`,
    ],
  },
  {
    rule: 'settings',
    when: 'it sets what nobody has approved, a secret at that',
    edit: set(CLUSTER, { master_password: 'hunter2' }),
    finds: [`${CLUSTER}: master_password is (sensitive), expected nothing`],
  },
  {
    rule: 'settings',
    when: "the drill's tag is missing",
    edit: set(FIRST, { tags_all: { team: 'trading' } }),
    finds: [
      `${FIRST}: tags_all is {"team":"trading"}, expected {"restore-drill":"d","restore-drill-source":"trading","restore-drill-point":"2026-01-08T10:12:13Z","restore-drill-expires":"2026-01-11T10:30:00Z","team":"trading"}`,
    ],
  },
  {
    rule: 'settings',
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
    rule: 'security-groups',
    when: 'none is set',
    edit: forget(CLUSTER, 'vpc_security_group_ids'),
    finds: [`${CLUSTER}: no security group is set: RDS would take the default one`],
  },
  {
    rule: 'security-groups',
    when: 'a further one is set',
    edit: set(CLUSTER, { vpc_security_group_ids: ['sg-0a1b2c3d4e5f60718', 'sg-1'] }),
    finds: [
      `${CLUSTER}: vpc_security_group_ids is ["sg-0a1b2c3d4e5f60718","sg-1"], expected ["sg-0a1b2c3d4e5f60718"]`,
    ],
  },
  {
    rule: 'encryption',
    when: 'storage would not be encrypted',
    edit: set(CLUSTER, { storage_encrypted: false }),
    finds: [`${CLUSTER}: storage_encrypted is false`],
  },
  {
    rule: 'encryption',
    when: 'the key is left to RDS',
    edit: forget(CLUSTER, 'kms_key_id'),
    finds: [
      `${CLUSTER}: kms_key_id is nothing, expected "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"`,
    ],
  },
  {
    rule: 'not-public',
    when: 'an instance would be reachable from the internet',
    edit: set(FIRST, { publicly_accessible: true }),
    finds: [`${FIRST}: publicly_accessible is true, expected false`],
  },
  {
    rule: 'not-public',
    when: 'it is left to RDS',
    edit: forget(FIRST, 'publicly_accessible'),
    finds: [`${FIRST}: publicly_accessible is nothing, expected false`],
  },
  {
    rule: 'known-values',
    when: 'a class is known after the apply only',
    edit: forget(FIRST, 'instance_class'),
    finds: [`${FIRST}: instance_class is known after the apply only`],
  },
  {
    rule: 'known-values',
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
    rule: 'known-values',
    when: "a parameter's value is known after the apply only",
    plan: 'repoint',
    approved: repoint,
    edit: forget(PARAMETER, 'value'),
    finds: [`${PARAMETER}: value is known after the apply only`],
    also: ['repoint-values'],
  },
  {
    rule: 'repoint-values',
    when: 'a parameter gets another value than approved, which is not shown',
    plan: 'repoint',
    approved: repoint,
    edit: set(PARAMETER, { value: 'evil.example.com' }),
    finds: [
      `${PARAMETER}: value is not the approved one, "trading-d.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com"`,
    ],
  },
  {
    rule: 'repoint-values',
    when: 'its type and its description change too',
    plan: 'repoint',
    approved: repoint,
    edit: set(PARAMETER, { type: 'SecureString', description: 'mine' }),
    finds: [
      `${PARAMETER}: type is "SecureString", expected "String"`,
      `${PARAMETER}: description changes from "of the application" to "mine"`,
    ],
  },
];

describe('a plan is refused', () => {
  test.each(refused.map((one): [RuleName, string, Refused] => [one.rule, one.when, one]))(
    'by %s when %s',
    (rule, _, { plan = 'restore-every-setting', approved = restore, edit, finds, also = [] }) => {
      const terraform = captured(plan);
      edit?.(terraform);
      const report = judge(terraform, approved);
      const found = report.rules.find(({ name }) => name === rule)?.answer;
      expect(found).toMatchObject({ verdict: 'fail' });
      expect(
        found?.verdict === 'fail' && found.findings.map(({ address, problem }) => `${address}: ${problem}`),
      ).toEqual(finds);
      const others = answers(report, 'fail').filter((name) => name !== rule);
      // what one edit upsets besides is named, so that a rule that objects to everything shows
      expect(others.filter((name) => !also.includes(name))).toEqual([]);
      expect(report.verdict).toBe('refused');
    },
  );

  test('by not-expired from the second on in which the restore plan expires', () => {
    const terraform = captured('restore-every-setting');
    const verdict = (now: string): string =>
      runGuard({ terraform, approved: restore, now: at(now) }).rules.find(
        ({ name }) => name === 'not-expired',
      )?.answer.verdict ?? '';
    expect(verdict('2026-01-11T10:29:59.999Z')).toBe('pass');
    expect(verdict('2026-01-11T10:30:00Z')).toBe('fail');
  });

  test('by every rule at least once in these tests', () => {
    const covered = new Set<RuleName>([...refused.map(({ rule }) => rule), 'not-expired']);
    const all = judge(captured('repoint'), repoint).rules.map(({ name }) => name);
    expect(all.filter((name) => !covered.has(name))).toEqual([]);
  });

  test('of another drill than it was approved for', () => {
    const other: RestorePlan = {
      ...everySetting,
      restored: { ...everySetting.restored, clusterIdentifier: 'x' },
    };
    const report = judge(captured('restore-every-setting'), { kind: 'restore', restore: other });
    expect(answers(report, 'fail')).toContain('approved-resources');
  });
});

test('reading a data source changes nothing and passes', () => {
  const terraform = captured('restore-every-setting');
  add({ address: 'data.aws_caller_identity.me', mode: 'data', type: 'aws_caller_identity' }, {})(terraform);
  actions('data.aws_caller_identity.me', 'read')(terraform);
  expect(judge(terraform, restore).verdict).toBe('pass');
});

test('the judgement reads as one line a rule, and one for each finding', () => {
  const terraform = captured('restore-every-setting');
  set(FIRST, { publicly_accessible: true })(terraform);
  const lines = renderGuard(judge(terraform, restore)).split('\n');
  expect(lines[0]).toBe('pass  complete-plan: Terraform planned everything, without an error');
  expect(lines.slice(12, 14)).toEqual([
    'FAIL  not-public: expected that no instance is reachable from the internet',
    `      ${FIRST}: publicly_accessible is true, expected false`,
  ]);
  expect(lines.at(-1)).toBe('n/a   repoint-values: nothing is repointed');
});

test('what is not a Terraform plan is refused', () => {
  expect(parseTerraformPlan('{')).toMatchObject({ refusal: { reason: 'not-a-terraform-plan' } });
  expect(parseTerraformPlan('{"format_version":"1.2"}')).toMatchObject({
    refusal: { message: expect.stringContaining('configuration') as string },
  });
});
