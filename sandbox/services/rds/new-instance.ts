import type { Cluster, Instance, InstanceSettings } from './model';
import { defaultGroupOf, familyOf } from './parameter-families';
import { newResourceId, type RdsState } from './rds-state';
import type { Tags } from './tags';

/** Puts an instance into the cluster, still to be brought up. It is the writer if there is no other. */
export function addInstance(
  options: {
    readonly identifier: string;
    readonly availabilityZone?: string | undefined;
    readonly tags: Tags;
    readonly settings: InstanceSettings;
  },
  cluster: Cluster,
  state: RdsState,
): Instance {
  const others = state.instancesOf(cluster);
  const zones = zonesOf(state);
  const instance: Instance = {
    identifier: options.identifier,
    resourceId: newResourceId('db'),
    arn: state.arn('db', options.identifier),
    createdAt: new Date(),
    cluster,
    availabilityZone: options.availabilityZone ?? zones[others.length % zones.length] ?? '',
    tags: options.tags,
    settings: options.settings,
    status: 'creating',
    isWriter: !others.some(({ isWriter, status }) => isWriter && status !== 'deleting'),
  };
  state.instances.set(instance.identifier, instance);
  return instance;
}

export function zonesOf(state: RdsState): string[] {
  return ['a', 'b', 'c'].map((zone) => `${state.settings.region}${zone}`);
}

export function defaultInstanceSettings(cluster: Cluster): InstanceSettings {
  return {
    instanceClass: 'db.r6g.large',
    parameterGroup: defaultGroupOf(familyOf(cluster.engine)),
    promotionTier: 1,
    preferredMaintenanceWindow: cluster.settings.preferredMaintenanceWindow,
    autoMinorVersionUpgrade: true,
    publiclyAccessible: false,
    copyTagsToSnapshot: false,
    caCertificate: 'rds-ca-rsa2048-g1',
    monitoringInterval: 0,
    monitoringRoleArn: undefined,
    performanceInsights: undefined,
  };
}
