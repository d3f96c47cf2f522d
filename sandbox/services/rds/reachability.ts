import type { Cluster, ClusterSettings } from './model';
import { CLOSED_SECURITY_GROUP, type RdsState } from './rds-state';

/** Whether no security group of the cluster lets anybody in. */
export function isClosed({ securityGroupIds }: ClusterSettings): boolean {
  return securityGroupIds.every((id) => id === CLOSED_SECURITY_GROUP);
}

/**
 * Lets the cluster's server listen at its endpoint, or where nobody knows while its security groups
 * let nobody in. Every session is cut.
 */
export async function letListen(cluster: Cluster, state: RdsState): Promise<void> {
  const { address, database, settings } = cluster;
  await database?.moveTo(isClosed(settings) ? await state.host.allocateAddress(address.port) : address);
}
