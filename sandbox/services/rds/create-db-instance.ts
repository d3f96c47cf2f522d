import { z } from 'zod';
import { AwsError, notImplemented, operation } from '../../protocols/operation';
import { clusterNotAvailable, invalidCombination, invalidValue } from './faults';
import { existingIdentifier, newIdentifier } from './identifiers';
import { bringUp } from './instance-lifecycle';
import { instanceSettings, instanceSettingsInput } from './instance-settings-input';
import type { Cluster } from './model';
import { addInstance, defaultInstanceSettings, zonesOf } from './new-instance';
import { checkInstanceQuota } from './quotas';
import type { RdsState } from './rds-state';
import { tagListSchema } from './tags';

const input = z.strictObject({
  DBInstanceIdentifier: newIdentifier('DBInstanceIdentifier'),
  DBClusterIdentifier: existingIdentifier.optional(),
  Engine: z.string(),
  EngineVersion: z.string().optional(),
  AvailabilityZone: z.string().optional(),
  DBSubnetGroupName: z.string().optional(),
  Tags: tagListSchema.optional(),
  ...instanceSettingsInput,
});

/** An instance of a cluster; the first one is its writer, and the server starts with it. */
export const createDBInstance = operation({
  name: 'CreateDBInstance',
  input,
  run: (request, state: RdsState) => {
    if (request.DBClusterIdentifier === undefined) throw notImplemented('DB instances outside of a cluster');
    const cluster = state.cluster(request.DBClusterIdentifier);
    checkEngine(request, cluster);
    if (cluster.status !== 'available') throw clusterNotAvailable(cluster.identifier, cluster.status);
    checkPlace(request, cluster, state);
    if (state.instances.has(request.DBInstanceIdentifier)) {
      throw new AwsError('DBInstanceAlreadyExists', 'DB instance already exists');
    }
    checkInstanceQuota(state);
    const instance = addInstance(
      {
        identifier: request.DBInstanceIdentifier,
        availabilityZone: request.AvailabilityZone,
        tags: request.Tags ?? new Map<string, string>(),
        settings: instanceSettings(request, defaultInstanceSettings(cluster), cluster.engine, state),
      },
      cluster,
      state,
    );
    bringUp(instance, state);
    return { DBInstance: state.renderInstance(instance) };
  },
});

function checkEngine(request: z.infer<typeof input>, cluster: Cluster): void {
  if (request.Engine !== cluster.engine) {
    throw invalidCombination(
      `The engine name requested for your DB instance (${request.Engine}) doesn't match the engine name of your DB cluster (${cluster.engine}).`,
    );
  }
  if (request.EngineVersion !== undefined && request.EngineVersion !== cluster.engineVersion) {
    throw invalidCombination(
      `The engine version that you requested for your DB instance (${request.EngineVersion}) does not match the engine version of your DB cluster (${cluster.engineVersion}).`,
    );
  }
}

function checkPlace(request: z.infer<typeof input>, cluster: Cluster, state: RdsState): void {
  const group = request.DBSubnetGroupName;
  if (group !== undefined && state.subnetGroups.get(group).name !== cluster.subnetGroup) {
    throw invalidCombination(
      `The DB subnet group of an instance is that of its cluster, ${cluster.subnetGroup}, not ${group}.`,
    );
  }
  const zone = request.AvailabilityZone;
  if (zone !== undefined && !zonesOf(state).includes(zone))
    throw invalidValue(`Invalid availability zone ${zone}`);
}
