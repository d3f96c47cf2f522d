import type { Cluster, Instance } from './model';
import type { RdsState } from './rds-state';

/** Lets a new instance become available, the server running for it if it is the writer. */
export function bringUp(instance: Instance, state: RdsState): void {
  state.background.run(`creating instance ${instance.identifier}`, async (pause) => {
    await pause(state.settings.createDelayMs);
    try {
      if (instance.status === 'creating') await runServer(instance.cluster, state, instance);
    } catch (error) {
      instance.isWriter = false;
      instance.status = 'failed';
      throw error;
    }
    if (instance.status === 'creating') instance.status = 'available';
  });
}

/** Shuts an instance down: another takes over as writer, or the server stops; after a while the instance is gone. */
export function takeDown(instance: Instance, state: RdsState): void {
  instance.status = 'deleting';
  if (instance.isWriter) {
    const successor = successorOf(instance, state);
    if (successor !== undefined) {
      instance.isWriter = false;
      successor.isWriter = true;
    }
  }
  state.background.run(`deleting instance ${instance.identifier}`, async (pause) => {
    await runServer(instance.cluster, state);
    await pause(state.settings.deleteDelayMs);
    state.instances.delete(instance.identifier);
  });
}

/** Makes the cluster's server run exactly while its writer instance is up, or coming up. */
async function runServer(cluster: Cluster, state: RdsState, comingUp?: Instance): Promise<void> {
  const isUp = (instance: Instance): boolean =>
    ['available', 'modifying', 'renaming', 'rebooting'].includes(instance.status) || instance === comingUp;
  const writer = state.instancesOf(cluster).find((instance) => instance.isWriter && isUp(instance));
  await cluster.database?.runFor(writer?.identifier);
}

/** Who fails over: an instance that is up, of the lowest promotion tier, else one that is coming up. */
function successorOf(instance: Instance, state: RdsState): Instance | undefined {
  const rank = ({ status, settings }: Instance): number =>
    (status === 'creating' ? 100 : 0) + settings.promotionTier;
  return state
    .instancesOf(instance.cluster)
    .filter(({ status }) => status !== 'deleting' && status !== 'failed')
    .sort((a, b) => rank(a) - rank(b))[0];
}
