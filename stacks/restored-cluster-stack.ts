import { RdsCluster, type RdsClusterConfig } from '@cdktf/provider-aws/lib/rds-cluster';
import { RdsClusterInstance } from '@cdktf/provider-aws/lib/rds-cluster-instance';
import { RdsClusterRoleAssociation } from '@cdktf/provider-aws/lib/rds-cluster-role-association';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import type { PlannedCluster, RestorePlan } from '../lib/artefacts/restore-plan';
import type { StateLocation } from '../lib/terraform/state-location';
import { AwsStack } from './aws-stack';

/**
 * Every cluster of the restore plan with its instances, exactly as the plan says, side by side.
 * What belongs to one cluster is named after its source, so that a further cluster changes no
 * other's address.
 *
 * Left out on purpose, because the provider does not send them with a restore and would replace the
 * cluster on the next plan where they differ: master_username, database_name, availability_zones,
 * storage_encrypted; and engine_version with a restore in time, which has the source's.
 */
export class RestoredClusterStack extends AwsStack {
  static readonly id = 'restore';

  /**
   * `inUse`: the application's config leads to one of these clusters, so that nothing may destroy them.
   * `adopt`: they were renamed, and are taken into the state under the names that the plan has now.
   */
  constructor(
    scope: Construct,
    plan: RestorePlan,
    state: StateLocation,
    { inUse = false, adopt = false } = {},
  ) {
    const { account, region } = plan;
    super(scope, RestoredClusterStack.id, { account, region, state });
    const outputs = plan.clusters.map((planned) => {
      const cluster = this.addCluster(planned, plan.restoreTo, { inUse, adopt });
      this.addInstances(planned, cluster, adopt);
      this.addRoles(planned, cluster, adopt);
      if (adopt) cluster.importFrom(planned.restored.clusterIdentifier);
      return [
        planned.source.clusterIdentifier,
        {
          cluster_identifier: cluster.clusterIdentifier,
          endpoint: cluster.endpoint,
          reader_endpoint: cluster.readerEndpoint,
          port: cluster.port,
        },
      ] as const;
    });
    new TerraformOutput(this, 'restored', {
      value: Object.fromEntries(outputs),
      description: 'each restored cluster, by the source that it was restored from',
    });
  }

  private addCluster(
    planned: PlannedCluster,
    restoreTo: string,
    { inUse, adopt }: { readonly inUse: boolean; readonly adopt: boolean },
  ): RdsCluster {
    const { source, restored } = planned;
    const plainRoles = restored.roles.filter(({ feature }) => feature === null).map(({ arn }) => arn);
    return new RdsCluster(this, `cluster-${source.clusterIdentifier}`, {
      clusterIdentifier: restored.clusterIdentifier,
      engine: source.engine,
      ...originOf(planned, restoreTo),
      dbClusterParameterGroupName: restored.parameterGroup,
      dbSubnetGroupName: restored.subnetGroup,
      vpcSecurityGroupIds: restored.securityGroupIds,
      port: restored.port,
      iamDatabaseAuthenticationEnabled: restored.iamAuthentication,
      backupRetentionPeriod: restored.backupRetentionDays,
      ...given(restored.backupWindow ?? null, (preferredBackupWindow) => ({ preferredBackupWindow })),
      ...given(restored.maintenanceWindow ?? null, (preferredMaintenanceWindow) => ({
        preferredMaintenanceWindow,
      })),
      copyTagsToSnapshot: restored.copyTagsToSnapshot,
      deletionProtection: restored.deletionProtection,
      ...given(restored.logExports, (enabledCloudwatchLogsExports) => ({ enabledCloudwatchLogsExports })),
      ...given(restored.kmsKeyId, (kmsKeyId) => ({ kmsKeyId })),
      ...given(restored.networkType, (networkType) => ({ networkType })),
      ...given(restored.storageType, (storageType) => ({ storageType })),
      ...given(restored.backtrackWindowSeconds, (backtrackWindow) => ({ backtrackWindow })),
      ...given(restored.serverlessV2, ({ minCapacity, maxCapacity, secondsUntilAutoPause }) => ({
        serverlessv2ScalingConfiguration: {
          minCapacity,
          maxCapacity,
          ...given(secondsUntilAutoPause, (seconds) => ({ secondsUntilAutoPause: seconds })),
        },
      })),
      ...given(plainRoles, (iamRoles) => ({ iamRoles })),
      tags: { ...restored.tags, ...restored.drillTags },
      ...(restored.finalSnapshotIdentifier === undefined
        ? { skipFinalSnapshot: true }
        : { skipFinalSnapshot: false, finalSnapshotIdentifier: restored.finalSnapshotIdentifier }),
      applyImmediately: true,
      lifecycle: {
        // the restore happened once: removing its origin or changing it later must not replace the cluster
        ignoreChanges: [
          ...(planned.method.kind === 'snapshot' ? ONCE_OF_A_SNAPSHOT : ['restore_to_point_in_time']),
          ...(adopt ? NOT_IMPORTED : []),
        ],
        ...(inUse ? { preventDestroy: true } : {}),
      },
    });
  }

