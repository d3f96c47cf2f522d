import {
  DBClusterNotFoundFault,
  DescribeDBClustersCommand,
  paginateDescribeDBInstances,
  RDSClient,
  type DBInstance,
} from '@aws-sdk/client-rds';

export interface InstanceAddress {
  readonly host: string;
  readonly port: number;
}

/** Where each instance of a cluster is: every server tells of its own sessions alone. */
export class RdsInstances {
  constructor(private readonly client: RDSClient = new RDSClient({})) {}

  /** The writer first; none where there is no such cluster. */
  async fetch(clusterIdentifier: string): Promise<InstanceAddress[]> {
    try {
      const { DBClusters: [cluster] = [] } = await this.client.send(
        new DescribeDBClustersCommand({ DBClusterIdentifier: clusterIdentifier }),
      );
      const writer = cluster?.DBClusterMembers?.find(({ IsClusterWriter: is }) => is)?.DBInstanceIdentifier;
      const found: DBInstance[] = [];
      const filter = { Filters: [{ Name: 'db-cluster-id', Values: [clusterIdentifier] }] };
      for await (const page of paginateDescribeDBInstances({ client: this.client }, filter)) {
        found.push(...(page.DBInstances ?? []));
      }
      return addressesOf(
        found.toSorted(
          (a, b) => Number(b.DBInstanceIdentifier === writer) - Number(a.DBInstanceIdentifier === writer),
        ),
      );
    } catch (error) {
      if (error instanceof DBClusterNotFoundFault) return [];
      throw error;
    }
  }
}

/** Each address once, in their order: of those that can be connected to. */
export function addressesOf(instances: readonly DBInstance[]): InstanceAddress[] {
  const found = instances.flatMap(({ DBInstanceStatus: status, Endpoint: endpoint }) =>
    status === 'deleting' || endpoint?.Address === undefined || endpoint.Port === undefined
      ? []
      : [{ host: endpoint.Address, port: endpoint.Port }],
  );
  return [...new Map(found.map((one) => [`${one.host}:${one.port}`, one])).values()];
}
