import { describeDifferences } from '../../../lib/plan/differences';
import { planInstanceCount, planSettings, type InstanceWish } from '../../../lib/plan/settings';
import type { SourceCluster } from '../../../lib/plan/source-cluster';
import { sourceCluster, sourceInstance } from './facts';

const asSource: InstanceWish = { count: undefined, instanceClass: undefined };
const drillTags = { 'restore-drill': 'd' };

function settings(source: SourceCluster, wish = asSource): ReturnType<typeof planSettings> {
  const count = planInstanceCount(source, wish);
  if (!count.ok) throw new Error(count.refusal.message);
  const instances = Array.from({ length: count.value }, (_, i) => `trading-d-${i + 1}`);
  return planSettings(source, { cluster: 'trading-d', instances }, wish, drillTags);
}

function differences(source: SourceCluster, wish = asSource): string[] {
  return describeDifferences(source, settings(source, wish));
}

describe('planSettings', () => {
  test('carries over every setting that a restore would default or drop', () => {
    expect(settings(sourceCluster())).toEqual({
      clusterIdentifier: 'trading-d',
      parameterGroup: 'trading-cluster',
      subnetGroup: 'databases',
      securityGroupIds: ['sg-0a1b2c3d4e5f60718'],
      kmsKeyId: 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      port: 3307,
      iamAuthentication: true,
      logExports: ['audit', 'error'],
      roles: [],
      networkType: 'IPV4',
      storageType: 'aurora-iopt1',
      backtrackWindowSeconds: 0,
      serverlessV2: null,
      backupRetentionDays: 7,
      backupWindow: '01:30-02:00',
      maintenanceWindow: 'sun:03:00-sun:03:30',
      copyTagsToSnapshot: true,
      deletionProtection: false,
      tags: { team: 'trading' },
      drillTags,
      instances: [
        {
          identifier: 'trading-d-1',
          instanceClass: 'db.r7g.2xlarge',
          parameterGroup: 'trading-instance',
          promotionTier: 0,
          caCertificate: 'rds-ca-rsa2048-g1',
          autoMinorVersionUpgrade: false,
          copyTagsToSnapshot: true,
          publiclyAccessible: false,
          monitoring: { intervalSeconds: 30, roleArn: 'arn:aws:iam::123456789012:role/rds-monitoring' },
          performanceInsights: { kmsKeyId: null, retentionDays: 31 },
          tags: { team: 'trading' },
          modelledOn: 'trading-a',
        },
        expect.objectContaining({
          identifier: 'trading-d-2',
          promotionTier: 2,
          modelledOn: 'trading-b',
        }) as object,
      ],
    });
  });

  test('carries over serverless scaling, backtrack and roles', () => {
    const special = {
      serverlessV2: { minCapacity: 0.5, maxCapacity: 16, secondsUntilAutoPause: null },
      backtrackWindowSeconds: 86_400,
      roles: [{ arn: 'arn:aws:iam::123456789012:role/s3', feature: 's3Import' }],
    };
    expect(settings(sourceCluster(special))).toMatchObject(special);
  });

  test("leaves Aurora's standard storage to the default, which the provider cannot set without drift", () => {
    expect(settings(sourceCluster({ storageType: 'aurora' })).storageType).toBeNull();
  });

  test('models further instances on the last one of the source', () => {
    const { instances } = settings(sourceCluster(), { count: 3, instanceClass: 'db.t4g.medium' });
    expect(instances.map(({ modelledOn, instanceClass }) => [modelledOn, instanceClass])).toEqual([
      ['trading-a', 'db.t4g.medium'],
      ['trading-b', 'db.t4g.medium'],
      ['trading-b', 'db.t4g.medium'],
    ]);
  });

  test.each([
    ['aurora-mysql', 'db.t3.medium', null],
    ['aurora-mysql', 'db.t2.small', null],
    ['aurora-mysql', 'db.t4g.small', null],
    ['aurora-mysql', 'db.t4g.medium', 31],
    ['aurora-postgresql', 'db.t3.medium', 31],
  ])('asks for Performance Insights only where AWS has them: %s on %s', (engine, instanceClass, days) => {
    const wish = { count: 1, instanceClass };
    const source = sourceCluster({ engine });
    const [instance] = settings(source, wish).instances;
    expect(instance?.performanceInsights?.retentionDays ?? null).toBe(days);
    const text = `no Performance Insights on trading-d-1 (trading-a has it): aurora-mysql has none for ${instanceClass}`;
    expect(differences(source, wish).filter((one) => one.includes('Performance'))).toEqual(
      days === null ? [text] : [],
    );
  });

  test("carries over an instance's own maintenance window", () => {
    const instances = [sourceInstance({ isWriter: true, maintenanceWindow: 'sat:01:00-sat:01:30' })];
    expect(settings(sourceCluster({ instances })).instances[0]?.maintenanceWindow).toBe(
      'sat:01:00-sat:01:30',
    );
  });

  test('names the restored cluster and instances in their Name tags', () => {
    const restored = settings(
      sourceCluster({
        tags: { Name: 'trading' },
        instances: [sourceInstance({ isWriter: true, tags: { Name: 'trading-a' } })],
      }),
    );
    expect(restored.tags).toEqual({ Name: 'trading-d' });
    expect(restored.instances[0]?.tags).toEqual({ Name: 'trading-d-1' });
  });

  test("keeps within AWS's limit of 50 tags and lets the drill's own win", () => {
    const tags = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`tag-${i + 10}`, 'x']));
    const restored = settings(sourceCluster({ tags: { ...tags, 'restore-drill': 'earlier' } }));
    expect(Object.keys(restored.tags)).toHaveLength(49);
    expect(restored.tags).not.toHaveProperty('restore-drill');
  });
});

