import { AwsError } from '../../protocols/operation';

/** Faults that several operations answer with, in RDS's own codes and words where those are known. */

export function clusterNotFound(identifier: string): AwsError {
  return new AwsError('DBClusterNotFoundFault', `DBCluster ${identifier} not found.`, 404);
}

export function clusterAlreadyExists(): AwsError {
  return new AwsError('DBClusterAlreadyExistsFault', 'DB Cluster already exists');
}

export function instanceNotFound(identifier: string): AwsError {
  return new AwsError('DBInstanceNotFound', `DBInstance ${identifier} not found.`, 404);
}

export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

export function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombination', message);
}

export function instanceNotAvailable(identifier: string, status: string): AwsError {
  return new AwsError(
    'InvalidDBInstanceState',
    `Database instance ${identifier} is not in available state: it is ${status}.`,
  );
}

/** The provider waits and repeats a delete that is answered with these words. */
export function clusterNotAvailable(identifier: string, status: string): AwsError {
  return new AwsError(
    'InvalidDBClusterStateFault',
    `DB cluster ${identifier} is not currently in the available state: it is ${status}.`,
  );
}

export function snapshotNotFound(identifier: string): AwsError {
  return new AwsError('DBClusterSnapshotNotFoundFault', `DBClusterSnapshot ${identifier} not found.`, 404);
}

export function snapshotExists(identifier: string): AwsError {
  return new AwsError(
    'DBClusterSnapshotAlreadyExistsFault',
    `Cannot create the cluster snapshot because one with the identifier ${identifier} already exists.`,
  );
}

export function automatedBackupNotFound(resourceId: string): AwsError {
  return new AwsError(
    'DBClusterAutomatedBackupNotFoundFault',
    `No automated backup for the DB cluster with resource id ${resourceId} was found.`,
    404,
  );
}
