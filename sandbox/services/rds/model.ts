import type { Address } from '../../engines/database-cluster';
import type { ClusterDatabase } from './cluster-database';
import type { Tags } from './tags';

export type ClusterStatus =
  | 'creating'
  | 'available'
  | 'modifying'
  | 'renaming'
  | 'backtracking'
  | 'failing-over'
  | 'deleting'
  | 'migration-failed';

/** One rewind of a cluster in place. */
export interface Backtrack {
  readonly identifier: string;
  readonly to: Date;
  readonly from: Date;
  readonly requestedAt: Date;
  status: 'applying' | 'completed' | 'failed';
}

/** What ModifyDBCluster can change. */
export interface ClusterSettings {
  readonly parameterGroup: string;
  readonly securityGroupIds: readonly string[];
  readonly backupRetentionPeriod: number;
  readonly preferredBackupWindow: string;
  readonly preferredMaintenanceWindow: string;
  readonly logExports: readonly string[];
  readonly iamAuthentication: boolean;
  readonly deletionProtection: boolean;
  readonly copyTagsToSnapshot: boolean;
  readonly backtrackWindowSeconds: number;
  readonly serverlessV2Scaling: { readonly MinCapacity: number; readonly MaxCapacity: number } | undefined;
}

export interface Cluster {
  identifier: string;
  readonly resourceId: string;
  arn: string;
  readonly createdAt: Date;
  readonly engine: string;
  readonly engineVersion: string;
  /** Its endpoint, which belongs to its name. */
  address: Address;
  readonly masterUsername: string;
  readonly databaseName: string | undefined;
  readonly subnetGroup: string;
  readonly kmsKeyId: string;
  readonly tags: Tags;
  /** IAM roles by ARN and feature. */
  readonly roles: Map<string, { readonly arn: string; readonly feature: string }>;
  settings: ClusterSettings;
  status: ClusterStatus;
  /** None until it has been created or restored. */
  database: ClusterDatabase | undefined;
  /** What the storage was before each rewind, oldest first. */
  readonly earlier: ClusterDatabase[];
  readonly backtracks: Backtrack[];
}

export type InstanceStatus =
  'creating' | 'available' | 'modifying' | 'renaming' | 'rebooting' | 'deleting' | 'failed';

/** What ModifyDBInstance can change. */
export interface InstanceSettings {
  readonly instanceClass: string;
  readonly parameterGroup: string;
  readonly promotionTier: number;
  readonly preferredMaintenanceWindow: string;
  readonly autoMinorVersionUpgrade: boolean;
  readonly publiclyAccessible: boolean;
  readonly copyTagsToSnapshot: boolean;
  readonly caCertificate: string;
  readonly monitoringInterval: number;
  readonly monitoringRoleArn: string | undefined;
  readonly performanceInsights: { readonly kmsKeyId: string; readonly retentionDays: number } | undefined;
}

export interface Instance {
  identifier: string;
  readonly resourceId: string;
  arn: string;
  readonly createdAt: Date;
  readonly cluster: Cluster;
  readonly availabilityZone: string;
  readonly tags: Tags;
  settings: InstanceSettings;
  status: InstanceStatus;
  isWriter: boolean;
}
