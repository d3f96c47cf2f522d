import { z } from 'zod';
import { notImplemented, operation } from '../../protocols/operation';
import { decimal, flag, integer, list } from '../../protocols/query-input';
import { checkFamily, checkLogTypes, checkSecurityGroups } from './check-placement';
import { clusterNotAvailable, invalidCombination } from './faults';
import { existingIdentifier, newIdentifier } from './identifiers';
import type { Cluster, ClusterSettings } from './model';
import type { RdsState } from './rds-state';
import { isClosed, letListen } from './reachability';
import { renameCluster } from './rename';

const input = z.strictObject({
  DBClusterIdentifier: existingIdentifier,
  NewDBClusterIdentifier: newIdentifier('NewDBClusterIdentifier').optional(),
  ApplyImmediately: flag.optional(),
  MasterUserPassword: z
    .string()
    .refine(
      (text) => /^[!-~]{8,41}$/.test(text) && !/[/"@]/.test(text),
      'The parameter MasterUserPassword is not a valid password. It must have 8 to 41 printable ASCII characters other than / " @ and the blank.',
    )
    .optional(),
  BackupRetentionPeriod: integer(1, 35).optional(),
  PreferredBackupWindow: z.string().optional(),
  PreferredMaintenanceWindow: z.string().optional(),
  DBClusterParameterGroupName: z.string().optional(),
  VpcSecurityGroupIds: list(z.string()).optional(),
  CloudwatchLogsExportConfiguration: z
    .strictObject({
      EnableLogTypes: list(z.string()).default([]),
      DisableLogTypes: list(z.string()).default([]),
    })
    .optional(),
  EnableIAMDatabaseAuthentication: flag.optional(),
  DeletionProtection: flag.optional(),
  CopyTagsToSnapshot: flag.optional(),
  BacktrackWindow: integer(0, 259_200).optional(),
  ServerlessV2ScalingConfiguration: z
    .strictObject({ MinCapacity: decimal(0, 256), MaxCapacity: decimal(1, 256) })
    .optional(),
});
type Input = z.infer<typeof input>;

/** Every change applies at once, whether ApplyImmediately says so or not: there is no maintenance window to wait for. */
export const modifyDBCluster = operation({
  name: 'ModifyDBCluster',
  input,
  run: (request, state: RdsState) => {
    const cluster = state.cluster(request.DBClusterIdentifier);
    if (cluster.status !== 'available') throw clusterNotAvailable(cluster.identifier, cluster.status);
    const before = cluster.settings;
    const { NewDBClusterIdentifier: to } = request;
    const after = settingsAfter(request, cluster, state);
    if (to !== undefined && to !== cluster.identifier) {
      if (request.MasterUserPassword !== undefined) {
        throw notImplemented('MasterUserPassword together with NewDBClusterIdentifier');
      }
      renameCluster(cluster, to, state);
      cluster.settings = after;
      return { DBCluster: state.renderCluster(cluster) };
    }
    cluster.settings = after;
    cluster.status = 'modifying';
    state.background.run(`modifying cluster ${cluster.identifier}`, async (pause) => {
      const { MasterUserPassword: password } = request;
      try {
        if (password !== undefined)
          await cluster.database?.setMasterPassword(cluster.masterUsername, password);
        if (isClosed(before) !== isClosed(cluster.settings)) await letListen(cluster, state);
        await pause(state.settings.modifyDelayMs);
      } finally {
        cluster.status = 'available';
      }
    });
    return { DBCluster: state.renderCluster(cluster) };
  },
});

function settingsAfter(
  request: Input,
  { engine, settings: before }: Cluster,
  state: RdsState,
): ClusterSettings {
  return {
    parameterGroup:
      request.DBClusterParameterGroupName === undefined
        ? before.parameterGroup
        : parameterGroup(request.DBClusterParameterGroupName, engine, state),
    securityGroupIds: securityGroups(request.VpcSecurityGroupIds, state) ?? before.securityGroupIds,
    backupRetentionPeriod: request.BackupRetentionPeriod ?? before.backupRetentionPeriod,
    preferredBackupWindow: request.PreferredBackupWindow ?? before.preferredBackupWindow,
    preferredMaintenanceWindow: request.PreferredMaintenanceWindow ?? before.preferredMaintenanceWindow,
    logExports: logExports(request, before, engine),
    iamAuthentication: request.EnableIAMDatabaseAuthentication ?? before.iamAuthentication,
    deletionProtection: request.DeletionProtection ?? before.deletionProtection,
    copyTagsToSnapshot: request.CopyTagsToSnapshot ?? before.copyTagsToSnapshot,
    backtrackWindowSeconds: backtrackWindow(request, before),
    serverlessV2Scaling: request.ServerlessV2ScalingConfiguration ?? before.serverlessV2Scaling,
  };
}

function parameterGroup(name: string, engine: string, state: RdsState): string {
  const group = state.clusterParameterGroups.get(name);
  checkFamily(group, engine);
  return group.name;
}

function securityGroups(ids: readonly string[] | undefined, state: RdsState): readonly string[] | undefined {
  if (ids === undefined || ids.length === 0) return undefined;
  checkSecurityGroups(ids, state);
  return ids;
}

/** Only what was created with backtrack can have it. */
function backtrackWindow({ BacktrackWindow: wanted }: Input, before: ClusterSettings): number {
  if (wanted !== undefined && wanted > 0 && before.backtrackWindowSeconds === 0) {
    throw invalidCombination('Backtrack is not enabled for the DB cluster: it was created without.');
  }
  return wanted ?? before.backtrackWindowSeconds;
}

function logExports(request: Input, before: ClusterSettings, engine: string): string[] {
  const { EnableLogTypes: on = [], DisableLogTypes: off = [] } =
    request.CloudwatchLogsExportConfiguration ?? {};
  checkLogTypes([...on, ...off], engine);
  return [...new Set([...before.logExports, ...on])].filter((type) => !off.includes(type));
}
