import type { RestorePlan } from '../artefacts';
import { accept, refuse, type Outcome, type Refusal } from '../errors';
import type { RestoredNames } from './names';
import type { SourceCluster, SourceInstance } from './source-cluster';

export type RestoredCluster = RestorePlan['restored'];
type RestoredInstance = RestoredCluster['instances'][number];

export type InstanceRefusal = Refusal<'no-instances' | 'too-many-instances'>;

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

/** How many instances the restored cluster gets. A source that has none gives no class to go by. */
export function planInstanceCount(
  source: SourceCluster,
  wish: InstanceWish,
): Outcome<number, InstanceRefusal> {
  if (source.instances.length === 0) {
    return refuse({
      reason: 'no-instances',
      message: `DB cluster '${source.identifier}' has no instance whose settings the restored ones could carry over`,
      hint: 'add an instance to the source cluster, or restore by hand',
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
): RestoredCluster {
  const carried = (tags: Tags, identifier: string): Record<string, string> =>
    carryTags(tags, identifier, drillTags);
  return {
    clusterIdentifier: names.cluster,
    parameterGroup: source.parameterGroup,
    subnetGroup: source.subnetGroup,
    securityGroupIds: [...source.securityGroupIds],
    kmsKeyId: source.kmsKeyId,
    port: source.port,
    iamAuthentication: source.iamAuthentication,
    logExports: [...source.logExports],
    roles: source.roles.map((role) => ({ ...role })),
    networkType: source.networkType,
    storageType: source.storageType === 'aurora' ? null : source.storageType,
    backtrackWindowSeconds: source.backtrackWindowSeconds,
    serverlessV2: source.serverlessV2 === null ? null : { ...source.serverlessV2 },
    copyTagsToSnapshot: source.copyTagsToSnapshot,
    // a drill's cluster must be as easy to remove as it was to make, one that is to stay must not be
    deletionProtection: earnest,
    ...(earnest ? { finalSnapshotIdentifier: `${names.cluster}-final` } : {}),
    tags: carried(source.tags, names.cluster),
    drillTags: { ...drillTags },
    instances: names.instances.map((identifier, i) =>
      planInstance(identifier, modelFor(source, i), wish.instanceClass, carried),
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
  model: SourceInstance,
  instanceClass: string | undefined,
  carried: (tags: Tags, identifier: string) => Record<string, string>,
): RestoredInstance {
  return {
    identifier,
    instanceClass: instanceClass ?? model.instanceClass,
    parameterGroup: model.parameterGroup,
    promotionTier: model.promotionTier,
    caCertificate: model.caCertificate,
    autoMinorVersionUpgrade: model.autoMinorVersionUpgrade,
    copyTagsToSnapshot: model.copyTagsToSnapshot,
    // a copy of the data is never opened to the internet, whatever the source does
    publiclyAccessible: false,
    monitoring: model.monitoring === null ? null : { ...model.monitoring },
    performanceInsights: model.performanceInsights === null ? null : { ...model.performanceInsights },
    tags: carried(model.tags, identifier),
    modelledOn: model.identifier,
  };
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
