import { named, text, type ActionTable, type Input, type Names } from './resources';

/** Source of all: Service Authorization Reference, actions, resources and condition keys of each service. */

const parameterArn = (name: string, { accountId, region }: Names): string =>
  `arn:aws:ssm:${region}:${accountId}:parameter/${name.replace(/^\//, '').replace(/:[^:/]+$/, '')}`;
const parameter = { resources: named('Name', parameterArn) };
const taggedParameter = { resources: named('ResourceId', parameterArn) };

export const SSM_ACTIONS: ActionTable = {
  PutParameter: { ...parameter, tagging: 'AddTagsToResource' },
  GetParameter: parameter,
  GetParameterHistory: parameter,
  DeleteParameter: parameter,
  GetParameters: {
    resources: ({ Names: list }, names) =>
      Array.isArray(list) ? list.map((name) => parameterArn(String(name), names)) : [],
  },
  ListTagsForResource: taggedParameter,
  AddTagsToResource: taggedParameter,
  RemoveTagsFromResource: taggedParameter,
};

/** A name stands for the ARN with any six characters behind it, which a policy names by `-??????` or `*`. */
const secret = {
  resources: named(
    'SecretId',
    (name, { accountId, region }) => `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-??????`,
  ),
};

export const SECRETS_ACTIONS: ActionTable = {
  CreateSecret: {
    resources: named(
      'Name',
      (name, { accountId, region }) => `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-??????`,
    ),
    tagging: 'TagResource',
  },
  DescribeSecret: secret,
  GetSecretValue: secret,
  PutSecretValue: secret,
  UpdateSecret: secret,
  UpdateSecretVersionStage: secret,
  ListSecretVersionIds: secret,
  GetResourcePolicy: secret,
  TagResource: secret,
  UntagResource: secret,
  DeleteSecret: secret,
  RestoreSecret: secret,
};

const zoneArn = (id: string): string => `arn:aws:route53:::hostedzone/${id.replace(/^.*\//, '')}`;
const zone = { resources: named('HostedZoneId', zoneArn) };

export const ROUTE53_ACTIONS: ActionTable = {
  GetHostedZone: { resources: named('Id', zoneArn) },
  ListResourceRecordSets: zone,
  ChangeResourceRecordSets: { ...zone, context: recordContext },
  GetChange: { resources: named('Id', (id) => `arn:aws:route53:::change/${id.replace(/^.*\//, '')}`) },
  ListTagsForResource: { resources: named('ResourceId', zoneArn) },
};

interface SentChange {
  readonly Action?: string;
  readonly ResourceRecordSet?: { readonly Name?: string; readonly Type?: string };
}

function recordContext({ ChangeBatch }: Input): Record<string, string[]> {
  const { Changes } = (ChangeBatch ?? {}) as { Changes?: { Change?: SentChange | SentChange[] } };
  const changes = [Changes?.Change ?? []].flat();
  const normalized = (name: string): string => name.toLowerCase().replace(/[.]$/, '');
  return {
    'route53:ChangeResourceRecordSetsNormalizedRecordNames': changes.map(({ ResourceRecordSet: set }) =>
      normalized(set?.Name ?? ''),
    ),
    'route53:ChangeResourceRecordSetsRecordTypes': changes.map(
      ({ ResourceRecordSet: set }) => set?.Type ?? '',
    ),
    'route53:ChangeResourceRecordSetsActions': changes.map(({ Action = '' }) => Action),
  };
}

/** The part of the ARN that each member adds, in this order. */
const APPCONFIG_PARTS = [
  ['ApplicationId', 'application'],
  ['ApplicationIdentifier', 'application'],
  ['EnvironmentId', 'environment'],
  ['EnvironmentIdentifier', 'environment'],
  ['ConfigurationProfileId', 'configurationprofile'],
  ['ConfigurationProfileIdentifier', 'configuration'],
  ['DeploymentNumber', 'deployment'],
  ['VersionNumber', 'hostedconfigurationversion'],
] as const;

const inApplication = (...leftOut: readonly string[]) => ({
  resources: (input: Input, { accountId, region }: Names): readonly string[] => {
    const parts = APPCONFIG_PARTS.flatMap(([member, kind]) => {
      const id = leftOut.includes(member) ? undefined : text(input, member);
      return id === undefined ? [] : [`${kind}/${id}`];
    });
    return parts.length === 0 ? [] : [`arn:aws:appconfig:${region}:${accountId}:${parts.join('/')}`];
  },
});

export const APPCONFIG_ACTIONS: ActionTable = {
  GetApplication: inApplication(),
  GetEnvironment: inApplication(),
  ListEnvironments: inApplication(),
  GetConfigurationProfile: inApplication(),
  ListConfigurationProfiles: inApplication(),
  CreateHostedConfigurationVersion: inApplication(),
  GetHostedConfigurationVersion: inApplication(),
  ListHostedConfigurationVersions: inApplication(),
  DeleteHostedConfigurationVersion: inApplication(),
  StartDeployment: inApplication('ConfigurationProfileId'),
  GetDeployment: inApplication(),
  ListDeployments: inApplication(),
  StopDeployment: inApplication(),
  StartConfigurationSession: inApplication(),
};

const bucket = { resources: named('Bucket', (name) => `arn:aws:s3:::${name}`) };
const object = {
  resources: (input: Input): readonly string[] => [
    `arn:aws:s3:::${text(input, 'Bucket') ?? ''}/${text(input, 'Key') ?? ''}`,
  ],
};

export const S3_ACTIONS: ActionTable = {
  ListBuckets: { action: 'ListAllMyBuckets' },
  CreateBucket: bucket,
  HeadBucket: { action: 'ListBucket', ...bucket },
  DeleteBucket: bucket,
  GetBucketVersioning: bucket,
  ListObjectsV2: {
    action: 'ListBucket',
    ...bucket,
    context: (input) => ({ 's3:prefix': [text(input, 'Prefix') ?? ''] }),
  },
  HeadObject: { action: 'GetObject', ...object },
  GetObject: object,
  PutObject: object,
  DeleteObject: object,
};

const role = { resources: named('RoleArn', (name) => name) };
const roleByName = {
  resources: named('RoleName', (name, { accountId }) => `arn:aws:iam::${accountId}:role/${name}`),
};

export const STS_ACTIONS: ActionTable = { AssumeRole: role, AssumeRoleWithWebIdentity: role };

export const IAM_ACTIONS: ActionTable = {
  GetRole: roleByName,
  ListRolePolicies: roleByName,
  GetRolePolicy: roleByName,
  ListAttachedRolePolicies: roleByName,
  SimulatePrincipalPolicy: { resources: named('PolicySourceArn', (name) => name) },
};

const logGroupArn = (name: string, { accountId, region }: Names): string =>
  `arn:aws:logs:${region}:${accountId}:log-group:${name}:*`;

export const LOGS_ACTIONS: ActionTable = {
  StartQuery: {
    resources: (input, names) =>
      ['logGroupName', 'logGroupNames', 'logGroupIdentifiers']
        .flatMap((member) => input[member] ?? [])
        .filter((group) => typeof group === 'string')
        .map((group) => logGroupArn(group.replace(/^arn:.*:log-group:/, ''), names)),
  },
  FilterLogEvents: { resources: named('logGroupName', logGroupArn) },
  GetLogEvents: { resources: named('logGroupName', logGroupArn) },
  DescribeLogStreams: { resources: named('logGroupName', logGroupArn) },
};
