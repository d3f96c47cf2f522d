import { setTimeout as sleep } from 'node:timers/promises';
import {
  DBClusterNotFoundFault,
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { accept, refuse, type Outcome, type Refusal } from '../errors';

export interface ClusterNetwork {
  readonly resourceId: string;
  readonly securityGroupIds: readonly string[];
  /** Whether the cluster is available and its groups have taken effect. */
  readonly settled: boolean;
}

/** Reads and changes the security groups of a cluster, and nothing else of it. */
export class ClusterNetworks {
  constructor(
    private readonly client: RDSClient = new RDSClient({}),
    private readonly lookEveryMs = 1000,
  ) {}

  async fetch(identifier: string): Promise<Outcome<ClusterNetwork, Refusal<'cluster-not-found'>>> {
    try {
      const { DBClusters: [cluster] = [] } = await this.client.send(
        new DescribeDBClustersCommand({ DBClusterIdentifier: identifier }),
      );
      if (cluster?.DbClusterResourceId === undefined) throw new Error('RDS answered without a resource id');
      const groups = cluster.VpcSecurityGroups ?? [];
      return accept({
        resourceId: cluster.DbClusterResourceId,
        securityGroupIds: groups.flatMap(({ VpcSecurityGroupId: id }) => id ?? []).sort(),
        settled: cluster.Status === 'available' && groups.every(({ Status: status }) => status === 'active'),
      });
    } catch (error) {
      if (!(error instanceof DBClusterNotFoundFault)) throw error;
      return refuse({
        reason: 'cluster-not-found',
        message: `there is no DB cluster '${identifier}' in ${await this.client.config.region()}`,
        hint: 'check AWS_REGION and the account of your credentials',
      });
    }
  }

  /** Gives a cluster these groups in place of its own, and waits until they have taken effect. */
  async set(identifier: string, securityGroupIds: readonly string[], signal: AbortSignal): Promise<void> {
    await this.client.send(
      new ModifyDBClusterCommand({
        DBClusterIdentifier: identifier,
        VpcSecurityGroupIds: [...securityGroupIds],
        ApplyImmediately: true,
      }),
    );
    const expected = [...securityGroupIds].sort().join();
    for (;;) {
      await sleep(this.lookEveryMs, undefined, { signal });
      const now = await this.fetch(identifier);
      if (now.ok && now.value.settled && now.value.securityGroupIds.join() === expected) return;
    }
  }
}
