import type { RestorePlan } from '../../../lib/artefacts/restore-plan';
import type { SourceCluster } from '../../../lib/plan/source-cluster';
import { resolveRestoredCluster } from '../../../lib/verify/restored-cluster';

const PLAN = {
  drill: 'case',
  account: '123456789012',
  region: 'eu-central-1',
  clusters: [
    {
      source: {
        clusterIdentifier: 'trading',
        resourceId: 'cluster-A',
        endpoint: 'a.example',
        engine: 'aurora-mysql',
      },
      restored: { clusterIdentifier: 'trading-case', tags: {}, drillTags: { 'restore-drill': 'case' } },
    },
  ],
} as unknown as RestorePlan;
const [CLUSTER] = PLAN.clusters;
const RESTORED = {
  identifier: 'trading-case',
  resourceId: 'cluster-B',
  arn: 'arn:aws:rds:eu-central-1:123456789012:cluster:trading-case',
  status: 'available',
  engine: 'aurora-mysql',
  endpoint: 'b.example',
  readerEndpoint: 'b-ro.example',
  port: 3306,
  tags: { 'restore-drill': 'case', team: 'trading' },
  instances: [{ isWriter: true }],
} as unknown as SourceCluster;

test('the restored cluster is the one of this plan, available, with a writer', () => {
  expect(resolveRestoredCluster(PLAN, CLUSTER, RESTORED)).toEqual({
    ok: true,
    value: {
      clusterIdentifier: 'trading-case',
      endpoint: 'b.example',
      readerEndpoint: 'b-ro.example',
      port: 3306,
    },
  });
});

test.each<[what: string, found: Partial<SourceCluster>, reason: string, says: string]>([
  ['that is being made', { status: 'creating' }, 'not-available', 'is creating, expected available'],
  ['without instances', { instances: [] }, 'no-writer', 'has no writer instance'],
  [
    'with the source’s storage',
    { resourceId: 'cluster-A' },
    'not-the-restored-cluster',
    'the damaged cluster itself',
  ],
  [
    'with the source’s endpoint',
    { endpoint: 'a.example' },
    'not-the-restored-cluster',
    'the damaged cluster itself',
  ],
  [
    'of another account',
    { arn: 'arn:aws:rds:eu-central-1:999999999999:cluster:trading-case' },
    'not-the-restored-cluster',
    'belongs to account 999999999999',
  ],
  [
    'of another region',
    { arn: 'arn:aws:rds:us-east-1:123456789012:cluster:trading-case' },
    'not-the-restored-cluster',
    'in us-east-1',
  ],
  ['of another engine', { engine: 'aurora-postgresql' }, 'not-the-restored-cluster', 'its engine is'],
  ['without our tag', { tags: {} }, 'not-the-restored-cluster', "its tag 'restore-drill' is missing"],
  [
    'of another drill',
    { tags: { 'restore-drill': 'other' } },
    'not-the-restored-cluster',
    "its tag 'restore-drill' is 'other', expected 'case'",
  ],
])('a cluster %s is refused', (_what, found, reason, says) => {
  expect(resolveRestoredCluster(PLAN, CLUSTER, { ...RESTORED, ...found })).toMatchObject({
    ok: false,
    refusal: { reason, message: expect.stringContaining(says) as unknown },
  });
});
