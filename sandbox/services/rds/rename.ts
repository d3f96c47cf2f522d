import { AwsError } from '../../protocols/operation';
import { clusterAlreadyExists } from './faults';
import type { Cluster, Instance } from './model';
import type { RdsState } from './rds-state';
import { letListen } from './reachability';

/**
 * Gives a cluster another name: for a while it is `renaming` under the old one, then its endpoint is
 * that of the new name and nothing answers at the old one's. Its instances keep their names.
 * @throws AwsError where the name is taken
 */
export function renameCluster(cluster: Cluster, to: string, state: RdsState): void {
  if (state.clusters.has(to)) throw clusterAlreadyExists();
  const from = cluster.identifier;
  cluster.status = 'renaming';
  state.background.run(`renaming cluster ${from}`, async (pause) => {
    await pause(state.settings.modifyDelayMs);
    // taken in the meantime: the cluster keeps its name, as at AWS
    if (state.clusters.has(to)) {
      cluster.status = 'available';
      return;
    }
    const address = await state.endpointOf(to, cluster.address.port);
    state.clusters.delete(from);
    cluster.identifier = to;
    cluster.arn = state.arn('cluster', to);
    state.clusters.set(to, cluster);
    cluster.address = address;
    state.keepEndpoint(cluster);
    await letListen(cluster, state);
    await pause(state.settings.modifyDelayMs);
    cluster.status = 'available';
  });
}

/**
 * Gives an instance another name, for which it reboots: the server of a writer is shut down and
 * started again.
 * @throws AwsError where the name is taken
 */
export function renameInstance(instance: Instance, to: string, state: RdsState): void {
  if (state.instances.has(to)) throw new AwsError('DBInstanceAlreadyExists', 'DB instance already exists');
  const from = instance.identifier;
  instance.status = 'renaming';
  state.background.run(`renaming instance ${from}`, async (pause) => {
    await pause(state.settings.modifyDelayMs);
    if (!state.instances.has(to)) {
      state.instances.delete(from);
      instance.identifier = to;
      instance.arn = state.arn('db', to);
      state.instances.set(to, instance);
      if (instance.isWriter) await instance.cluster.database?.runFor(to);
    }
    instance.status = 'available';
  });
}
