import { backtrackWindow } from './backtrack-window';
import type { Cluster, Instance } from './model';
import { restorableWindow } from './restorable-window';
import { renderTags } from './tags';

/** The shape `DBCluster` of the API. */
export function renderCluster(
  cluster: Cluster,
  instances: readonly Instance[],
  account: { readonly region: string; readonly restorableLagMs: number },
): object {
  const { settings } = cluster;
  const window =
    cluster.status === 'creating' ? undefined : restorableWindow(cluster, account.restorableLagMs);
  return {
    AllocatedStorage: 1,
    AvailabilityZones: ['a', 'b', 'c'].map((zone) => `${account.region}${zone}`),
    BackupRetentionPeriod: settings.backupRetentionPeriod,
    DatabaseName: cluster.databaseName,
    DBClusterIdentifier: cluster.identifier,
    DBClusterParameterGroup: settings.parameterGroup,
    DBSubnetGroup: cluster.subnetGroup,
    Status: cluster.status,
    EarliestRestorableTime: window?.earliest,
    Endpoint: cluster.address.host,
    ReaderEndpoint: cluster.address.host,
    MultiAZ: instances.length > 1,
    Engine: cluster.engine,
    EngineVersion: cluster.engineVersion,
    LatestRestorableTime: window?.latest,
    Port: cluster.address.port,
    MasterUsername: cluster.masterUsername,
    PreferredBackupWindow: settings.preferredBackupWindow,
    PreferredMaintenanceWindow: settings.preferredMaintenanceWindow,
    ReadReplicaIdentifiers: [],
    DBClusterMembers: instances.map((instance) => ({
      DBInstanceIdentifier: instance.identifier,
      IsClusterWriter: instance.isWriter,
      DBClusterParameterGroupStatus: 'in-sync',
      PromotionTier: instance.settings.promotionTier,
    })),
    VpcSecurityGroups: settings.securityGroupIds.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    HostedZoneId: 'Z2R2ITUGPM61AM',
    StorageEncrypted: true,
    KmsKeyId: cluster.kmsKeyId,
    DbClusterResourceId: cluster.resourceId,
    DBClusterArn: cluster.arn,
    AssociatedRoles: [...cluster.roles.values()].map(({ arn, feature }) => ({
      RoleArn: arn,
      Status: 'ACTIVE',
      FeatureName: feature === '' ? undefined : feature,
    })),
    IAMDatabaseAuthenticationEnabled: settings.iamAuthentication,
    ClusterCreateTime: cluster.createdAt,
    EarliestBacktrackTime: cluster.status === 'creating' ? undefined : backtrackWindow(cluster)?.earliest,
    BacktrackWindow: settings.backtrackWindowSeconds === 0 ? undefined : settings.backtrackWindowSeconds,
    EnabledCloudwatchLogsExports: settings.logExports.length === 0 ? undefined : settings.logExports,
    EngineMode: 'provisioned',
    DeletionProtection: settings.deletionProtection,
    HttpEndpointEnabled: false,
    ActivityStreamStatus: 'stopped',
    CopyTagsToSnapshot: settings.copyTagsToSnapshot,
    CrossAccountClone: false,
    DomainMemberships: [],
    TagList: renderTags(cluster.tags),
    AutoMinorVersionUpgrade: false,
    NetworkType: 'IPV4',
    ServerlessV2ScalingConfiguration: settings.serverlessV2Scaling,
  };
}
