import type { PlannedCluster } from '../artefacts/restore-plan';
import type { SourceCluster, SourceInstance } from '../plan/source-cluster';

type Restored = PlannedCluster['restored'];
type RestoredInstance = Restored['instances'][number];

/** A setting of the restored cluster that is not the source's, or not what the plan says. */
export interface SettingDifference {
  /** As a person names it, with the instance that it is of. */
  readonly setting: string;
  /** What the restored cluster has, in words. */
  readonly found: string;
  /** What it should have: by the plan, or else as on the source. */
  readonly expected: string;
  /** What the source has now; undefined where nobody looks at it. */
  readonly source: string | undefined;
  /** Whether the plan says so. */
  readonly intended: boolean;
}

export interface SettingComparison {
  /** How many settings were compared. */
  readonly compared: number;
  readonly differences: readonly SettingDifference[];
}

interface Setting {
  readonly name: string;
  readonly found: unknown;
  /** By the plan; undefined where the plan leaves it to RDS. */
  readonly planned: unknown;
  readonly source: unknown;
}

/**
 * Compares a restored cluster, as RDS shows it, with its plan and with its source as that is now.
 * What the plan does not decide has to be as on the source, unless the plan names the difference.
 */
export function compareSettings(
  planned: PlannedCluster,
  found: SourceCluster,
  source: SourceCluster | undefined,
): SettingComparison {
  const decided = [
    ...clusterSettings(planned, found, source),
    ...instanceSettings(planned.restored, found, source),
  ].filter(({ planned: wanted }) => wanted !== undefined);
  const undecided =
    source === undefined
      ? []
      : [...notInThePlan(found, source), ...placesOf(planned.restored, found, source)];
  return {
    compared: decided.length + undecided.length,
    differences: [
      ...decided.flatMap(judgeDecided),
      ...undecided.flatMap((setting) => judgeUndecided(setting, planned.differences)),
    ],
  };
}

function judgeDecided({ name, found, planned, source }: Setting): SettingDifference[] {
  const asPlanned = same(found, planned);
  if (asPlanned && (source === undefined || same(found, source))) return [];
  return [
    {
      setting: name,
      found: show(found),
      expected: show(planned),
      source: source === undefined ? undefined : show(source),
      intended: asPlanned,
    },
  ];
}

function judgeUndecided(
  { name, found, source, named }: UndecidedSetting,
  differences: readonly string[],
): SettingDifference[] {
  if (same(found, source)) return [];
  const intended = differences.some((text) => text.includes(named));
  return [{ setting: name, found: show(found), expected: show(source), source: show(source), intended }];
}

function clusterSettings(
  { source: { engine, engineVersion }, method, restored }: PlannedCluster,
  found: SourceCluster,
  source: SourceCluster | undefined,
): Setting[] {
  const of = (key: keyof SourceCluster, name: string, planned: unknown): Setting => ({
    name,
    found: found[key],
    planned,
    source: source?.[key],
  });
  const pauses = restored.serverlessV2?.secondsUntilAutoPause !== null;
  const scaling = (of: SourceCluster['serverlessV2'] | undefined): unknown =>
    of && (pauses ? of : { minCapacity: of.minCapacity, maxCapacity: of.maxCapacity });
  return [
    of('engine', 'engine', engine),
    of(
      'engineVersion',
      'engine version',
      method.kind === 'snapshot' ? method.snapshot.engineVersion : engineVersion,
    ),
    of('parameterGroup', 'cluster parameter group', restored.parameterGroup),
    of('subnetGroup', 'subnet group', restored.subnetGroup),
    of('securityGroupIds', 'security groups', restored.securityGroupIds),
    of('kmsKeyId', 'KMS key', restored.kmsKeyId),
    of('port', 'port', restored.port),
    of('iamAuthentication', 'IAM authentication', restored.iamAuthentication),
    of('logExports', 'log exports', restored.logExports),
    of('roles', 'roles', restored.roles),
    of('networkType', 'network type', restored.networkType ?? undefined),
    {
      name: 'storage type',
      found: found.storageType ?? 'aurora',
      planned: restored.storageType ?? 'aurora',
      source: source && (source.storageType ?? 'aurora'),
    },
    of('backtrackWindowSeconds', 'backtrack window in seconds', restored.backtrackWindowSeconds),
    {
      name: 'Serverless v2 scaling',
      found: scaling(found.serverlessV2),
      planned: scaling(restored.serverlessV2),
      source: scaling(source?.serverlessV2),
    },
    of('backupRetentionDays', 'backup retention in days', restored.backupRetentionDays),
    of('backupWindow', 'backup window', restored.backupWindow),
    of('maintenanceWindow', 'maintenance window', restored.maintenanceWindow),
    of('copyTagsToSnapshot', 'tags copied to snapshots', restored.copyTagsToSnapshot),
    of('deletionProtection', 'deletion protection', restored.deletionProtection),
    ...tagSettings('', restored.tags, found.tags, source?.tags),
    ...tagSettings('', restored.drillTags, found.tags),
    {
      name: 'number of instances',
      found: found.instances.length,
      planned: restored.instances.length,
      source: source?.instances.length,
    },
  ];
}

