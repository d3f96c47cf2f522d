import path from 'node:path';
import { z } from 'zod';
import { AwsError, notImplemented, operation } from '../../protocols/operation';
import { decimal, flag, instant, integer, list } from '../../protocols/query-input';
import { checkFamily, checkKmsKey, checkLogTypes, checkSecurityGroups } from './check-placement';
import type { ClusterDatabase } from './cluster-database';
import { clusterNotAvailable, clusterNotFound, invalidCombination, invalidValue } from './faults';
import { existingIdentifier, newIdentifier } from './identifiers';
import type { Cluster, ClusterSettings } from './model';
import { defaultGroupOf, familyOf } from './parameter-families';
import { DEFAULT_SECURITY_GROUP, newResourceId, type RdsState } from './rds-state';
import { restorableWindow } from './restorable-window';
import { tagListSchema } from './tags';

const input = z.strictObject({
  DBClusterIdentifier: newIdentifier('DBClusterIdentifier'),
  SourceDBClusterIdentifier: existingIdentifier.optional(),
  SourceDbClusterResourceId: z.string().optional(),
  RestoreToTime: instant.optional(),
  UseLatestRestorableTime: flag.default(false),
  // the Terraform provider sends it empty when unset
  RestoreType: z.enum(['', 'full-copy', 'copy-on-write']).default('full-copy'),
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
});
type Input = z.infer<typeof input>;

/** Really restores, into a new cluster without instances. */
export const restoreDBClusterToPointInTime = operation({
  name: 'RestoreDBClusterToPointInTime',
  input,
  run: async (request, state: RdsState) => {
    refuseCombinations(request);
    const source = sourceOf(request, state);
    const { database } = source;
    if (database === undefined) throw clusterNotAvailable(source.identifier, source.status);
    const at = restoreTime(request, source, state);
    const settings = settingsOf(request, source, state);
    const address = await state.host.allocateAddress(request.Port ?? source.address.port);
    // nothing may come between this check and the new cluster
    const identifier = request.DBClusterIdentifier;
    if (state.clusters.has(identifier)) {
      throw new AwsError('DBClusterAlreadyExistsFault', 'DB Cluster already exists');
    }
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
    };
    state.clusters.set(identifier, cluster);
    restore(cluster, database, at, state);
    return { DBCluster: state.renderCluster(cluster) };
  },
});

function refuseCombinations(request: Input): void {
  if (request.RestoreType === 'copy-on-write') throw notImplemented('RestoreType copy-on-write');
  if ((request.RestoreToTime !== undefined) === request.UseLatestRestorableTime) {
    throw invalidCombination('Specify either RestoreToTime or UseLatestRestorableTime, and not both');
  }
  if (request.SourceDBClusterIdentifier !== undefined && request.SourceDbClusterResourceId !== undefined) {
    throw invalidCombination(
      'Specify either SourceDBClusterIdentifier or SourceDbClusterResourceId, and not both',
    );
  }
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

/** Only of clusters that are there: backups that outlive a deleted cluster are not kept. */
function sourceOf(request: Input, state: RdsState): Cluster {
  if (request.SourceDbClusterResourceId !== undefined) {
    const wanted = request.SourceDbClusterResourceId;
    const source = [...state.clusters.values()].find(({ resourceId }) => resourceId === wanted);
    if (source !== undefined) return source;
    throw new AwsError(
      'DBClusterAutomatedBackupNotFoundFault',
      `No automated backup for the DB cluster with resource id ${wanted} was found.`,
      404,
    );
  }
  const identifier = request.SourceDBClusterIdentifier;
  if (identifier === undefined) {
    throw invalidCombination('Specify either SourceDBClusterIdentifier or SourceDbClusterResourceId');
  }
  const source = state.clusters.get(identifier);
  if (source === undefined) throw clusterNotFound(identifier);
  return source;
}

/** In microseconds. The words are those with which RDS refuses the same for an instance. */
function restoreTime(request: Input, source: Cluster, state: RdsState): number {
  const window = restorableWindow(source.database?.engine, state.settings.restorableLagMs);
  if (window === undefined) {
    throw new AwsError('InvalidRestoreFault', `The cluster ${source.identifier} has no restorable time yet.`);
  }
  const at = request.RestoreToTime ?? window.latest;
  if (at > window.latest) {
    throw invalidValue(
      `The specified cluster cannot be restored to a time later than ${toSecond(window.latest)}.`,
    );
  }
  if (at < window.earliest) {
    throw invalidValue(
      `The specified cluster cannot be restored to a time earlier than ${toSecond(window.earliest)} because its backup retention period is set to ${source.settings.backupRetentionPeriod} days.`,
    );
  }
  return at.getTime() * 1000;
}

function toSecond(time: Date): string {
  return time.toISOString().replace(/[.]\d+Z$/, 'Z');
}

/** What the call leaves out becomes the default, except what a restore carries over from its source. */
function settingsOf(request: Input, source: Cluster, state: RdsState): ClusterSettings {
  const parameterGroup = state.clusterParameterGroups.get(
    request.DBClusterParameterGroupName ?? defaultGroupOf(familyOf(source.engine)),
  );
  checkFamily(parameterGroup, source.engine);
  const securityGroupIds = request.VpcSecurityGroupIds ?? [];
  checkSecurityGroups(securityGroupIds, state);
  checkLogTypes(request.EnableCloudwatchLogsExports, source.engine);
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

function keyOf(request: Input, source: Cluster, state: RdsState): string {
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
    } catch (error) {
      cluster.status = 'migration-failed';
      throw error;
    }
    await pause(state.settings.createDelayMs - (Date.now() - cluster.createdAt.getTime()));
    cluster.status = 'available';
  });
}
