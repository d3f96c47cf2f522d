import type { RestorePlan } from '../../../../lib/artefacts/restore-plan';
import type { SourceCluster } from '../../../../lib/plan/source-cluster';
import {
  deletedPlan,
  ledgerCluster,
  restorePlan,
  snapshotPlan,
  sourceCluster,
  sourceInstance,
} from '../facts';

/** Kinds of source cluster whose restores Terraform plans differently. */
const SOURCES = {
  'every-setting': {},
  'instance-windows': {
    instances: [
      sourceInstance({ isWriter: true, maintenanceWindow: 'mon:03:00-mon:03:30' }),
      sourceInstance({ identifier: 'trading-b', maintenanceWindow: 'tue:03:00-tue:03:30' }),
    ],
  },
  'few-settings': {
    kmsKeyId: null,
    logExports: [],
    networkType: null,
    storageType: 'aurora',
    iamAuthentication: false,
    tags: {},
    instances: [
      sourceInstance({
        isWriter: true,
        monitoring: null,
        performanceInsights: null,
        caCertificate: null,
        tags: {},
      }),
    ],
  },
  serverless: {
    serverlessV2: { minCapacity: 0, maxCapacity: 16, secondsUntilAutoPause: 300 },
    backtrackWindowSeconds: 86_400,
    roles: [{ arn: 'arn:aws:iam::123456789012:role/load', feature: null }],
    instances: [
      sourceInstance({ isWriter: true }),
      sourceInstance({ identifier: 'trading-b', instanceClass: 'db.serverless' }),
    ],
  },
  postgres: {
    engine: 'aurora-postgresql',
    engineVersion: '16.4',
    logExports: ['postgresql'],
    roles: [
      { arn: 'arn:aws:iam::123456789012:role/s3', feature: 's3Import' },
      { arn: 'arn:aws:iam::123456789012:role/lambda', feature: 'Lambda' },
    ],
  },
  earnest: {},
  'two-clusters': { roles: [{ arn: 'arn:aws:iam::123456789012:role/s3', feature: 's3Import' }] },
} satisfies Record<string, Partial<SourceCluster>>;

/** Plans that go by another method. */
const METHODS = { snapshot: snapshotPlan, deleted: deletedPlan };

export type Shape = keyof typeof SOURCES | keyof typeof METHODS;
export const SHAPES = [...Object.keys(SOURCES), ...Object.keys(METHODS)] as Shape[];

/** The approved restore plan of each shape. */
export function approvedPlan(shape: Shape): RestorePlan {
  if (shape === 'snapshot' || shape === 'deleted') return METHODS[shape]();
  const roles = [{ arn: 'arn:aws:iam::123456789012:role/s3', feature: 's3Import' }];
  return restorePlan(
    {
      source: sourceCluster(SOURCES[shape]),
      further: shape === 'two-clusters' ? [{ source: ledgerCluster({ roles }) }] : [],
    },
    { earnest: shape === 'earnest' },
  );
}
