import { UNTOLD } from './deleted-source';
import type { SourceCluster } from './source-cluster';
import type { RestoredCluster } from './settings';

type Tags = Readonly<Record<string, string>>;

/** In words, every way in which the restored cluster will deliberately not be as the source is. */
export function describeDifferences(source: SourceCluster, restored: RestoredCluster): string[] {
  return [
    ...(source.deleted
      ? UNTOLD.map((text) => `not told by the deleted source's backups: ${text}`)
      : [...instanceDifferences(source, restored), ...chosenDifferences(source, restored)]),
    ...whenever(
      source.deletionProtection && !restored.deletionProtection,
      'no deletion protection (the source has it), so that the drill can be destroyed',
    ),
    ...whenever(
      !source.deletionProtection && restored.deletionProtection,
      'deletion protection (the source has none), since the cluster is meant to stay',
    ),
    ...whenever(
      restored.finalSnapshotIdentifier !== undefined,
      `a final snapshot ${restored.finalSnapshotIdentifier ?? ''} is taken when it is destroyed`,
    ),
    ...whenever(
      source.instances.some((instance) => instance.publiclyAccessible),
      'not publicly accessible (the source is): reach it from inside the network',
    ),
    ...whenever(
      restored.kmsKeyId === null,
      'storage is not encrypted, as that of the source is not: accepted with --accept-unencrypted',
    ),
    ...tagDifferences(source, restored),
    ...notCarriedOver(source),
  ];
}

function instanceDifferences(source: SourceCluster, restored: RestoredCluster): string[] {
  const from = source.instances.length;
  const to = restored.instances.length;
  const classOf = new Map(source.instances.map((instance) => [instance.identifier, instance.instanceClass]));
  const insights = new Set(
    source.instances.filter((one) => one.performanceInsights !== null).map(({ identifier }) => identifier),
  );
  const zones = [...new Set(source.instances.flatMap((one) => one.availabilityZone ?? []))].sort();
  return [
    ...whenever(from !== to, `${to} ${to === 1 ? 'instance' : 'instances'} (the source has ${from})`),
    ...restored.instances
      .filter((instance) => instance.instanceClass !== classOf.get(instance.modelledOn))
      .map(
        (instance) =>
          `instance ${instance.identifier} is ${instance.instanceClass} (${instance.modelledOn} is ${classOf.get(instance.modelledOn) ?? 'unknown'})`,
      ),
    ...restored.instances
      .filter(
        ({ performanceInsights, modelledOn }) => performanceInsights === null && insights.has(modelledOn),
      )
      .map(
        ({ identifier, instanceClass, modelledOn }) =>
          `no Performance Insights on ${identifier} (${modelledOn} has it): ${source.engine} has none for ${instanceClass}`,
      ),
    ...whenever(
      zones.length > 0,
      `RDS chooses the Availability Zones (the source's instances are in ${zones.join(', ')})`,
    ),
  ];
}

/** Settings that a person chose instead of the source's. */
function chosenDifferences(source: SourceCluster, restored: RestoredCluster): string[] {
  const chosen = (what: string, from: string, to: string): string[] =>
    whenever(from !== to, `${what} ${to} (the source has ${from})`);
  const sorted = (ids: readonly string[]): string => [...ids].sort().join(', ') || 'none';
  const groupOf = new Map(source.instances.map((one) => [one.identifier, one.parameterGroup]));
  return [
    ...chosen('parameter group', source.parameterGroup, restored.parameterGroup),
    ...chosen('subnet group', source.subnetGroup, restored.subnetGroup),
    ...chosen('security groups', sorted(source.securityGroupIds), sorted(restored.securityGroupIds)),
    ...chosen('encryption key', source.kmsKeyId ?? 'none', restored.kmsKeyId ?? 'none'),
    ...restored.instances.flatMap(({ identifier, parameterGroup, modelledOn }) =>
      chosen(`parameter group of ${identifier}`, groupOf.get(modelledOn) ?? 'none', parameterGroup),
    ),
  ];
}

function tagDifferences(source: SourceCluster, restored: RestoredCluster): string[] {
  const missing = (tags: Tags, kept: Tags): string[] =>
    Object.keys(tags).filter((key) => !(key in kept) && !(key in restored.drillTags));
  const dropped = [
    ...missing(source.tags, restored.tags),
    ...restored.instances.flatMap((instance) => {
      const model = source.instances.find(({ identifier }) => identifier === instance.modelledOn);
      return model === undefined ? [] : missing(model.tags, instance.tags);
    }),
  ];
  const keys = [...new Set(dropped)].sort();
  const renamed = [
    { identifier: source.identifier, tags: source.tags, kept: restored.tags },
    ...restored.instances.flatMap(({ modelledOn, tags: kept }) =>
      source.instances
        .filter(({ identifier }) => identifier === modelledOn)
        .map(({ identifier, tags }) => ({ identifier, tags, kept })),
    ),
  ].flatMap(({ identifier, tags, kept }) =>
    Object.keys(kept)
      .filter((key) => kept[key] !== tags[key])
      .map((key) => `tag ${key} is ${kept[key] ?? ''} (${identifier ?? ''} has ${tags[key] ?? 'none'})`),
  );
  return [
    `tagged ${Object.entries(restored.drillTags)
      .map(([key, value]) => `${key}=${value}`)
      .join(', ')}`,
    ...whenever(keys.length > 0, `without the tags ${keys.join(', ')}`),
    ...renamed,
  ];
}

/** What belongs to the source cluster and a restore cannot bring along. */
function notCarriedOver(source: SourceCluster): string[] {
  const custom = source.customEndpoints.length;
  return [
    ...whenever(custom > 0, `none of the source's ${custom} custom endpoints`),
    ...whenever(
      source.managedMasterPassword,
      'the master password is not managed in Secrets Manager (the source has it managed): it is what it was at the restore point',
    ),
    ...whenever(source.dataApi, 'no Data API (the source has it on)'),
    ...whenever(source.activityStream, 'no database activity stream (the source has one)'),
    ...whenever(source.domain !== null, `not joined to the directory ${source.domain ?? ''}`),
    ...whenever(
      source.globalClusterIdentifier !== null,
      `not part of the global cluster ${source.globalClusterIdentifier ?? ''}`,
    ),
    ...Object.entries(source.notRestored).map(
      ([name, value]) => `${name} is RDS's default (the source has ${value})`,
    ),
  ];
}

function whenever(condition: boolean, text: string): string[] {
  return condition ? [text] : [];
}
