import {
  DBClusterAlreadyExistsFault,
  DBClusterNotFoundFault,
  DBInstanceAlreadyExistsFault,
  DBInstanceNotFoundFault,
  InvalidDBClusterStateFault,
  InvalidDBInstanceStateFault,
  ModifyDBClusterCommand,
  ModifyDBInstanceCommand,
  paginateDescribeDBClusters,
  paginateDescribeDBInstances,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { NamedClusters, SwapStep } from './plan-swap';

const CHANGED_SINCE = [
  InvalidDBClusterStateFault,
  InvalidDBInstanceStateFault,
  DBClusterNotFoundFault,
  DBInstanceNotFoundFault,
  DBClusterAlreadyExistsFault,
  DBInstanceAlreadyExistsFault,
];

/** Reads and changes the names of clusters and instances, and nothing else of them. */
export class RdsNames {
  constructor(private readonly client: RDSClient = new RDSClient({})) {}

  async fetch(): Promise<NamedClusters> {
    const [clusters, instances] = await Promise.all([this.fetchClusters(), this.fetchInstances()]);
    return { clusters, instances };
  }

  /**
   * Begins a rename; RDS answers before it is done. `not-now` where the state or the names have changed
   * since they were looked at, such as by a second run: the next look tells.
   */
  async rename({ kind, from, to }: Pick<SwapStep, 'kind' | 'from' | 'to'>): Promise<'begun' | 'not-now'> {
    try {
      await this.modify(kind, from, to);
      return 'begun';
    } catch (error) {
      if (CHANGED_SINCE.some((fault) => error instanceof fault)) return 'not-now';
      throw error;
    }
  }

  private async modify(kind: SwapStep['kind'], from: string, to: string): Promise<void> {
    await (kind === 'cluster'
      ? this.client.send(
          new ModifyDBClusterCommand({
            DBClusterIdentifier: from,
            NewDBClusterIdentifier: to,
            ApplyImmediately: true,
          }),
        )
      : this.client.send(
          new ModifyDBInstanceCommand({
            DBInstanceIdentifier: from,
            NewDBInstanceIdentifier: to,
            ApplyImmediately: true,
          }),
        ));
  }

  private async fetchClusters(): Promise<NamedClusters['clusters']> {
    const found = [];
    for await (const { DBClusters: page = [] } of paginateDescribeDBClusters({ client: this.client }, {})) {
      for (const one of page) {
        found.push({
          identifier: one.DBClusterIdentifier ?? '',
          resourceId: one.DbClusterResourceId ?? '',
          status: one.Status ?? '',
          endpoint: one.Endpoint ?? null,
          members: (one.DBClusterMembers ?? []).flatMap(({ DBInstanceIdentifier: name }) => name ?? []),
        });
      }
    }
    return found;
  }

  private async fetchInstances(): Promise<NamedClusters['instances']> {
    const found = [];
    for await (const { DBInstances: page = [] } of paginateDescribeDBInstances({ client: this.client }, {})) {
      for (const one of page) {
        found.push({
          identifier: one.DBInstanceIdentifier ?? '',
          resourceId: one.DbiResourceId ?? '',
          status: one.DBInstanceStatus ?? '',
        });
      }
    }
    return found;
  }
}
