import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDBInstanceCommand,
  DescribeDBClustersCommand,
  RestoreDBClusterToPointInTimeCommand,
  waitUntilDBClusterAvailable,
  waitUntilDBInstanceAvailable,
  type DBCluster,
  type RDSClient,
  type Tag,
} from '@aws-sdk/client-rds';
import type { RestorePlan } from '../../lib/artefacts/restore-plan';

/** Restores the plan's first cluster as Terraform would, without the minutes that its provider waits. */
export async function restoreAsPlanned(
  rds: RDSClient,
  { restoreTo, clusters: [{ source, restored }] }: RestorePlan,
): Promise<DBCluster> {
  const { clusterIdentifier, drillTags } = restored;
  const latest = async (): Promise<Date | undefined> =>
    (await clusterNamed(rds, source.clusterIdentifier)).LatestRestorableTime;
  while (((await latest()) ?? new Date(0)) < new Date(restoreTo)) await sleep(300);
  await rds.send(
    new RestoreDBClusterToPointInTimeCommand({
      DBClusterIdentifier: clusterIdentifier,
      SourceDBClusterIdentifier: source.clusterIdentifier,
      RestoreToTime: new Date(restoreTo),
      DBClusterParameterGroupName: restored.parameterGroup,
      DBSubnetGroupName: restored.subnetGroup,
      VpcSecurityGroupIds: restored.securityGroupIds,
      Port: restored.port,
      EnableIAMDatabaseAuthentication: restored.iamAuthentication,
      EnableCloudwatchLogsExports: restored.logExports,
      CopyTagsToSnapshot: restored.copyTagsToSnapshot,
      DeletionProtection: restored.deletionProtection,
      Tags: tagList({ ...restored.tags, ...drillTags }),
    }),
  );
  const waiter = { client: rds, minDelay: 0.3, maxDelay: 0.3, maxWaitTime: 60 };
  await waitUntilDBClusterAvailable(waiter, { DBClusterIdentifier: clusterIdentifier });
  for (const instance of restored.instances) {
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: instance.identifier,
        DBClusterIdentifier: clusterIdentifier,
        DBInstanceClass: instance.instanceClass,
        Engine: source.engine,
        DBParameterGroupName: instance.parameterGroup,
        PromotionTier: instance.promotionTier,
        PubliclyAccessible: instance.publiclyAccessible,
        AutoMinorVersionUpgrade: instance.autoMinorVersionUpgrade,
        CopyTagsToSnapshot: instance.copyTagsToSnapshot,
        Tags: tagList({ ...instance.tags, ...drillTags }),
      }),
    );
    await waitUntilDBInstanceAvailable(waiter, { DBInstanceIdentifier: instance.identifier });
  }
  return clusterNamed(rds, clusterIdentifier);
}

export async function clusterNamed(rds: RDSClient, name: string): Promise<DBCluster> {
  const { DBClusters: [cluster] = [] } = await rds.send(
    new DescribeDBClustersCommand({ DBClusterIdentifier: name }),
  );
  if (cluster === undefined) throw new Error(`no cluster ${name}`);
  return cluster;
}

function tagList(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
