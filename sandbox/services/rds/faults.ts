import { AwsError } from '../../protocols/operation';

/** Faults that several operations answer with, in RDS's own codes and words where those are known. */

export function clusterNotFound(identifier: string): AwsError {
  return new AwsError('DBClusterNotFoundFault', `DBCluster ${identifier} not found.`, 404);
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

/** The provider waits and repeats a delete that is answered with these words. */
export function clusterNotAvailable(identifier: string, status: string): AwsError {
  return new AwsError(
    'InvalidDBClusterStateFault',
    `DB cluster ${identifier} is not currently in the available state: it is ${status}.`,
  );
}
