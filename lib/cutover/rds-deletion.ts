import {
  DBClusterNotFoundFault,
  DBClusterSnapshotNotFoundFault,
  DBInstanceNotFoundFault,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBClusterSnapshotsCommand,
  InvalidDBClusterStateFault,
  InvalidDBInstanceStateFault,
  paginateDescribeDBClusterSnapshots,
  paginateDescribeDBInstances,
  RDSClient,
  type DBCluster,
  type DBClusterSnapshot,
  type DBInstance,
} from '@aws-sdk/client-rds';
import type { DoomedCluster } from './plan-retire';
import { addressesOf, type InstanceAddress } from './rds-instances';

/** As RDS tells it; who is connected is not RDS's to tell. */
export interface FoundCluster extends Omit<DoomedCluster, 'sessions'> {
  readonly status: string;
  readonly endpoint: string | null;
  readonly port: number;
  /** Of its instances. */
  readonly addresses: readonly InstanceAddress[];
}

/** Deletes a cluster with a final snapshot; its automated backups are kept for as long as they last. */
export class RdsDeletion {
  constructor(private readonly client: RDSClient = new RDSClient({})) {}

  /** Undefined where there is none of that name. */
  async fetch(identifier: string): Promise<FoundCluster | undefined> {
    const cluster = await this.describe(identifier);
    if (cluster === undefined) return undefined;
    const instances = await this.instancesOf(identifier);
    const writers = (cluster.DBClusterMembers ?? [])
      .filter(({ IsClusterWriter: isWriter }) => isWriter)
      .map(({ DBInstanceIdentifier: name }) => name);
    const isWriter = ({ DBInstanceIdentifier: name }: DBInstance): number => Number(writers.includes(name));
    return {
      identifier,
      resourceId: cluster.DbClusterResourceId ?? '',
      deletionProtection: cluster.DeletionProtection ?? false,
      instances: instances
        .toSorted((a, b) => isWriter(a) - isWriter(b))
        .flatMap(({ DBInstanceIdentifier: name }) => name ?? []),
      ending:
        cluster.Status === 'deleting' ||
        (instances.length > 0 && instances.every(({ DBInstanceStatus: status }) => status === 'deleting')),
      snapshots: await this.snapshotsOf(identifier),
      status: cluster.Status ?? '',
      endpoint: cluster.Endpoint ?? null,
      port: cluster.Port ?? 0,
      addresses: addressesOf(instances),
    };
  }

  /** Such as `available`; undefined where there is none of that name. */
  async fetchSnapshotStatus(name: string): Promise<string | undefined> {
    try {
      const { DBClusterSnapshots: [found] = [] } = await this.client.send(
        new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: name }),
      );
      return found?.Status;
    } catch (error) {
      if (error instanceof DBClusterSnapshotNotFoundFault) return undefined;
      throw error;
    }
  }

  /** Begins the end of the instances, then of the cluster; what is on its way out already is left to it. */
  async begin({ identifier, instances }: DoomedCluster, finalSnapshot: string): Promise<void> {
    for (const instance of instances) {
      await this.unlessUnderWay(
        this.client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: instance })),
      );
    }
    await this.unlessUnderWay(
      this.client.send(
        new DeleteDBClusterCommand({
          DBClusterIdentifier: identifier,
          SkipFinalSnapshot: false,
          FinalDBSnapshotIdentifier: finalSnapshot,
          DeleteAutomatedBackups: false,
        }),
      ),
    );
  }

  private async describe(identifier: string): Promise<DBCluster | undefined> {
    try {
      const { DBClusters: [cluster] = [] } = await this.client.send(
        new DescribeDBClustersCommand({ DBClusterIdentifier: identifier }),
      );
      return cluster;
    } catch (error) {
      if (error instanceof DBClusterNotFoundFault) return undefined;
      throw error;
    }
  }

  private async instancesOf(identifier: string): Promise<DBInstance[]> {
    const found: DBInstance[] = [];
    const filter = { Filters: [{ Name: 'db-cluster-id', Values: [identifier] }] };
    for await (const page of paginateDescribeDBInstances({ client: this.client }, filter)) {
      found.push(...(page.DBInstances ?? []));
    }
    return found;
  }

  private async snapshotsOf(identifier: string): Promise<string[]> {
    const found: DBClusterSnapshot[] = [];
    const which = { DBClusterIdentifier: identifier, SnapshotType: 'manual' };
    for await (const page of paginateDescribeDBClusterSnapshots({ client: this.client }, which)) {
      found.push(...(page.DBClusterSnapshots ?? []));
    }
    return found
      .toSorted((a, b) => (a.SnapshotCreateTime?.getTime() ?? 0) - (b.SnapshotCreateTime?.getTime() ?? 0))
      .flatMap(({ DBClusterSnapshotIdentifier: name }) => name ?? []);
  }

  private async unlessUnderWay(deletion: Promise<unknown>): Promise<void> {
    try {
      await deletion;
    } catch (error) {
      const underWay = [
        DBClusterNotFoundFault,
        DBInstanceNotFoundFault,
        InvalidDBClusterStateFault,
        InvalidDBInstanceStateFault,
      ].some((fault) => error instanceof fault && /already|deleting|not found/i.test(error.message));
      if (!underWay) throw error;
    }
  }
}
