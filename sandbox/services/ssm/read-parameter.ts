import { AwsError } from '../../protocols/operation';
import { latestOf, type SsmState } from './ssm-state';

/**
 * One parameter as GetParameter and GetParameters answer it. `nameAndSelector` is a name or an
 * ARN, with `:version` behind it where an older one is meant.
 * @throws AwsError where there is none
 */
export function readParameter(nameAndSelector: string, withDecryption: boolean, state: SsmState): object {
  const { parameter, selector } = select(nameAndSelector, state);
  const version =
    selector === undefined
      ? latestOf(parameter)
      : parameter.versions.find((each) => String(each.version) === selector);
  if (version === undefined) {
    throw new AwsError(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${selector ?? ''} of ${parameter.name}.`,
    );
  }
  return {
    Name: parameter.name,
    Type: version.type,
    Value: version.type === 'SecureString' && withDecryption ? state.decrypt(version.value) : version.value,
    Version: version.version,
    ...(selector !== undefined && { Selector: `:${selector}` }),
    LastModifiedDate: version.modifiedAt,
    ARN: state.arnOf(parameter.name),
    DataType: 'text',
  };
}

function select(
  nameAndSelector: string,
  state: SsmState,
): { parameter: NonNullable<ReturnType<SsmState['find']>>; selector: string | undefined } {
  const whole = state.find(nameAndSelector);
  if (whole !== undefined) return { parameter: whole, selector: undefined };
  const colon = nameAndSelector.lastIndexOf(':');
  const parameter = colon > 0 ? state.find(nameAndSelector.slice(0, colon)) : undefined;
  if (parameter === undefined) {
    throw new AwsError('ParameterNotFound', `Parameter ${nameAndSelector} not found.`);
  }
  return { parameter, selector: nameAndSelector.slice(colon + 1) };
}