describe('planInstanceCount', () => {
  test.each([
    ['no-instances', sourceCluster({ instances: [] }), asSource],
    ['too-many-instances', sourceCluster(), { ...asSource, count: 17 }],
    ['no-scaling', sourceCluster(), { ...asSource, instanceClass: 'db.serverless' }],
  ])('refuses %s', (reason, source, wish) => {
    expect(planInstanceCount(source, wish)).toMatchObject({ ok: false, refusal: { reason } });
  });
});

describe('describeDifferences', () => {
  test('names little where a drill is like its source', () => {
    expect(differences(sourceCluster({ deletionProtection: false, tags: {} }))).toEqual([
      'tagged restore-drill=d',
    ]);
  });

  test('names the tags that come out otherwise, and that RDS chooses the zones', () => {
    const source = sourceCluster({
      deletionProtection: false,
      tags: { Name: 'trading' },
      instances: [
        sourceInstance({ isWriter: true, availabilityZone: 'eu-central-1b', tags: { Name: 'writer' } }),
        sourceInstance({ identifier: 'trading-b', availabilityZone: 'eu-central-1a' }),
      ],
    });
    expect(differences(source)).toEqual([
      "RDS chooses the Availability Zones (the source's instances are in eu-central-1a, eu-central-1b)",
      'tagged restore-drill=d',
      'tag Name is trading-d (trading has trading)',
      'tag Name is trading-d-1 (trading-a has writer)',
    ]);
  });

  test('names every deliberate difference', () => {
    const source = sourceCluster({
      customEndpoints: ['reports.cluster-custom-x.eu-central-1.rds.amazonaws.com'],
      managedMasterPassword: true,
      dataApi: true,
      activityStream: true,
      domain: 'd-1234567890',
      globalClusterIdentifier: 'trading-global',
      notRestored: { 'Database Insights mode': 'advanced' },
      instances: [sourceInstance({ publiclyAccessible: true }), sourceInstance({ identifier: 'trading-b' })],
    });
    expect(differences(source, { count: 1, instanceClass: 'db.t4g.medium' })).toEqual([
      '1 instance (the source has 2)',
      'instance trading-d-1 is db.t4g.medium (trading-a is db.r7g.2xlarge)',
      'no deletion protection (the source has it), so that the drill can be destroyed',
      'not publicly accessible (the source is): reach it from inside the network',
      'tagged restore-drill=d',
      'without the tags aws:cloudformation:stack-name',
      "none of the source's 1 custom endpoints",
      'the master password is not managed in Secrets Manager (the source has it managed): it is what it was at the restore point',
      'no Data API (the source has it on)',
      'no database activity stream (the source has one)',
      'not joined to the directory d-1234567890',
      'not part of the global cluster trading-global',
      "Database Insights mode is RDS's default (the source has advanced)",
    ]);
  });
});