function instanceSettings(
  restored: Restored,
  found: SourceCluster,
  source: SourceCluster | undefined,
): Setting[] {
  return restored.instances.flatMap((planned) => {
    const instance = found.instances.find(({ identifier }) => identifier === planned.identifier);
    if (instance === undefined) {
      return [{ name: planned.identifier, found: 'missing', planned: 'there', source: undefined }];
    }
    const model = source?.instances.find(({ identifier }) => identifier === planned.modelledOn);
    return settingsOf(planned, instance, model, restored.drillTags);
  });
}

function settingsOf(
  planned: RestoredInstance,
  found: SourceInstance,
  model: SourceInstance | undefined,
  drillTags: Restored['drillTags'],
): Setting[] {
  const of = (key: keyof SourceInstance & keyof RestoredInstance, name: string): Setting => ({
    name: `${planned.identifier}: ${name}`,
    found: found[key],
    planned: planned[key],
    source: model?.[key],
  });
  const hasOwnKey = typeof planned.performanceInsights?.kmsKeyId === 'string';
  const insights = (of: SourceInstance['performanceInsights'] | undefined): unknown =>
    of && (hasOwnKey ? of : { retentionDays: of.retentionDays });
  return [
    of('instanceClass', 'class'),
    of('parameterGroup', 'parameter group'),
    of('promotionTier', 'promotion tier'),
    ...(planned.caCertificate === null ? [] : [of('caCertificate', 'CA certificate')]),
    of('autoMinorVersionUpgrade', 'automatic minor version upgrade'),
    of('copyTagsToSnapshot', 'tags copied to snapshots'),
    of('publiclyAccessible', 'public accessibility'),
    of('monitoring', 'Enhanced Monitoring'),
    {
      name: `${planned.identifier}: Performance Insights`,
      found: insights(found.performanceInsights),
      planned: insights(planned.performanceInsights),
      source: insights(model?.performanceInsights),
    },
    of('maintenanceWindow', 'maintenance window'),
    ...tagSettings(`${planned.identifier}: `, planned.tags, found.tags, model?.tags),
    ...tagSettings(`${planned.identifier}: `, drillTags, found.tags),
  ];
}

/** Tags that others add, such as a tagging policy, are none of ours. */
function tagSettings(
  prefix: string,
  planned: Readonly<Record<string, string>>,
  found: SourceCluster['tags'],
  source?: SourceCluster['tags'],
): Setting[] {
  return Object.entries(planned).map(([key, value]) => ({
    name: `${prefix}tag '${key}'`,
    found: found[key] ?? null,
    planned: value,
    source: source && (source[key] ?? null),
  }));
}

interface UndecidedSetting {
  readonly name: string;
  readonly found: unknown;
  readonly source: unknown;
  /** By which the plan's differences name it. */
  readonly named: string;
}

/** What belongs to the source cluster and a restore cannot bring along. */
function notInThePlan(found: SourceCluster, source: SourceCluster): UndecidedSetting[] {
  const of = (key: keyof SourceCluster, name: string, named: string): UndecidedSetting => ({
    name,
    found: found[key],
    source: source[key],
    named,
  });
  return [
    of('managedMasterPassword', 'master password managed in Secrets Manager', 'master password'),
    of('dataApi', 'Data API', 'Data API'),
    of('activityStream', 'database activity stream', 'activity stream'),
    of('domain', 'directory', 'directory'),
    of('globalClusterIdentifier', 'global cluster', 'global cluster'),
    ...[...new Set([found, source].flatMap(({ notRestored }) => Object.keys(notRestored)))].map((name) => ({
      name,
      found: found.notRestored[name] ?? "RDS's default",
      source: source.notRestored[name] ?? "RDS's default",
      named: name,
    })),
    {
      name: 'custom endpoints',
      found: found.customEndpoints.length,
      source: source.customEndpoints.length,
      named: 'custom endpoints',
    },
  ];
}

/** RDS chooses the zones; they are compared where both are told. */
function placesOf(restored: Restored, found: SourceCluster, source: SourceCluster): UndecidedSetting[] {
  return restored.instances.flatMap(({ identifier, modelledOn }) => {
    const zone = found.instances.find((one) => one.identifier === identifier)?.availabilityZone ?? null;
    const model = source.instances.find((one) => one.identifier === modelledOn)?.availabilityZone ?? null;
    if (zone === null || model === null) return [];
    return [
      {
        name: `${identifier}: Availability Zone`,
        found: zone,
        source: model,
        named: 'Availability Zones',
      },
    ];
  });
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(normalized(a)) === JSON.stringify(normalized(b));
}

/** Lists are sets, and the order of keys means nothing. */
function normalized(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(normalized(item))).sort();
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(show).join(', ');
  if (typeof value !== 'object') return typeof value === 'string' ? value : JSON.stringify(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${show(inner)}`)
    .join(' ');
}
