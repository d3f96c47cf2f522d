import type { EpochMicros } from '../time';

/** What the plan must know about the DB cluster that was damaged, as DescribeDBClusters and DescribeDBInstances tell it. */
export interface SourceCluster {
  readonly identifier: string;
  readonly resourceId: string;
  readonly arn: string;
  /** AWS's word, such as `available`. */
  readonly status: string;
  readonly engine: string;
  readonly engineVersion: string;
  /** `provisioned`, `serverless` (version 1) and older modes; version 2 is `provisioned`. */
  readonly engineMode: string;
  readonly endpoint: string;
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
  readonly tags: Readonly<Record<string, string>>;
  /** Both are null until a cluster's first backup is complete. */
  readonly earliestRestorableAt: EpochMicros | null;
  readonly latestRestorableAt: EpochMicros | null;
  /** The writer first, then by promotion tier and identifier. */
  readonly instances: readonly SourceInstance[];
}

export interface SourceInstance {
  readonly identifier: string;
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
  readonly tags: Readonly<Record<string, string>>;
}

/** Identifiers in use in the account and region; cluster and instance identifiers are each unique there. */
export interface TakenNames {
  readonly clusters: ReadonlySet<string>;
  readonly instances: ReadonlySet<string>;
}
