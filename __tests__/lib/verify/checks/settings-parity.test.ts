import type { PlannedCluster } from '../../../../lib/artefacts/restore-plan';
import type { SourceCluster, SourceInstance } from '../../../../lib/plan/source-cluster';
import type { CheckContext, Finding } from '../../../../lib/verify/check';
import { settingsParity } from '../../../../lib/verify/checks/settings-parity';
import { restorePlan, sourceCluster } from '../../plan/facts';

const source = sourceCluster({
  serverlessV2: { minCapacity: 1, maxCapacity: 8, secondsUntilAutoPause: null },
  roles: [{ arn: 'arn:aws:iam::123456789012:role/load', feature: null }],
  dataApi: true,
  customEndpoints: ['reports'],
});
const [planned] = restorePlan({ source }).clusters;

/** The restored cluster as RDS shows it once everything went as planned. */
function restored(over: Partial<SourceCluster> = {}, first: Partial<SourceInstance> = {}): SourceCluster {
  const { restored: plan } = planned;
  return {
    ...source,
    identifier: plan.clusterIdentifier,
    resourceId: 'cluster-RESTORED',
    deletionProtection: false,
    customEndpoints: [],
    dataApi: false,
    tags: { ...plan.tags, ...plan.drillTags, 'added-by': 'a tagging policy' },
    instances: plan.instances.map((instance, i) => ({
      ...instance,
      isWriter: i === 0,
      maintenanceWindow: instance.maintenanceWindow ?? null,
      availabilityZone: null,
      performanceInsights: instance.performanceInsights && {
        ...instance.performanceInsights,
        kmsKeyId: 'arn:aws:kms:eu-central-1:123456789012:key/of-rds',
      },
      tags: { ...instance.tags, ...plan.drillTags },
      ...(i === 0 ? first : {}),
    })),
    ...over,
  };
}

async function check(
  found: SourceCluster,
  on: SourceCluster | undefined = source,
  by: PlannedCluster = planned,
  pendingReboot: string[] = [],
): Promise<Finding> {
  return settingsParity({ planned: by, restored: found, source: on, pendingReboot }).run({} as CheckContext);
}

