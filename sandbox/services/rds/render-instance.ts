import type { SubnetGroup } from './groups';
import type { Instance } from './model';
import { renderSubnetGroup } from './render-subnet-group';
import { renderTags } from './tags';

/** The shape `DBInstance` of the API. */
export function renderInstance(
  instance: Instance,
  subnetGroup: SubnetGroup,
  account: { readonly accountId: string; readonly region: string },
): object {
  const { cluster, settings } = instance;
  const insights = settings.performanceInsights;
  return {
    DBInstanceIdentifier: instance.identifier,
    DBInstanceClass: settings.instanceClass,
    Engine: cluster.engine,
    DBInstanceStatus: instance.status,
    MasterUsername: cluster.masterUsername,
    DBName: cluster.databaseName,
    // RDS gives no endpoint before the instance has come up
    Endpoint:
      instance.status === 'creating' || instance.status === 'failed'
        ? undefined
        : { Address: cluster.address.host, Port: cluster.address.port, HostedZoneId: 'Z2R2ITUGPM61AM' },
    AllocatedStorage: 1,
    InstanceCreateTime: instance.createdAt,
    PreferredBackupWindow: cluster.settings.preferredBackupWindow,
    BackupRetentionPeriod: cluster.settings.backupRetentionPeriod,
    DBSecurityGroups: [],
    VpcSecurityGroups: cluster.settings.securityGroupIds.map((id) => ({
      VpcSecurityGroupId: id,
      Status: 'active',
    })),
    DBParameterGroups: [{ DBParameterGroupName: settings.parameterGroup, ParameterApplyStatus: 'in-sync' }],
    AvailabilityZone: instance.availabilityZone,
    DBSubnetGroup: renderSubnetGroup(subnetGroup, account),
    PreferredMaintenanceWindow: settings.preferredMaintenanceWindow,
    PendingModifiedValues: {},
    MultiAZ: false,
    EngineVersion: cluster.engineVersion,
    AutoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
    ReadReplicaDBInstanceIdentifiers: [],
    LicenseModel: 'general-public-license',
    PubliclyAccessible: settings.publiclyAccessible,
    StorageType: 'aurora',
    DbInstancePort: 0,
    DBClusterIdentifier: cluster.identifier,
    StorageEncrypted: true,
    KmsKeyId: cluster.kmsKeyId,
    DbiResourceId: instance.resourceId,
    CACertificateIdentifier: settings.caCertificate,
    DomainMemberships: [],
    CopyTagsToSnapshot: settings.copyTagsToSnapshot,
    MonitoringInterval: settings.monitoringInterval,
    MonitoringRoleArn: settings.monitoringRoleArn,
    PromotionTier: settings.promotionTier,
    DBInstanceArn: instance.arn,
    IAMDatabaseAuthenticationEnabled: cluster.settings.iamAuthentication,
    PerformanceInsightsEnabled: insights !== undefined,
    PerformanceInsightsKMSKeyId: insights?.kmsKeyId,
    PerformanceInsightsRetentionPeriod: insights?.retentionDays,
    DeletionProtection: false,
    AssociatedRoles: [],
    TagList: renderTags(instance.tags),
    CustomerOwnedIpEnabled: false,
    NetworkType: 'IPV4',
  };
}
