import { AwsError } from '../../protocols/operation';

const DEEPEST = 15;

/**
 * @throws AwsError where a parameter of this name cannot be made.
 * Source: the constraints of `Name` in the API reference of PutParameter
 */
export function checkParameterName(name: string): void {
  if (!/^[a-zA-Z0-9_./-]+$/.test(name) || name.includes('//') || name.endsWith('/')) {
    throw invalid(
      `Parameter name '${name}': use letters, numbers and the symbols .-_, and / between the parts of a path`,
    );
  }
  if (name.includes('/') && !name.startsWith('/')) {
    throw invalid('Parameter name must be a fully qualified name.');
  }
  if (/^\/?(aws|ssm)/i.test(name)) {
    throw invalid('Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).');
  }
  if (name.split('/').length - 1 > DEEPEST) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      `A parameter hierarchy can have a maximum of ${DEEPEST} levels.`,
    );
  }
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
