import type { PlannedCluster } from '../artefacts/restore-plan';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { chosenInstance } from './deleted-source';
import { FINAL_SNAPSHOT, type RestoredNames } from './names';
import type { SettingChoices } from './setting-choices';
import type { SourceCluster, SourceInstance } from './source-cluster';

export type RestoredCluster = PlannedCluster['restored'];
type RestoredInstance = RestoredCluster['instances'][number];

export type InstanceRefusal = Refusal<'no-instances' | 'too-many-instances' | 'no-scaling'>;

/** Asked for on the command line; what is undefined is as on the source. */
export interface InstanceWish {
  readonly count: number | undefined;
  readonly instanceClass: string | undefined;
}

type Tags = Readonly<Record<string, string>>;

/** Aurora: one writer and up to 15 replicas. */
const MAX_INSTANCES = 16;
/** AWS's limit of tags on a resource. */
const MAX_TAGS = 50;

/** A source whose instances are all deleted still has its data: what they were is chosen, as for a deleted cluster. */
export function withInstances(
  source: SourceCluster,
  { instanceClass }: InstanceWish,
  { instanceParameterGroup }: SettingChoices = {},
): SourceCluster {
  if (source.instances.length > 0 || instanceClass === undefined || instanceParameterGroup === undefined) {
    return source;
  }
  return { ...source, instances: [chosenInstance(instanceClass, instanceParameterGroup)] };
}

/** How many instances the restored cluster gets. A source that has none gives no class to go by. */
export function planInstanceCount(
  source: SourceCluster,
  wish: InstanceWish,
): Outcome<number, InstanceRefusal> {
  if (source.instances.length === 0) {
    return refuse({
      reason: 'no-instances',
      message: `DB cluster '${source.identifier}' has no instance whose settings the restored ones could carry over`,
      hint: 'choose them with --instance-class and --instance-parameter-group, or add an instance to the source cluster',
    });
  }
  const count = wish.count ?? source.instances.length;
  if (count > MAX_INSTANCES) {
    return refuse({
      reason: 'too-many-instances',
      message: `${count} instances are more than an Aurora cluster can have`,
      hint: `ask for 1 to ${MAX_INSTANCES}`,
    });
  }
  const scaling = source.serverlessV2 !== null;
  if (wish.instanceClass === 'db.serverless' && !scaling) {
    return refuse({
      reason: 'no-scaling',
      message: `DB cluster '${source.identifier}' has no serverless scaling that a db.serverless instance could have`,
      hint: 'choose a provisioned class, such as db.r6g.large',
    });
  }
  return accept(count);
}

/**
 * Carries over every setting that a restore would silently default or drop: without arguments RDS
 * gives the restored cluster the default parameter group, the default security group and no tags.
 */
export function planSettings(
  source: SourceCluster,
  names: RestoredNames,
  wish: InstanceWish,
  drillTags: Tags,
  earnest = false,
  choices: SettingChoices = {},
): RestoredCluster {
  const carried = (tags: Tags, identifier: string): Record<string, string> =>
    carryTags(tags, identifier, drillTags);
  return {
    clusterIdentifier: names.cluster,
    parameterGroup: choices.parameterGroup ?? source.parameterGroup,
    subnetGroup: choices.subnetGroup ?? source.subnetGroup,
    securityGroupIds: [...(choices.securityGroupIds ?? source.securityGroupIds)],
    kmsKeyId: choices.kmsKeyId ?? source.kmsKeyId,
    port: source.port,
    iamAuthentication: source.iamAuthentication,
    logExports: [...source.logExports],
    roles: source.roles.map((role) => ({ ...role })),
    networkType: source.networkType,
    storageType: source.storageType === 'aurora' ? null : source.storageType,
    backtrackWindowSeconds: source.backtrackWindowSeconds,
    serverlessV2: source.serverlessV2 === null ? null : { ...source.serverlessV2 },
    // one day is the least that Aurora has, and what is left of a deleted cluster may tell of none
    backupRetentionDays: Math.max(1, source.backupRetentionDays),
    ...(source.backupWindow === null ? {} : { backupWindow: source.backupWindow }),
    ...(source.maintenanceWindow === null ? {} : { maintenanceWindow: source.maintenanceWindow }),
    copyTagsToSnapshot: source.copyTagsToSnapshot,
    // a drill's cluster must be as easy to remove as it was to make, one that is to stay must not be
    deletionProtection: earnest,
    ...(earnest ? { finalSnapshotIdentifier: `${names.cluster}${FINAL_SNAPSHOT}` } : {}),
    tags: carried(source.tags, names.cluster),
    drillTags: { ...drillTags },
    instances: names.instances.map((identifier, i) =>
      planInstance(identifier, source.engine, modelFor(source, i), wish, choices, carried),
    ),
  };
}

/** The source's instances in their order, writer first; further ones are like its last. */
function modelFor(source: SourceCluster, index: number): SourceInstance {
  const model = source.instances[index] ?? source.instances.at(-1);
  if (model === undefined) throw new Error(`'${source.identifier}' has no instances`);
  return model;
}

function planInstance(
  identifier: string,
  engine: string,
  model: SourceInstance,
  wish: InstanceWish,
  choices: SettingChoices,
  carried: (tags: Tags, identifier: string) => Record<string, string>,
): RestoredInstance {
  const instanceClass = wish.instanceClass ?? model.instanceClass;
  const insights = hasInsights(engine, instanceClass) ? model.performanceInsights : null;
  return {
    identifier,
    instanceClass,
    parameterGroup: choices.instanceParameterGroup ?? model.parameterGroup,
    promotionTier: model.promotionTier,
    caCertificate: model.caCertificate,
    autoMinorVersionUpgrade: model.autoMinorVersionUpgrade,
    copyTagsToSnapshot: model.copyTagsToSnapshot,
    // a copy of the data is never opened to the internet, whatever the source does
    publiclyAccessible: false,
    monitoring: model.monitoring === null ? null : { ...model.monitoring },
    performanceInsights: insights === null ? null : { ...insights },
    ...(model.maintenanceWindow === null ? {} : { maintenanceWindow: model.maintenanceWindow }),
    tags: carried(model.tags, identifier),
    modelledOn: model.identifier,
  };
}

/** Source: Aurora User Guide, "instance class support for Database Insights": Aurora MySQL alone has restrictions. */
function hasInsights(engine: string, instanceClass: string): boolean {
  return engine !== 'aurora-mysql' || !/^db[.](t[23][.]|t4g[.](micro|small)$)/.test(instanceClass);
}

/**
 * Tags of AWS itself (`aws:…`) cannot be set; the drill's own win, and all together stay within the
 * limit. `Name` becomes the new identifier: a console must not show two clusters of one name.
 */
function carryTags(tags: Tags, identifier: string, drillTags: Tags): Record<string, string> {
  const entries = Object.entries(tags)
    .filter(([key]) => !key.startsWith('aws:') && !(key in drillTags))
    .map(([key, value]): [string, string] => [key, key === 'Name' ? identifier : value])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.slice(0, MAX_TAGS - Object.keys(drillTags).length));
}
