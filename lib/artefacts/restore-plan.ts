import { z } from 'zod';
import { account, count, drillId, instant, sha256, tags, wholeSecond } from './fields';

const restoredInstance = z.strictObject({
  identifier: z.string(),
  instanceClass: z.string(),
  parameterGroup: z.string(),
  promotionTier: z.int().min(0).max(15),
  caCertificate: z.string().nullable(),
  autoMinorVersionUpgrade: z.boolean(),
  copyTagsToSnapshot: z.boolean(),
  publiclyAccessible: z.boolean(),
  /** Enhanced Monitoring; null where it is off. */
  monitoring: z.strictObject({ intervalSeconds: z.int().min(1), roleArn: z.string() }).nullable(),
  /** Null where it is off. */
  performanceInsights: z
    .strictObject({ kmsKeyId: z.string().nullable(), retentionDays: z.int().min(1) })
    .nullable(),
  /** In UTC; absent where the source's is not known. */
  maintenanceWindow: z.string().optional(),
  tags,
  /** Identifier of the source's instance whose settings this one carries over; null where that is deleted. */
  modelledOn: z.string().nullable(),
});

const restoredCluster = z.strictObject({
  clusterIdentifier: z.string(),
  parameterGroup: z.string(),
  subnetGroup: z.string(),
  securityGroupIds: z.array(z.string()),
  kmsKeyId: z.string().nullable(),
  port: z.int().min(1).max(65535),
  iamAuthentication: z.boolean(),
  logExports: z.array(z.string()),
  /** Feature names are PostgreSQL's; Aurora MySQL's roles have none. */
  roles: z.array(z.strictObject({ arn: z.string(), feature: z.string().nullable() })),
  networkType: z.string().nullable(),
  /** Null for Aurora's standard storage. */
  storageType: z.string().nullable(),
  backtrackWindowSeconds: count,
  /** In Aurora capacity units; null where the source has none. */
  serverlessV2: z
    .strictObject({
      minCapacity: z.number().min(0),
      maxCapacity: z.number().min(0),
      secondsUntilAutoPause: count.nullable(),
    })
    .nullable(),
  backupRetentionDays: z.int().min(1),
  /** In UTC; absent where the source's are not known. */
  backupWindow: z.string().optional(),
  maintenanceWindow: z.string().optional(),
  copyTagsToSnapshot: z.boolean(),
  deletionProtection: z.boolean(),
  /** Taken when the cluster is destroyed; a drill leaves none. */
  finalSnapshotIdentifier: z.string().optional(),
  /** Carried over from the source. */
  tags,
  /** The drill's own, on everything that it makes. */
  drillTags: tags,
  instances: z.array(restoredInstance).min(1),
});

const instants = z.strictObject({ earliestAt: instant, latestAt: instant, checkedAt: instant });

/** One source cluster, and the cluster that it is restored into. */
const plannedCluster = z.strictObject({
  method: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('point-in-time'), reason: z.string() }),
    z.strictObject({
      kind: z.literal('snapshot'),
      reason: z.string(),
      snapshot: z.strictObject({
        identifier: z.string(),
        arn: z.string(),
        type: z.string(),
        createdAt: instant,
        engineVersion: z.string(),
      }),
    }),
  ]),
  /** What the restored data is as of: the restore point, or when the snapshot was made. */
  dataAt: instant,
  /** In words, what the restored data lacks of what was committed before the damage. */
  loses: z.string(),
  /** What RDS could restore to when asked; null where it named no time. */
  window: instants.nullable(),
  source: z.strictObject({
    clusterIdentifier: z.string(),
    resourceId: z.string(),
    arn: z.string(),
    /** Whether only its retained backups are left. */
    deleted: z.boolean(),
    engine: z.enum(['aurora-mysql', 'aurora-postgresql']),
    engineVersion: z.string(),
    /** Null where it is deleted. */
    endpoint: z.string().nullable(),
    readerEndpoint: z.string().nullable(),
    port: z.int().min(1).max(65535),
  }),
  restored: restoredCluster,
  /** How the source itself could be rewound in place instead, on request only; null where it cannot. */
  backtrack: z.strictObject({ earliestAt: instant, to: wholeSecond, command: z.string() }).nullable(),
  /** Deliberate differences between source and restored cluster, in words. */
  differences: z.array(z.string()),
});
export type PlannedCluster = z.infer<typeof plannedCluster>;

export const restorePlanSchema = z.strictObject({
  schemaVersion: z.literal(2),
  drill: drillId,
  madeAt: instant,
  /** From then on the plan cannot be applied for the first time: the reviewed facts are too old. */
  expiresAt: instant,
  madeFrom: z.strictObject({ 'incident.json': sha256 }),
  account,
  region: z.string(),
  /** The restore point: the one instant that every cluster is restored to, as far as its method can. */
  restoreTo: wholeSecond,
  /** The first is the incident's. */
  clusters: z.tuple([plannedCluster], plannedCluster),
});
export type RestorePlan = z.infer<typeof restorePlanSchema>;