  private addInstances({ source, restored }: PlannedCluster, cluster: RdsCluster, adopt: boolean): void {
    const [writer] = restored.instances;
    const instances: RdsClusterInstance[] = [];
    for (const [i, instance] of restored.instances.entries()) {
      // the first instance of a cluster becomes its writer; where all are of one class, waiting for it would only cost time
      const dependsOn = instance.instanceClass === writer?.instanceClass ? [] : instances.slice(0, 1);
      const declared = new RdsClusterInstance(this, `instance-${source.clusterIdentifier}-${i + 1}`, {
        identifier: instance.identifier,
        clusterIdentifier: cluster.id,
        engine: source.engine,
        instanceClass: instance.instanceClass,
        dbParameterGroupName: instance.parameterGroup,
        dbSubnetGroupName: restored.subnetGroup,
        promotionTier: instance.promotionTier,
        publiclyAccessible: instance.publiclyAccessible,
        autoMinorVersionUpgrade: instance.autoMinorVersionUpgrade,
        copyTagsToSnapshot: instance.copyTagsToSnapshot,
        ...given(instance.caCertificate, (caCertIdentifier) => ({ caCertIdentifier })),
        ...given(instance.monitoring, ({ intervalSeconds, roleArn }) => ({
          monitoringInterval: intervalSeconds,
          monitoringRoleArn: roleArn,
        })),
        ...given(instance.performanceInsights, ({ kmsKeyId, retentionDays }) => ({
          performanceInsightsEnabled: true,
          performanceInsightsRetentionPeriod: retentionDays,
          ...given(kmsKeyId, (key) => ({ performanceInsightsKmsKeyId: key })),
        })),
        ...given(instance.maintenanceWindow ?? null, (preferredMaintenanceWindow) => ({
          preferredMaintenanceWindow,
        })),
        tags: { ...instance.tags, ...restored.drillTags },
        applyImmediately: true,
        ...(adopt ? { lifecycle: { ignoreChanges: NOT_IMPORTED } } : {}),
        ...given(dependsOn, (first) => ({ dependsOn: first })),
      });
      if (adopt) declared.importFrom(instance.identifier);
      instances.push(declared);
    }
  }

  private addRoles({ source, restored }: PlannedCluster, cluster: RdsCluster, adopt: boolean): void {
    for (const { arn, feature } of restored.roles) {
      if (feature === null) continue;
      const role = new RdsClusterRoleAssociation(this, `role-${source.clusterIdentifier}-${feature}`, {
        dbClusterIdentifier: cluster.id,
        roleArn: arn,
        featureName: feature,
      });
      if (adopt) role.importFrom(`${restored.clusterIdentifier},${arn}`);
    }
  }
}

/** RDS may raise a snapshot's engine version by itself, during the restore or later. */
const ONCE_OF_A_SNAPSHOT = ['snapshot_identifier', 'restore_to_point_in_time', 'engine_version'];

/** Not a setting of RDS's, so that an import lacks it: adding it would modify a cluster that the application is on, and bring its pending changes. */
const NOT_IMPORTED = ['apply_immediately'];

/** What fills the new cluster: its source at an instant, which may only be left in its backups, or a snapshot. */
function originOf(
  { method, source }: PlannedCluster,
  restoreTo: string,
): Pick<RdsClusterConfig, 'restoreToPointInTime' | 'snapshotIdentifier' | 'engineVersion'> {
  if (method.kind === 'snapshot') {
    const { arn, engineVersion } = method.snapshot;
    return { snapshotIdentifier: arn, engineVersion };
  }
  const from = source.deleted
    ? { sourceClusterResourceId: source.resourceId }
    : { sourceClusterIdentifier: source.clusterIdentifier };
  return { restoreToPointInTime: { ...from, restoreToTime: restoreTo } };
}

/** Arguments for a setting that the source has; nothing for one that is null, zero or empty, so that RDS's default stays. */
function given<T, A extends object>(
  value: T | null,
  toArguments: (value: T) => A,
): A | Record<string, never> {
  const absent =
    value === null || value === 0 || (typeof value === 'object' && Object.keys(value).length === 0);
  return absent ? {} : toArguments(value);
}
