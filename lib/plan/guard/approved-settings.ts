import type { PlannedCluster } from '../../artefacts/restore-plan';
import type { ResourceChange } from './terraform-plan';

/** Attribute of the provider's resource, and the value that the restore plan gives it; null where it gives none. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * How each restored resource has to come out, by the attributes of hashicorp/aws; those that have a
 * rule of their own (restore point, security groups, encryption, public access) are left to it.
 */
export function approvedSettings(
  planned: PlannedCluster,
  { type, change: { after } }: ResourceChange,
): Settings | undefined {
  const { source, restored } = planned;
  switch (type) {
    case 'aws_rds_cluster':
      return clusterSettings(planned);
    case 'aws_rds_cluster_instance': {
      const instance = restored.instances.find(({ identifier }) => identifier === after?.['identifier']);
      if (instance === undefined) return undefined;
      const { monitoring, performanceInsights } = instance;
      return {
        identifier: instance.identifier,
        cluster_identifier: restored.clusterIdentifier,
        engine: source.engine,
        instance_class: instance.instanceClass,
        db_parameter_group_name: instance.parameterGroup,
        db_subnet_group_name: restored.subnetGroup,
        promotion_tier: instance.promotionTier,
        auto_minor_version_upgrade: instance.autoMinorVersionUpgrade,
        copy_tags_to_snapshot: instance.copyTagsToSnapshot,
        ca_cert_identifier: instance.caCertificate,
        monitoring_interval: monitoring?.intervalSeconds ?? null,
        monitoring_role_arn: monitoring?.roleArn ?? null,
        performance_insights_enabled: performanceInsights !== null,
        performance_insights_retention_period: performanceInsights?.retentionDays ?? null,
        performance_insights_kms_key_id: performanceInsights?.kmsKeyId ?? null,
        preferred_maintenance_window: instance.maintenanceWindow ?? null,
        apply_immediately: true,
        ...tagSettings(instance.tags, restored.drillTags),
      };
    }
    case 'aws_rds_cluster_role_association':
      return {
        db_cluster_identifier: restored.clusterIdentifier,
        role_arn:
          restored.roles.find(({ feature }) => feature !== null && feature === after?.['feature_name'])
            ?.arn ?? null,
        feature_name: after?.['feature_name'],
      };
    default:
      return undefined;
  }
}

function clusterSettings({ method, source, restored }: PlannedCluster): Settings {
  const { serverlessV2 } = restored;
  return {
    cluster_identifier: restored.clusterIdentifier,
    engine: source.engine,
    // of a restore in time it follows from the source; the provider does not send it
    ...(method.kind === 'snapshot' ? { engine_version: method.snapshot.engineVersion } : {}),
    engine_mode: 'provisioned',
    db_cluster_parameter_group_name: restored.parameterGroup,
    db_subnet_group_name: restored.subnetGroup,
    port: restored.port,
    iam_database_authentication_enabled: restored.iamAuthentication,
    enabled_cloudwatch_logs_exports: restored.logExports,
    iam_roles: restored.roles.filter(({ feature }) => feature === null).map(({ arn }) => arn),
    network_type: restored.networkType,
    storage_type: restored.storageType,
    backtrack_window: restored.backtrackWindowSeconds,
    serverlessv2_scaling_configuration:
      serverlessV2 === null
        ? []
        : [
            {
              min_capacity: serverlessV2.minCapacity,
              max_capacity: serverlessV2.maxCapacity,
              seconds_until_auto_pause: serverlessV2.secondsUntilAutoPause,
            },
          ],
    backup_retention_period: restored.backupRetentionDays,
    preferred_backup_window: restored.backupWindow ?? null,
    preferred_maintenance_window: restored.maintenanceWindow ?? null,
    copy_tags_to_snapshot: restored.copyTagsToSnapshot,
    deletion_protection: restored.deletionProtection,
    skip_final_snapshot: restored.finalSnapshotIdentifier === undefined,
    final_snapshot_identifier: restored.finalSnapshotIdentifier ?? null,
    // the provider's own default; it counts only once the cluster is destroyed
    delete_automated_backups: true,
    apply_immediately: true,
    ...tagSettings(restored.tags, restored.drillTags),
  };
}

function tagSettings(tags: Settings, drillTags: Settings): Settings {
  const all = { ...tags, ...drillTags };
  return { tags: all, tags_all: all };
}

/** Whether two values mean the same to the provider: what is null, false, zero or empty counts as not set, lists as sets. */
export function sameSetting(a: unknown, b: unknown): boolean {
  return JSON.stringify(normalized(a)) === JSON.stringify(normalized(b));
}

export function isSet(value: unknown): boolean {
  return normalized(value) !== null;
}

function normalized(value: unknown): unknown {
  if (value === undefined || value === null || value === false || value === 0 || value === '') return null;
  if (Array.isArray(value)) {
    const items = value.map((item) => JSON.stringify(normalized(item))).sort();
    return items.length === 0 ? null : items;
  }
  if (typeof value !== 'object') return value;
  const entries = Object.entries(value)
    .map(([key, inner]): [string, unknown] => [key, normalized(inner)])
    .filter(([, inner]) => inner !== null)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
