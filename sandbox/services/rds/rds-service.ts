import { service, type Service } from '../../protocols/service';
import { addRoleToDBCluster } from './add-role-to-db-cluster';
import { addTagsToResource } from './add-tags-to-resource';
import { backtrackDBCluster } from './backtrack-db-cluster';
import { createDBClusterSnapshot } from './create-db-cluster-snapshot';
import { createDBInstance } from './create-db-instance';
import { deleteDBCluster } from './delete-db-cluster';
import { deleteDBClusterAutomatedBackup } from './delete-db-cluster-automated-backup';
import { deleteDBClusterSnapshot } from './delete-db-cluster-snapshot';
import { deleteDBInstance } from './delete-db-instance';
import { describeDBClusterAutomatedBackups } from './describe-db-cluster-automated-backups';
import { describeDBClusterBacktracks } from './describe-db-cluster-backtracks';
import { describeDBClusterParameterGroups } from './describe-db-cluster-parameter-groups';
import { describeDBClusterParameters } from './describe-db-cluster-parameters';
import { describeDBClusterSnapshots } from './describe-db-cluster-snapshots';
import { describeDBClusters } from './describe-db-clusters';
import { describeDBInstances } from './describe-db-instances';
import { describeDBParameterGroups } from './describe-db-parameter-groups';
import { describeDBSubnetGroups } from './describe-db-subnet-groups';
import { describeGlobalClusters } from './describe-global-clusters';
import { failoverDBCluster } from './failover-db-cluster';
import { listTagsForResource } from './list-tags-for-resource';
import { modifyDBCluster } from './modify-db-cluster';
import { modifyDBInstance } from './modify-db-instance';
import type { RdsState } from './rds-state';
import { rebootDBInstance } from './reboot-db-instance';
import { removeRoleFromDBCluster } from './remove-role-from-db-cluster';
import { removeTagsFromResource } from './remove-tags-from-resource';
import { restoreDBClusterFromSnapshot } from './restore-db-cluster-from-snapshot';
import { restoreDBClusterToPointInTime } from './restore-db-cluster-to-point-in-time';

export function rdsService(state: RdsState): Service {
  return service({
    name: 'rds',
    wire: {
      protocol: 'query',
      version: '2014-10-31',
      xmlNamespace: 'http://rds.amazonaws.com/doc/2014-10-31/',
      listItems: LIST_ITEMS,
    },
    invalidInput: { missing: 'MissingParameter', invalid: 'InvalidParameterValue' },
    operations: [
      describeDBClusters,
      describeDBInstances,
      restoreDBClusterToPointInTime,
      createDBInstance,
      modifyDBCluster,
      modifyDBInstance,
      deleteDBInstance,
      deleteDBCluster,
      addTagsToResource,
      removeTagsFromResource,
      listTagsForResource,
      describeGlobalClusters,
      describeDBClusterParameterGroups,
      describeDBClusterParameters,
      describeDBParameterGroups,
      describeDBSubnetGroups,
      addRoleToDBCluster,
      removeRoleFromDBCluster,
      createDBClusterSnapshot,
      deleteDBClusterSnapshot,
      describeDBClusterSnapshots,
      restoreDBClusterFromSnapshot,
      describeDBClusterAutomatedBackups,
      deleteDBClusterAutomatedBackup,
      backtrackDBCluster,
      describeDBClusterBacktracks,
      rebootDBInstance,
      failoverDBCluster,
    ],
    state,
  });
}

/** The element of each list's items, as in the API reference and the SDKs' models. */
const LIST_ITEMS = {
  AssociatedRoles: 'DBClusterRole',
  AvailabilityZones: 'AvailabilityZone',
  DBClusterMembers: 'DBClusterMember',
  DBClusterParameterGroups: 'DBClusterParameterGroup',
  DBClusterAutomatedBackups: 'DBClusterAutomatedBackup',
  DBClusterBacktracks: 'DBClusterBacktrack',
  DBClusterSnapshots: 'DBClusterSnapshot',
  DBClusters: 'DBCluster',
  DBInstances: 'DBInstance',
  DBParameterGroups: 'DBParameterGroup',
  DBSecurityGroups: 'DBSecurityGroup',
  DBSubnetGroups: 'DBSubnetGroup',
  DomainMemberships: 'DomainMembership',
  EnabledCloudwatchLogsExports: 'member',
  GlobalClusters: 'GlobalClusterMember',
  Parameters: 'Parameter',
  ReadReplicaDBInstanceIdentifiers: 'ReadReplicaDBInstanceIdentifier',
  ReadReplicaIdentifiers: 'ReadReplicaIdentifier',
  Subnets: 'Subnet',
  SupportedNetworkTypes: 'member',
  TagList: 'Tag',
  VpcSecurityGroups: 'VpcSecurityGroupMembership',
};
