import { all, named, type ActionTable, type Names } from './resources';

/** Source: Service Authorization Reference, actions, resources and condition keys for Amazon RDS. */
const arn =
  (kind: string) =>
  (name: string, { accountId, region }: Names): string =>
    `arn:aws:rds:${region}:${accountId}:${kind}:${name.toLowerCase()}`;

const cluster = named('DBClusterIdentifier', arn('cluster'));
const renamed = named('NewDBClusterIdentifier', arn('cluster'));
const renamedInstance = named('NewDBInstanceIdentifier', arn('db'));
const instance = named('DBInstanceIdentifier', arn('db'));
const source = named('SourceDBClusterIdentifier', arn('cluster'));
const subnetGroup = named('DBSubnetGroupName', arn('subgrp'));
const clusterParameters = named('DBClusterParameterGroupName', arn('cluster-pg'));
const parameters = named('DBParameterGroupName', arn('pg'));
const snapshot = named('DBClusterSnapshotIdentifier', arn('cluster-snapshot'));
const fromSnapshot = named('SnapshotIdentifier', arn('cluster-snapshot'));
const finalSnapshot = named('FinalDBSnapshotIdentifier', arn('cluster-snapshot'));
const resource = named('ResourceName', (name) => name);
const tagging = 'AddTagsToResource';
const monitoring = { MonitoringRoleArn: 'monitoring.rds.amazonaws.com' };

export const RDS_ACTIONS: ActionTable = {
  DescribeDBClusters: { resources: cluster },
  DescribeDBInstances: { resources: instance },
  DescribeDBClusterParameters: { resources: clusterParameters },
  DescribeDBClusterParameterGroups: { resources: clusterParameters },
  DescribeDBParameterGroups: { resources: parameters },
  DescribeDBSubnetGroups: { resources: subnetGroup },
  DescribeDBClusterSnapshots: { resources: all(cluster, snapshot) },
  DescribeDBClusterBacktracks: { resources: cluster },
  RestoreDBClusterToPointInTime: {
    resources: all(source, cluster, subnetGroup, clusterParameters),
    tagging,
    tagged: cluster,
  },
  RestoreDBClusterFromSnapshot: {
    resources: all(fromSnapshot, cluster, subnetGroup, clusterParameters),
    tagging,
    tagged: cluster,
  },
  CreateDBInstance: {
    resources: all(instance, cluster, subnetGroup, parameters),
    tagging,
    tagged: instance,
    passes: monitoring,
  },
  ModifyDBCluster: { resources: all(cluster, renamed, clusterParameters), renamed: cluster },
  ModifyDBInstance: {
    resources: all(instance, renamedInstance, parameters),
    renamed: instance,
    passes: monitoring,
  },
  DeleteDBCluster: { resources: all(cluster, finalSnapshot), tagging, inherits: finalSnapshot },
  DeleteDBInstance: { resources: instance },
  RebootDBInstance: { resources: instance },
  FailoverDBCluster: { resources: cluster },
  BacktrackDBCluster: { resources: cluster },
  AddRoleToDBCluster: { resources: cluster, passes: { RoleArn: 'rds.amazonaws.com' } },
  RemoveRoleFromDBCluster: { resources: cluster },
  CreateDBClusterSnapshot: { resources: all(cluster, snapshot), tagging, tagged: snapshot },
  DeleteDBClusterSnapshot: { resources: snapshot },
  AddTagsToResource: { resources: resource },
  RemoveTagsFromResource: { resources: resource },
  ListTagsForResource: { resources: resource },
};