describe('settings-parity', () => {
  test('passes a cluster that is as planned, and names every difference to its source', async () => {
    expect(await check(restored())).toEqual({
      verdict: 'pass',
      evidence: [
        expect.stringMatching(
          /^\d+ settings compared with the plan and the source: 0 unintended and 3 intended differences$/,
        ),
        'intended: deletion protection: off (source: on)',
        'intended: Data API: off (source: on)',
        'intended: custom endpoints: 0 (source: 1)',
      ],
    });
  });

  const FIRST = planned.restored.instances[0]?.identifier ?? '';

  test.each<[string, Partial<SourceCluster>, Partial<SourceInstance>]>([
    ['engine version: 8.0.mysql_aurora.3.04.0', { engineVersion: '8.0.mysql_aurora.3.04.0' }, {}],
    ['cluster parameter group: default', { parameterGroup: 'default' }, {}],
    ['subnet group: other', { subnetGroup: 'other' }, {}],
    ['security groups: sg-default', { securityGroupIds: ['sg-default'] }, {}],
    ['KMS key: none', { kmsKeyId: null }, {}],
    ['port: 3306', { port: 3306 }, {}],
    ['IAM authentication: off', { iamAuthentication: false }, {}],
    ['log exports: none', { logExports: [] }, {}],
    ['roles: none', { roles: [] }, {}],
    ['network type: DUAL', { networkType: 'DUAL' }, {}],
    ['storage type: aurora', { storageType: null }, {}],
    ['backtrack window in seconds: 60', { backtrackWindowSeconds: 60 }, {}],
    ['Serverless v2 scaling: none', { serverlessV2: null }, {}],
    ['backup retention in days: 1', { backupRetentionDays: 1 }, {}],
    ['backup window: 05:00-05:30', { backupWindow: '05:00-05:30' }, {}],
    ['maintenance window: mon:05:00-mon:05:30', { maintenanceWindow: 'mon:05:00-mon:05:30' }, {}],
    ['Database Insights mode: advanced', { notRestored: { 'Database Insights mode': 'advanced' } }, {}],
    ['tags copied to snapshots: off', { copyTagsToSnapshot: false }, {}],
    ['deletion protection: on', { deletionProtection: true }, {}],
    ["tag 'team': none", { tags: planned.restored.drillTags }, {}],
    [`${FIRST}: class: db.t4g.medium`, {}, { instanceClass: 'db.t4g.medium' }],
    [`${FIRST}: parameter group: default`, {}, { parameterGroup: 'default' }],
    [`${FIRST}: promotion tier: 15`, {}, { promotionTier: 15 }],
    [`${FIRST}: CA certificate: rds-ca-2019`, {}, { caCertificate: 'rds-ca-2019' }],
    [`${FIRST}: automatic minor version upgrade: on`, {}, { autoMinorVersionUpgrade: true }],
    [`${FIRST}: public accessibility: on`, {}, { publiclyAccessible: true }],
    [`${FIRST}: Enhanced Monitoring: none`, {}, { monitoring: null }],
    [`${FIRST}: Performance Insights: none`, {}, { performanceInsights: null }],
    [`${FIRST}: tag 'team': none`, {}, { tags: planned.restored.drillTags }],
  ])('fails what is not as planned: %s', async (difference, cluster, first) => {
    const { verdict, evidence } = await check(restored(cluster, first));
    expect(verdict).toBe('fail');
    expect(evidence[0]).toContain(`not intended: ${difference}`);
    expect(evidence[1]).toContain(' 1 unintended ');
  });

  test('fails a cluster that lacks an instance, or has one too many', async () => {
    const whole = restored();
    const { evidence: lacking } = await check({ ...whole, instances: whole.instances.slice(1) });
    expect(lacking.slice(0, 2)).toEqual([
      'not intended: number of instances: 1 (source: 2), expected 2',
      `not intended: ${FIRST}: missing, expected there`,
    ]);
    const further = { ...whole.instances[0], identifier: 'autoscaled' } as SourceInstance;
    const { evidence } = await check({ ...whole, instances: [...whole.instances, further] });
    expect(evidence[0]).toBe('not intended: number of instances: 3 (source: 2), expected 2');
  });

  test('names a tag that is another one than on the source, and the zone that RDS chose', async () => {
    const [first] = source.instances;
    const placed = { ...first, maintenanceWindow: 'sat:01:00-sat:01:30' } as SourceInstance;
    const named = {
      ...source,
      tags: { Name: 'trading' },
      instances: [{ ...placed, availabilityZone: 'eu-central-1a' }],
    };
    const [plan] = restorePlan({ source: named }).clusters;
    const found = {
      ...restored({ tags: { ...plan.restored.tags, ...plan.restored.drillTags } }),
      instances: [{ ...placed, identifier: FIRST, availabilityZone: 'eu-central-1b' }].map((one) => ({
        ...one,
        tags: { ...one.tags, ...plan.restored.drillTags },
      })),
    };
    const { verdict, evidence } = await check(found, named, plan);
    expect(evidence).toEqual(
      expect.arrayContaining([
        "intended: tag 'Name': trading-d (source: trading)",
        `intended: ${FIRST}: Availability Zone: eu-central-1b (source: eu-central-1a)`,
      ]),
    );
    expect(verdict).toBe('pass');
    const late = { ...found.instances[0], maintenanceWindow: 'mon:01:00-mon:01:30' } as SourceInstance;
    const { evidence: wrong } = await check({ ...found, instances: [late] }, named, plan);
    expect(wrong[0]).toBe(
      `not intended: ${FIRST}: maintenance window: mon:01:00-mon:01:30 (source: sat:01:00-sat:01:30), expected sat:01:00-sat:01:30`,
    );
  });

  test('passes what no restore brings along where the plan names it, and fails it where it does not', async () => {
    const advanced = { ...source, notRestored: { 'Database Insights mode': 'advanced' } };
    const [named] = restorePlan({ source: advanced }).clusters;
    expect(await check(restored(), advanced, named)).toMatchObject({
      verdict: 'pass',
      evidence: expect.arrayContaining([
        "intended: Database Insights mode: RDS's default (source: advanced)",
      ]) as string[],
    });
    expect(await check(restored(), advanced)).toMatchObject({ verdict: 'fail' });
  });

  test('fails a difference that came after the plan was made, and that it does not name', async () => {
    const { verdict, evidence } = await check(restored(), { ...source, activityStream: true });
    expect(verdict).toBe('fail');
    expect(evidence[0]).toBe('not intended: database activity stream: off (source: on), expected on');
  });

  test('compares with the plan alone where there is no source, and notes what waits for a reboot', async () => {
    const { verdict, evidence } = await settingsParity({
      planned,
      restored: restored(),
      source: undefined,
      pendingReboot: ['parameter group trading-instance on trading-d-1'],
    }).run({} as CheckContext);
    expect(verdict).toBe('pass');
    expect(evidence).toEqual([
      expect.stringContaining('compared with the plan: 0 unintended and 0 intended differences'),
      'to note: parameter group trading-instance on trading-d-1 applies after a reboot only',
    ]);
  });
});
