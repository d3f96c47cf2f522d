import { AwsError } from '../../protocols/operation';
import { invalidCombination, invalidValue } from './faults';
import type { ParameterGroup } from './groups';
import { familyOf } from './parameter-families';
import type { RdsState } from './rds-state';

/** @throws AwsError where one of the security groups is not there */
export function checkSecurityGroups(ids: readonly string[], state: RdsState): void {
  const unknown = ids.filter((id) => !state.securityGroups.has(id));
  if (unknown.length > 0)
    throw invalidValue(`Invalid security group , groupId= ${unknown.join(', ')}, groupName=.`);
}

/** @throws AwsError where the group is for another engine */
export function checkFamily(group: ParameterGroup, engine: string): void {
  const family = familyOf(engine);
  if (group.family === family) return;
  throw invalidCombination(
    `The parameter group ${group.name} with DBParameterGroupFamily ${group.family} cannot be used for this resource. Use a parameter group with DBParameterGroupFamily ${family}`,
  );
}

/** @throws AwsError where the key cannot be used */
export function checkKmsKey(keyId: string, state: RdsState): void {
  if (keyId === state.defaultKmsKey) return;
  throw new AwsError(
    'KMSKeyNotAccessibleFault',
    `The specified KMS key [${keyId}] does not exist, is not enabled or you do not have permissions to access it.`,
  );
}

const LOG_TYPES: Readonly<Record<string, readonly string[]>> = {
  'aurora-mysql': ['audit', 'error', 'general', 'slowquery', 'instance'],
  'aurora-postgresql': ['postgresql', 'instance'],
};

/** @throws AwsError where the engine has no such log */
export function checkLogTypes(types: readonly string[], engine: string): void {
  const known = LOG_TYPES[engine] ?? [];
  const unknown = types.filter((type) => !known.includes(type));
  if (unknown.length === 0) return;
  throw invalidCombination(
    `You cannot use the log types '${unknown.join(', ')}' with engine ${engine}. For supported log types, see the documentation.`,
  );
}
