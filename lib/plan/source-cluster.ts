import type { EpochMicros } from '../time';

/** What the plan must know about the DB cluster that was damaged, as DescribeDBClusters and DescribeDBInstances tell it, or its backups once it is deleted. */
export interface SourceCluster {
  readonly identifier: string;
  readonly resourceId: string;
  readonly arn: string;
  /** AWS's word, such as `available`. */
  readonly status: string;
  /** Whether only backups of it are left. */
  readonly deleted: boolean;
  readonly engine: string;
  readonly engineVersion: string;
  /** `provisioned`, `serverless` (version 1) and older modes; version 2 is `provisioned`. */
  readonly engineMode: string;
  /** Null where it is deleted. */
  readonly endpoint: string | null;
  readonly readerEndpoint: string | null;
  readonly customEndpoints: readonly string[];
  readonly port: number;
  readonly parameterGroup: string;
  readonly subnetGroup: string;
  readonly securityGroupIds: readonly string[];
  /** Null where storage is not encrypted. */
  readonly kmsKeyId: string | null;
  readonly iamAuthentication: boolean;
  readonly logExports: readonly string[];
  readonly roles: readonly { readonly arn: string; readonly feature: string | null }[];
  readonly networkType: string | null;
  /** `aurora` or `aurora-iopt1`; null where AWS does not say. */
  readonly storageType: string | null;
  readonly backtrackWindowSeconds: number;
  /** How far back it can be rewound; null where backtrack is off. */
  readonly earliestBacktrackAt: EpochMicros | null;
  readonly serverlessV2: {
    readonly minCapacity: number;
    readonly maxCapacity: number;
    readonly secondsUntilAutoPause: number | null;
  } | null;
  readonly backupRetentionDays: number;
  readonly copyTagsToSnapshot: boolean;
  readonly deletionProtection: boolean;
  readonly managedMasterPassword: boolean;
  readonly dataApi: boolean;
  readonly activityStream: boolean;
  readonly domain: string | null;
  readonly globalClusterIdentifier: string | null;
  /** Further settings that are away from RDS's default and that no restore brings along: name and value, in words. */
  readonly notRestored: Readonly<Record<string, string>>;
  /** Null where AWS does not say; in UTC. */
  readonly backupWindow: string | null;
  readonly maintenanceWindow: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Both are null until a cluster's first backup is complete. */
  readonly earliestRestorableAt: EpochMicros | null;
  readonly latestRestorableAt: EpochMicros | null;
  /** The writer first, then by promotion tier and identifier. */
  readonly instances: readonly SourceInstance[];
}

export interface SourceInstance {
  /** Null for what was chosen in place of a deleted cluster's. */
  readonly identifier: string | null;
  readonly isWriter: boolean;
  readonly instanceClass: string;
  readonly parameterGroup: string;
  readonly promotionTier: number;
  readonly caCertificate: string | null;
  readonly autoMinorVersionUpgrade: boolean;
  readonly copyTagsToSnapshot: boolean;
  readonly publiclyAccessible: boolean;
  readonly monitoring: { readonly intervalSeconds: number; readonly roleArn: string } | null;
  readonly performanceInsights: { readonly kmsKeyId: string | null; readonly retentionDays: number } | null;
  /** Null where AWS does not say; in UTC. */
  readonly maintenanceWindow: string | null;
  readonly availabilityZone: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

/** Identifiers in use in the account and region; cluster and instance identifiers are each unique there. */
export interface TakenNames {
  readonly clusters: ReadonlySet<string>;
  readonly instances: ReadonlySet<string>;
}
