import {
  DBClusterNotFoundFault,
  DescribeDBClustersCommand,
  paginateDescribeDBClusterParameters,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  RDSClient,
  type DBCluster,
  type DBInstance,
  type Tag,
} from '@aws-sdk/client-rds';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { microsFromMillis, type EpochMicros } from '../time';
import type { SourceCluster, SourceInstance, TakenNames } from './source-cluster';

export type ClusterRefusal = Refusal<'cluster-not-found'>;

/** What RDS says about one cluster, and which names are taken beside it. */
export interface RdsFacts {
  readonly source: SourceCluster;
  readonly taken: TakenNames;
}

/** Reads RDS, and changes nothing. Region, credentials and endpoint are found as the AWS SDK finds them. */
export class RdsReader {
  constructor(private readonly client: RDSClient = new RDSClient({})) {}

  async region(): Promise<string> {
    return this.client.config.region();
  }

  async fetchFacts(clusterIdentifier: string): Promise<Outcome<RdsFacts, ClusterRefusal>> {
    const source = await this.fetchCluster(clusterIdentifier);
    return source.ok ? accept({ source: source.value, taken: await this.fetchTaken() }) : source;
  }

  async fetchCluster(clusterIdentifier: string): Promise<Outcome<SourceCluster, ClusterRefusal>> {
    const cluster = await this.describe(clusterIdentifier);
    return cluster.ok ? accept(toSourceCluster(cluster.value, await this.allInstances())) : cluster;
  }

  async fetchTaken(): Promise<TakenNames> {
    const [clusters, instances] = await Promise.all([this.allClusters(), this.allInstances()]);
    return {
      clusters: new Set(clusters.map((one) => required(one.DBClusterIdentifier, 'DBClusterIdentifier'))),
      instances: new Set(instances.map((one) => required(one.DBInstanceIdentifier, 'DBInstanceIdentifier'))),
    };
  }

  /** What a cluster parameter group says of every parameter of its family. */
  async fetchClusterParameters(group: string): Promise<Record<string, string | null>> {
    const found: Record<string, string | null> = {};
    const pages = paginateDescribeDBClusterParameters(
      { client: this.client },
      { DBClusterParameterGroupName: group },
    );
    for await (const { Parameters: parameters = [] } of pages) {
      for (const { ParameterName: name, ParameterValue: value } of parameters) {
        if (name !== undefined) found[name] = value ?? null;
      }
    }
    return found;
  }

  /** Parameter groups of a cluster and its instances that apply after a reboot only, in words. */
  async fetchPendingReboots(clusterIdentifier: string): Promise<string[]> {
    const cluster = await this.describe(clusterIdentifier);
    if (!cluster.ok) return [];
    const members = cluster.value.DBClusterMembers ?? [];
    const ours = new Set(members.map((member) => member.DBInstanceIdentifier));
    const instances = (await this.allInstances()).filter((one) => ours.has(one.DBInstanceIdentifier));
    return [
      ...members
        .filter((member) => member.DBClusterParameterGroupStatus === 'pending-reboot')
        .map(
          (member) =>
            `cluster parameter group ${cluster.value.DBClusterParameterGroup ?? ''} on ${member.DBInstanceIdentifier ?? ''}`,
        ),
      ...instances.flatMap((instance) =>
        (instance.DBParameterGroups ?? [])
          .filter((group) => group.ParameterApplyStatus === 'pending-reboot')
          .map(
            (group) =>
              `parameter group ${group.DBParameterGroupName ?? ''} on ${instance.DBInstanceIdentifier ?? ''}`,
          ),
      ),
    ];
  }

