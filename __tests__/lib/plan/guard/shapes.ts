import type { RestorePlan } from '../../../../lib/artefacts';
import type { SourceCluster } from '../../../../lib/plan/source-cluster';
import { planned, sourceCluster, sourceInstance } from '../facts';

/** Kinds of source cluster whose restores Terraform plans differently. */
const SOURCES = {
  'every-setting': {},
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
} satisfies Record<string, Partial<SourceCluster>>;

export type Shape = keyof typeof SOURCES;
export const SHAPES = Object.keys(SOURCES) as Shape[];

/** The approved restore plan of each shape. */
export function approvedPlan(shape: Shape): RestorePlan {
  return {
    schemaVersion: 1,
    ...planned({ source: sourceCluster(SOURCES[shape]) }, { earnest: shape === 'earnest' }),
  };
}
