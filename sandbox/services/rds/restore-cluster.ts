import path from 'node:path';
import { z } from 'zod';
import { decimal, flag, integer, list } from '../../protocols/query-input';
import { checkFamily, checkKmsKey, checkLogTypes, checkSecurityGroups } from './check-placement';
import type { ClusterDatabase } from './cluster-database';
import { clusterAlreadyExists, invalidCombination } from './faults';
import { newIdentifier } from './identifiers';
import type { Cluster, ClusterSettings } from './model';
import { defaultGroupOf, familyOf } from './parameter-families';
import { checkClusterQuota } from './quotas';
import { DEFAULT_SECURITY_GROUP, newResourceId, type RdsState } from './rds-state';
import { letListen, isClosed } from './reachability';
import { tagListSchema } from './tags';

/** What both calls that restore a cluster take. */
export const restoreInput = {
  DBClusterIdentifier: newIdentifier('DBClusterIdentifier'),
  Port: integer(1150, 65535).optional(),
  DBSubnetGroupName: z.string().optional(),
  DBClusterParameterGroupName: z.string().optional(),
  VpcSecurityGroupIds: list(z.string()).optional(),
  Tags: tagListSchema.optional(),
  KmsKeyId: z.string().optional(),
  EnableIAMDatabaseAuthentication: flag.default(false),
  BacktrackWindow: integer(0, 259_200).default(0),
  EnableCloudwatchLogsExports: list(z.string()).default([]),
  DeletionProtection: flag.default(false),
  CopyTagsToSnapshot: flag.default(false),
  BackupRetentionPeriod: integer(1, 35).optional(),
  PreferredBackupWindow: z.string().optional(),
  EngineMode: z.literal('provisioned').optional(),
  NetworkType: z.literal('IPV4').optional(),
  StorageType: z.enum(['', 'aurora']).optional(),
  ServerlessV2ScalingConfiguration: z
    .strictObject({ MinCapacity: decimal(0, 256), MaxCapacity: decimal(1, 256) })
    .optional(),
  MonitoringInterval: z.string().optional(),
  MonitoringRoleArn: z.string().optional(),
  EnablePerformanceInsights: z.string().optional(),
  PerformanceInsightsKMSKeyId: z.string().optional(),
  PerformanceInsightsRetentionPeriod: z.string().optional(),
};
export type RestoreInput = z.infer<z.ZodObject<typeof restoreInput>>;

/** What a cluster is restored from: as the origin was, out of its storage, at an instant in microseconds. */
export interface RestoreOrigin {
  readonly cluster: Cluster;
  readonly database: ClusterDatabase;
  readonly at: number;
}

/** Really restores, into a new cluster without instances. */
export async function restoreCluster(
  request: RestoreInput,
  { cluster: source, database, at }: RestoreOrigin,
  state: RdsState,
): Promise<Cluster> {
  refuseMonitoring(request);
  const settings = settingsOf(request, source, state);
  const identifier = request.DBClusterIdentifier;
  const address = await state.endpointOf(identifier, request.Port ?? source.address.port);
  // nothing may come between this check and the new cluster
  if (state.clusters.has(identifier)) throw clusterAlreadyExists();
  checkClusterQuota(state);
  const cluster: Cluster = {
    ...source,
    identifier,
    resourceId: newResourceId('cluster'),
    arn: state.arn('cluster', identifier),
    createdAt: new Date(),
    address,
    subnetGroup: state.subnetGroups.get(request.DBSubnetGroupName ?? 'default').name,
    kmsKeyId: keyOf(request, source, state),
    tags: request.Tags ?? new Map(source.tags),
    roles: new Map(),
    settings,
    status: 'creating',
    database: undefined,
    earlier: [],
    backtracks: [],
  };
  state.clusters.set(identifier, cluster);
  state.keepEndpoint(cluster);
  restore(cluster, database, at, state);
  return cluster;
}

function refuseMonitoring(request: RestoreInput): void {
  const monitoring =
    request.MonitoringInterval ??
    request.MonitoringRoleArn ??
    request.EnablePerformanceInsights ??
    request.PerformanceInsightsKMSKeyId ??
    request.PerformanceInsightsRetentionPeriod;
  if (monitoring !== undefined) {
    throw invalidCombination(
      'You can enable Performance Insights or set the Enhanced Monitoring interval only when restoring from a source Aurora Limitless DB cluster',
    );
  }
}

/** What the call leaves out becomes the default, except what a restore carries over from its source. */
function settingsOf(request: RestoreInput, source: Cluster, state: RdsState): ClusterSettings {
  const parameterGroup = state.clusterParameterGroups.get(
    request.DBClusterParameterGroupName ?? defaultGroupOf(familyOf(source.engine)),
  );
  checkFamily(parameterGroup, source.engine);
  const securityGroupIds = request.VpcSecurityGroupIds ?? [];
  checkSecurityGroups(securityGroupIds, state);
  checkLogTypes(request.EnableCloudwatchLogsExports, source.engine);
  if (request.BacktrackWindow > 0 && source.engine !== 'aurora-mysql') {
    throw invalidCombination(`Backtrack is not supported for the engine ${source.engine}.`);
  }
  return {
    ...source.settings,
    parameterGroup: parameterGroup.name,
    securityGroupIds: securityGroupIds.length === 0 ? [DEFAULT_SECURITY_GROUP] : securityGroupIds,
    logExports: request.EnableCloudwatchLogsExports,
    iamAuthentication: request.EnableIAMDatabaseAuthentication,
    deletionProtection: request.DeletionProtection,
    copyTagsToSnapshot: request.CopyTagsToSnapshot,
    backtrackWindowSeconds: request.BacktrackWindow,
    backupRetentionPeriod: request.BackupRetentionPeriod ?? source.settings.backupRetentionPeriod,
    preferredBackupWindow: request.PreferredBackupWindow ?? source.settings.preferredBackupWindow,
    serverlessV2Scaling: request.ServerlessV2ScalingConfiguration,
  };
}

function keyOf(request: RestoreInput, source: Cluster, state: RdsState): string {
  if (request.KmsKeyId === undefined) return source.kmsKeyId;
  checkKmsKey(request.KmsKeyId, state);
  return request.KmsKeyId;
}

function restore(cluster: Cluster, source: ClusterDatabase, at: number, state: RdsState): void {
  const directory = path.join(state.host.directory, cluster.resourceId);
  const restoring = source.restoreTo(at, directory, cluster.address);
  state.background.run(`restoring cluster ${cluster.identifier}`, async (pause) => {
    try {
      state.attachDatabase(cluster, await restoring);
      if (isClosed(cluster.settings)) await letListen(cluster, state);
    } catch (error) {
      cluster.status = 'migration-failed';
      throw error;
    }
    await pause(state.settings.createDelayMs - (Date.now() - cluster.createdAt.getTime()));
    cluster.status = 'available';
  });
}