  private async describe(identifier: string): Promise<Outcome<DBCluster, ClusterRefusal>> {
    try {
      const { DBClusters: found = [] } = await this.client.send(
        new DescribeDBClustersCommand({ DBClusterIdentifier: identifier }),
      );
      if (found[0] !== undefined) return accept(found[0]);
    } catch (error) {
      if (!(error instanceof DBClusterNotFoundFault)) throw error;
    }
    return refuse({
      reason: 'cluster-not-found',
      message: `there is no DB cluster '${identifier}' in ${await this.region()}`,
      hint: 'check the name, AWS_REGION and the account of your credentials',
    });
  }

  private async allClusters(): Promise<DBCluster[]> {
    const clusters: DBCluster[] = [];
    for await (const page of paginateDescribeDBClusters({ client: this.client }, {})) {
      clusters.push(...(page.DBClusters ?? []));
    }
    return clusters;
  }

  private async allInstances(): Promise<DBInstance[]> {
    const instances: DBInstance[] = [];
    for await (const page of paginateDescribeDBInstances({ client: this.client }, {})) {
      instances.push(...(page.DBInstances ?? []));
    }
    return instances;
  }
}

function toSourceCluster(cluster: DBCluster, instances: readonly DBInstance[]): SourceCluster {
  const scaling = cluster.ServerlessV2ScalingConfiguration;
  const members = new Map(
    (cluster.DBClusterMembers ?? []).map((member) => [member.DBInstanceIdentifier, member]),
  );
  return {
    identifier: required(cluster.DBClusterIdentifier, 'DBClusterIdentifier'),
    resourceId: required(cluster.DbClusterResourceId, 'DbClusterResourceId'),
    arn: required(cluster.DBClusterArn, 'DBClusterArn'),
    status: required(cluster.Status, 'Status'),
    deleted: false,
    engine: required(cluster.Engine, 'Engine'),
    engineVersion: required(cluster.EngineVersion, 'EngineVersion'),
    engineMode: cluster.EngineMode ?? 'provisioned',
    endpoint: required(cluster.Endpoint, 'Endpoint'),
    readerEndpoint: cluster.ReaderEndpoint ?? null,
    customEndpoints: cluster.CustomEndpoints ?? [],
    port: required(cluster.Port, 'Port'),
    parameterGroup: required(cluster.DBClusterParameterGroup, 'DBClusterParameterGroup'),
    subnetGroup: required(cluster.DBSubnetGroup, 'DBSubnetGroup'),
    securityGroupIds: (cluster.VpcSecurityGroups ?? []).map((group) =>
      required(group.VpcSecurityGroupId, 'VpcSecurityGroupId'),
    ),
    kmsKeyId: cluster.StorageEncrypted === true ? required(cluster.KmsKeyId, 'KmsKeyId') : null,
    iamAuthentication: cluster.IAMDatabaseAuthenticationEnabled ?? false,
    logExports: cluster.EnabledCloudwatchLogsExports ?? [],
    roles: (cluster.AssociatedRoles ?? []).map((role) => ({
      arn: required(role.RoleArn, 'RoleArn'),
      feature: role.FeatureName === undefined || role.FeatureName === '' ? null : role.FeatureName,
    })),
    networkType: cluster.NetworkType ?? null,
    storageType: cluster.StorageType ?? null,
    backtrackWindowSeconds: cluster.BacktrackWindow ?? 0,
    earliestBacktrackAt: toInstant(cluster.EarliestBacktrackTime),
    serverlessV2:
      scaling === undefined
        ? null
        : {
            minCapacity: required(scaling.MinCapacity, 'MinCapacity'),
            maxCapacity: required(scaling.MaxCapacity, 'MaxCapacity'),
            secondsUntilAutoPause: scaling.SecondsUntilAutoPause ?? null,
          },
    backupRetentionDays: required(cluster.BackupRetentionPeriod, 'BackupRetentionPeriod'),
    copyTagsToSnapshot: cluster.CopyTagsToSnapshot ?? false,
    deletionProtection: cluster.DeletionProtection ?? false,
    managedMasterPassword: cluster.MasterUserSecret !== undefined,
    dataApi: cluster.HttpEndpointEnabled ?? false,
    activityStream: cluster.ActivityStreamStatus !== undefined && cluster.ActivityStreamStatus !== 'stopped',
    domain: cluster.DomainMemberships?.[0]?.Domain ?? null,
    globalClusterIdentifier: cluster.GlobalClusterIdentifier ?? null,
    notRestored: notRestored(cluster),
    backupWindow: cluster.PreferredBackupWindow ?? null,
    maintenanceWindow: cluster.PreferredMaintenanceWindow ?? null,
    tags: toTags(cluster.TagList),
    earliestRestorableAt: toInstant(cluster.EarliestRestorableTime),
    latestRestorableAt: toInstant(cluster.LatestRestorableTime),
    instances: instances
      .filter((instance) => members.has(instance.DBInstanceIdentifier))
      .map((instance) =>
        toSourceInstance(instance, members.get(instance.DBInstanceIdentifier)?.IsClusterWriter === true),
      )
      .sort(writerFirst),
  };
}

