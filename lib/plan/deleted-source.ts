import { accept, refuse, type Outcome, type Refusal } from '../errors';
import type { BackedUpCluster, RetainedBackup } from './backups';
import type { SettingChoices } from './setting-choices';
import type { SourceCluster, SourceInstance } from './source-cluster';

export type DeletedSourceRefusal = Refusal<'cluster-not-found' | 'several-backups' | 'choices-missing'>;

/** The one retained backup that is meant; a name can have been given to several clusters, one after the other. */
export function chooseBackup(
  asked: string,
  backups: readonly RetainedBackup[],
): Outcome<RetainedBackup | undefined, Refusal<'several-backups'>> {
  const retained = backups.filter(({ status }) => status === 'retained');
  if (retained.length <= 1) return accept(retained[0]);
  const ids = retained.map(({ cluster }) => cluster.resourceId).join(', ');
  return refuse({
    reason: 'several-backups',
    message: `${retained.length} deleted clusters were named '${asked}': ${ids}`,
    hint: 'say which one is meant with --resource-id',
  });
}

/**
 * A deleted cluster as its backup tells of it. What no backup tells and RDS would default in
 * silence has to be chosen; the rest is off, and named in the plan (`UNTOLD`).
 */
export function deletedSource(
  cluster: BackedUpCluster,
  backup: Pick<RetainedBackup, 'earliestRestorableAt' | 'latestRestorableAt' | 'backupRetentionDays'>,
  choices: SettingChoices,
  instanceClass: string | undefined,
): Outcome<SourceCluster, Refusal<'choices-missing'>> {
  const { subnetGroup, securityGroupIds, parameterGroup, instanceParameterGroup } = choices;
  const missing = [
    ...(subnetGroup === undefined ? ['--subnet-group'] : []),
    ...(securityGroupIds === undefined ? ['--security-group'] : []),
    ...(parameterGroup === undefined ? ['--parameter-group'] : []),
    ...(instanceParameterGroup === undefined ? ['--instance-parameter-group'] : []),
    ...(instanceClass === undefined ? ['--instance-class'] : []),
  ];
  if (
    subnetGroup === undefined ||
    securityGroupIds === undefined ||
    parameterGroup === undefined ||
    instanceParameterGroup === undefined ||
    instanceClass === undefined
  ) {
    return refuse({
      reason: 'choices-missing',
      message: `DB cluster '${cluster.identifier}' is deleted, and its backups do not tell ${missing.join(', ')}`,
      hint: 'choose them by these options, as they were: without them RDS would take its defaults',
    });
  }
  return accept({
    ...cluster,
    ...backup,
    status: 'deleted',
    deleted: true,
    endpoint: null,
    readerEndpoint: null,
    customEndpoints: [],
    parameterGroup,
    subnetGroup,
    securityGroupIds,
    logExports: [],
    roles: [],
    networkType: null,
    backtrackWindowSeconds: 0,
    earliestBacktrackAt: null,
    serverlessV2: null,
    copyTagsToSnapshot: false,
    deletionProtection: false,
    managedMasterPassword: false,
    dataApi: false,
    activityStream: false,
    domain: null,
    globalClusterIdentifier: null,
    notRestored: {},
    backupWindow: null,
    maintenanceWindow: null,
    instances: [chosenInstance(instanceClass, instanceParameterGroup)],
  });
}

/** An instance of which nothing is known but what a person chose. */
export function chosenInstance(instanceClass: string, parameterGroup: string): SourceInstance {
  return {
    identifier: null,
    isWriter: true,
    instanceClass,
    parameterGroup,
    promotionTier: 1,
    caCertificate: null,
    autoMinorVersionUpgrade: true,
    copyTagsToSnapshot: false,
    publiclyAccessible: false,
    monitoring: null,
    performanceInsights: null,
    maintenanceWindow: null,
    availabilityZone: null,
    tags: {},
  };
}

/** What no backup tells of a deleted cluster, and how it comes out therefore. */
export const UNTOLD: readonly string[] = [
  'the number of instances, so one unless --instances says more',
  'log exports, so none',
  'IAM roles, so none',
  'network type and CA, so the defaults',
  "backup and maintenance windows, so of RDS's choosing",
  'backtrack, serverless scaling, Enhanced Monitoring and Performance Insights, so off',
];
