import { z } from 'zod';
import { AwsError, operation } from '../../protocols/operation';
import { latestOf, type Parameter, type SsmState } from './ssm-state';

const filterSchema = z.strictObject({
  Key: z.string(),
  Option: z.string().optional(),
  Values: z.array(z.string()).max(50).default([]),
});
type Filter = z.infer<typeof filterSchema>;

export const describeParameters = operation({
  name: 'DescribeParameters',
  input: z.strictObject({
    ParameterFilters: z.array(filterSchema).default([]),
    MaxResults: z.int().min(1).max(50).default(50),
    NextToken: z.string().optional(),
  }),
  run: ({ ParameterFilters, MaxResults, NextToken }, state: SsmState) => {
    const after = NextToken === undefined ? '' : nameOfToken(NextToken);
    const matching = [...state.parameters.values()]
      .filter((parameter) => ParameterFilters.every((filter) => matches(parameter, filter)))
      .filter(({ name }) => name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = matching.slice(0, MaxResults);
    const last = page.at(-1);
    return {
      Parameters: page.map((parameter) => describe(parameter, state)),
      ...(last !== undefined &&
        matching.length > page.length && { NextToken: Buffer.from(last.name).toString('base64url') }),
    };
  },
});

function nameOfToken(token: string): string {
  const name = Buffer.from(token, 'base64url').toString('utf8');
  if (Buffer.from(name).toString('base64url') === token) return name;
  throw new AwsError('InvalidNextToken', `The specified token '${token}' isn't valid.`);
}

function describe(parameter: Parameter, state: SsmState): object {
  const latest = latestOf(parameter);
  return {
    Name: parameter.name,
    ARN: state.arnOf(parameter.name),
    Type: latest.type,
    KeyId: latest.keyId,
    LastModifiedDate: latest.modifiedAt,
    LastModifiedUser: `arn:aws:iam::${state.accountId}:user/sandbox`,
    Description: latest.description,
    Version: latest.version,
    Tier: latest.tier,
    ...(latest.allowedPattern === '' ? {} : { AllowedPattern: latest.allowedPattern }),
    Policies: [],
    DataType: 'text',
  };
}

/** Source: ParameterStringFilter in the API reference; values of one filter are alternatives. */
function matches(parameter: Parameter, filter: Filter): boolean {
  const latest = latestOf(parameter);
  if (filter.Key.startsWith('tag:')) {
    const value = parameter.tags.get(filter.Key.slice('tag:'.length));
    return value !== undefined && (filter.Values.length === 0 || compare(filter, ['Equals'], value));
  }
  switch (filter.Key) {
    case 'Name':
      return compare(filter, ['Equals', 'BeginsWith', 'Contains'], parameter.name);
    case 'Path':
      return isUnder(filter, parameter.name);
    case 'Type':
      return compare(filter, ['Equals', 'BeginsWith'], latest.type);
    case 'KeyId':
      return compare(filter, ['Equals', 'BeginsWith'], latest.keyId ?? '');
    case 'Tier':
      return compare(filter, ['Equals'], latest.tier);
    case 'DataType':
      return compare(filter, ['Equals'], 'text');
    default:
      throw new AwsError('InvalidFilterKey', `the sandbox cannot filter parameters by '${filter.Key}'`);
  }
}

const COMPARISONS = {
  Equals: (actual: string, wanted: string) => actual === wanted,
  BeginsWith: (actual: string, wanted: string) => actual.startsWith(wanted),
  Contains: (actual: string, wanted: string) => actual.includes(wanted),
};

function compare(filter: Filter, allowed: readonly (keyof typeof COMPARISONS)[], actual: string): boolean {
  const option = allowed.find((each) => each === (filter.Option ?? 'Equals'));
  if (option === undefined) throw invalidOption(filter, allowed);
  return filter.Values.some((wanted) => COMPARISONS[option](actual, wanted));
}

function isUnder(filter: Filter, name: string): boolean {
  const option = filter.Option ?? 'OneLevel';
  if (option !== 'OneLevel' && option !== 'Recursive') throw invalidOption(filter, ['OneLevel', 'Recursive']);
  return filter.Values.some((wanted) => {
    const path = wanted.endsWith('/') ? wanted : `${wanted}/`;
    return name.startsWith(path) && (option === 'Recursive' || !name.slice(path.length).includes('/'));
  });
}

function invalidOption(filter: Filter, allowed: readonly string[]): AwsError {
  return new AwsError(
    'InvalidFilterOption',
    `The filter option '${filter.Option ?? ''}' isn't valid for the key ${filter.Key}; use ${allowed.join(', ')}`,
  );
}