/** RDS's defaults are left out: `standard`, `disabled`, and the extended support that it charges for. */
function notRestored(cluster: DBCluster): Record<string, string> {
  const { DatabaseInsightsMode: insights, EngineLifecycleSupport: support } = cluster;
  const forwarding = [cluster.LocalWriteForwardingStatus, cluster.GlobalWriteForwardingStatus];
  return {
    ...(insights === undefined || insights === 'standard' ? {} : { 'Database Insights mode': insights }),
    ...(support === undefined || support === 'open-source-rds-extended-support'
      ? {}
      : { 'engine lifecycle support': support }),
    ...(forwarding.some((status) => status === 'enabled') ? { 'write forwarding': 'enabled' } : {}),
  };
}

export function toInstant(date: Date | undefined): EpochMicros | null {
  return date === undefined ? null : microsFromMillis(date.getTime());
}

function toSourceInstance(instance: DBInstance, isWriter: boolean): SourceInstance {
  const intervalSeconds = instance.MonitoringInterval ?? 0;
  return {
    identifier: required(instance.DBInstanceIdentifier, 'DBInstanceIdentifier'),
    isWriter,
    instanceClass: required(instance.DBInstanceClass, 'DBInstanceClass'),
    parameterGroup: required(
      instance.DBParameterGroups?.[0]?.DBParameterGroupName,
      'DBParameterGroups[0].DBParameterGroupName',
    ),
    promotionTier: instance.PromotionTier ?? 1,
    caCertificate: instance.CACertificateIdentifier ?? null,
    autoMinorVersionUpgrade: instance.AutoMinorVersionUpgrade ?? true,
    copyTagsToSnapshot: instance.CopyTagsToSnapshot ?? false,
    publiclyAccessible: instance.PubliclyAccessible ?? false,
    monitoring:
      intervalSeconds === 0
        ? null
        : { intervalSeconds, roleArn: required(instance.MonitoringRoleArn, 'MonitoringRoleArn') },
    performanceInsights:
      instance.PerformanceInsightsEnabled === true
        ? {
            kmsKeyId: instance.PerformanceInsightsKMSKeyId ?? null,
            retentionDays: instance.PerformanceInsightsRetentionPeriod ?? 7,
          }
        : null,
    maintenanceWindow: instance.PreferredMaintenanceWindow ?? null,
    availabilityZone: instance.AvailabilityZone ?? null,
    tags: toTags(instance.TagList),
  };
}

function writerFirst(a: SourceInstance, b: SourceInstance): number {
  return (
    Number(b.isWriter) - Number(a.isWriter) ||
    a.promotionTier - b.promotionTier ||
    ((a.identifier ?? '') < (b.identifier ?? '') ? -1 : 1)
  );
}

export function toTags(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']));
}

/** RDS always answers with these fields; without one a plan would be a guess. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`RDS answered without ${name}`);
  return value;
}
