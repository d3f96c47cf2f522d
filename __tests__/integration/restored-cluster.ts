import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  RestoreDBClusterToPointInTimeCommand,
  waitUntilDBClusterAvailable,
  waitUntilDBInstanceAvailable,
  type DBCluster,
  type RDSClient,
} from '@aws-sdk/client-rds';

/** Restores `source` to an instant as soon as AWS would let one, and gives it an instance; the cluster can then be connected to. */
export async function restoreCluster(
  rds: RDSClient,
  { source, name, at }: { source: string; name: string; at: Date },
): Promise<DBCluster> {
  while (((await describe(rds, source)).LatestRestorableTime ?? new Date(0)) < at) await sleep(300);
  await rds.send(
    new RestoreDBClusterToPointInTimeCommand({
      DBClusterIdentifier: name,
      SourceDBClusterIdentifier: source,
      RestoreToTime: at,
    }),
  );
  const waiter = { client: rds, minDelay: 0.3, maxDelay: 0.3, maxWaitTime: 90 };
  const { Engine } = await describe(rds, source);
  await waitUntilDBClusterAvailable(waiter, { DBClusterIdentifier: name });
  const DBInstanceIdentifier = `${name}-1`;
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier,
      DBClusterIdentifier: name,
      DBInstanceClass: 'db.r6g.large',
      Engine: Engine ?? 'aurora-mysql',
    }),
  );
  await waitUntilDBInstanceAvailable(waiter, { DBInstanceIdentifier });
  return describe(rds, name);
}

/** Gives a restored cluster back, so that many can be restored one after the other. */
export async function deleteCluster(rds: RDSClient, name: string): Promise<void> {
  await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: `${name}-1`, SkipFinalSnapshot: true }));
  await rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: name, SkipFinalSnapshot: true }));
}

async function describe(rds: RDSClient, name: string): Promise<DBCluster> {
  const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }));
  const [cluster] = DBClusters;
  if (cluster === undefined) throw new Error(`no cluster ${name}`);
  return cluster;
}
