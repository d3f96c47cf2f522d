import { unreachable } from '../errors';
import { FINAL_SNAPSHOT } from './names';

/** What a person or a pipeline does, each with permissions of its own. */
export const STEPS = ['read', 'restore', 'plan-repoint', 'cut-over', 'retire'] as const;
export type Step = (typeof STEPS)[number];

/** What an action is allowed on; `arnsOf` spells it out. */
export type Resource =
  | 'anything'
  | 'source-cluster'
  | 'source-instance'
  | 'restored-cluster'
  | 'restored-instance'
  | 'retired-cluster'
  | 'retired-instance'
  | 'restored-snapshot'
  | 'final-snapshot'
  | 'restored-final-snapshot'
  | 'retained-backup'
  | 'parameter-group'
  | 'instance-parameter-group'
  | 'subnet-group'
  | 'option-group'
  | 'log-group'
  | 'role'
  | 'key'
  | 'application-key'
  | 'database-user'
  | 'parameter'
  | 'secret'
  | 'login-secret'
  | 'hosted-zone'
  | 'configuration'
  | 'deployment-strategy';

/** What must hold beside: the tag is the one that a drill gives to all that it makes. */
export type Condition =
  | 'made-with-tag'
  | 'has-tag'
  | 'has-no-tag'
  | 'passed-to-rds'
  | 'used-by-rds'
  | 'granted-to-rds'
  | 'used-by-config'
  | 'of-named-records';

export interface Permission {
  readonly action: string;
  readonly on: readonly Resource[];
  readonly when?: Condition;
  /** For what only some clusters, or some ways to repoint, need it. */
  readonly onlyFor?: string;
}

interface Limits {
  readonly when?: Condition;
  readonly onlyFor?: string;
}

function on(resources: readonly Resource[], actions: readonly string[], limits: Limits = {}): Permission[] {
  return actions.map((action) => ({ action, on: resources, ...limits }));
}

const APPLICATION = { onlyFor: "the kind of place where the application's host lies" };
const IAM_LOGIN = { onlyFor: 'IAM database authentication' };
const SECRET_LOGIN = { onlyFor: 'a database user whose password is in a secret' };
const CUSTOMER_KEY = {
  when: 'used-by-config',
  onlyFor: "a customer's key of parameters and secrets",
} as const;
const SWAP = { onlyFor: 'an exchange of names' };
const FROM_SNAPSHOT = { onlyFor: 'a restore from a snapshot' };
const WITH_ROLES = { onlyFor: 'clusters with roles' };
const EARNEST = { onlyFor: 'a restore in earnest' };

/** By which verify and retire log in to a database. */
const LOGIN: readonly Permission[] = [
  ...on(['login-secret'], ['secretsmanager:GetSecretValue'], SECRET_LOGIN),
  ...on(['database-user'], ['rds-db:connect'], IAM_LOGIN),
];

/** By which Terraform destroys what the drill has restored. */
const DESTROY: readonly Permission[] = [
  ...on(['restored-instance'], ['rds:DeleteDBInstance'], { when: 'has-tag' }),
  ...on(['restored-cluster'], ['rds:DeleteDBCluster'], { when: 'has-tag' }),
  ...on(['restored-cluster'], ['rds:CreateDBClusterSnapshot'], { when: 'has-tag', ...EARNEST }),
  ...on(
    ['restored-final-snapshot'],
    // the last where tags are copied to snapshots
    ['rds:DeleteDBCluster', 'rds:CreateDBClusterSnapshot', 'rds:AddTagsToResource'],
    EARNEST,
  ),
];

/**
 * The AWS API calls of each step: of the SDK in lib/, and of hashicorp/aws as traced on 5.100. The
 * one list from which permissions are checked and policies are made.
 * Source of the resource types and condition keys: Service Authorization Reference. It does not tell
 * whether a rename is also judged by the name that comes; both are allowed.
 */
export const PERMISSIONS: Readonly<Record<Step, readonly Permission[]>> = {
  read: [
    ...on(
      ['anything'],
      [
        'rds:DescribeDBClusters',
        'rds:DescribeDBInstances',
        'rds:DescribeDBClusterParameters',
        'rds:DescribeDBClusterSnapshots',
        'rds:DescribeDBClusterAutomatedBackups',
        'rds:DescribeGlobalClusters',
        'rds:ListTagsForResource',
        'logs:DescribeLogGroups',
      ],
    ),
    ...on(['log-group'], ['logs:DescribeLogStreams', 'logs:StartQuery']),
    ...on(['anything'], ['logs:GetQueryResults', 'logs:StopQuery']),
  ],
  restore: [
    ...on(['source-cluster'], ['rds:RestoreDBClusterToPointInTime']),
    ...on(['retained-backup'], ['rds:RestoreDBClusterToPointInTime'], {
      onlyFor: 'a cluster that is deleted',
    }),
    ...on(['restored-snapshot'], ['rds:RestoreDBClusterFromSnapshot'], FROM_SNAPSHOT),
    ...on(['restored-cluster'], ['rds:RestoreDBClusterToPointInTime'], { when: 'made-with-tag' }),
    ...on(['restored-cluster'], ['rds:RestoreDBClusterFromSnapshot'], {
      when: 'made-with-tag',
      ...FROM_SNAPSHOT,
    }),
    ...on(['restored-instance'], ['rds:CreateDBInstance'], { when: 'made-with-tag' }),
    ...on(['restored-cluster'], ['rds:CreateDBInstance'], { when: 'has-tag' }),
    ...on(
      ['parameter-group', 'subnet-group', 'option-group'],
      ['rds:RestoreDBClusterToPointInTime', 'rds:RestoreDBClusterFromSnapshot'],
    ),
    ...on(['instance-parameter-group', 'subnet-group', 'option-group'], ['rds:CreateDBInstance']),
    ...on(['parameter-group', 'instance-parameter-group', 'option-group'], ['rds:ModifyDBCluster']),
    ...on(['instance-parameter-group', 'option-group'], ['rds:ModifyDBInstance']),
    ...on(['restored-cluster'], ['rds:ModifyDBCluster'], { when: 'has-tag' }),
    ...on(['restored-instance'], ['rds:ModifyDBInstance'], { when: 'has-tag' }),
    // RDS asks for it when something is made with tags; IAM cannot tell that from tagging what is there
    ...on(['restored-cluster', 'restored-instance'], ['rds:AddTagsToResource'], { when: 'made-with-tag' }),
    ...on(['restored-instance', 'restored-cluster'], ['rds:AddTagsToResource'], { when: 'has-tag' }),
    ...on(['restored-cluster', 'restored-instance'], ['rds:RemoveTagsFromResource'], { when: 'has-tag' }),
    ...on(['restored-cluster'], ['rds:AddRoleToDBCluster', 'rds:RemoveRoleFromDBCluster'], {
      when: 'has-tag',
      ...WITH_ROLES,
    }),
    ...on(['role'], ['iam:PassRole'], {
      when: 'passed-to-rds',
      onlyFor: 'clusters with roles, or with Enhanced Monitoring',
    }),
    ...DESTROY,
    ...on(['key'], ['kms:DescribeKey'], { when: 'used-by-rds', onlyFor: 'encrypted clusters' }),
    ...on(['key'], ['kms:CreateGrant'], { when: 'granted-to-rds', onlyFor: 'encrypted clusters' }),
    ...LOGIN,
  ],
  'plan-repoint': [
    ...on(['anything'], ['ssm:DescribeParameters'], APPLICATION),
    ...on(['parameter'], ['ssm:GetParameter', 'ssm:ListTagsForResource'], APPLICATION),
    ...on(['secret'], ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], APPLICATION),
    ...on(['application-key'], ['kms:Decrypt'], CUSTOMER_KEY),
    ...on(['anything'], ['route53:ListHostedZones'], APPLICATION),
    ...on(['hosted-zone'], ['route53:GetHostedZone', 'route53:ListResourceRecordSets'], APPLICATION),
    ...on(['anything'], ['appconfig:ListApplications'], APPLICATION),
    ...on(
      ['configuration'],
      [
        'appconfig:ListEnvironments',
        'appconfig:ListConfigurationProfiles',
        'appconfig:GetConfigurationProfile',
        'appconfig:ListDeployments',
        'appconfig:GetDeployment',
        'appconfig:ListHostedConfigurationVersions',
        'appconfig:GetHostedConfigurationVersion',
      ],
      APPLICATION,
    ),
  ],
  'cut-over': [
    ...on(['parameter'], ['ssm:PutParameter'], APPLICATION),
    ...on(['secret'], ['secretsmanager:PutSecretValue'], APPLICATION),
    ...on(['application-key'], ['kms:Encrypt', 'kms:GenerateDataKey'], CUSTOMER_KEY),
    ...LOGIN,
    ...on(['hosted-zone'], ['route53:ChangeResourceRecordSets'], {
      when: 'of-named-records',
      ...APPLICATION,
    }),
    ...on(['anything'], ['route53:GetChange'], APPLICATION),
    ...on(
      ['configuration'],
      ['appconfig:CreateHostedConfigurationVersion', 'appconfig:StartDeployment', 'appconfig:StopDeployment'],
      APPLICATION,
    ),
    ...on(['deployment-strategy'], ['appconfig:StartDeployment'], APPLICATION),
    ...on(['source-cluster'], ['rds:ModifyDBCluster'], { onlyFor: 'a fence, or an exchange of names' }),
    ...on(['retired-cluster'], ['rds:ModifyDBCluster'], SWAP),
    ...on(['restored-cluster'], ['rds:ModifyDBCluster'], { when: 'has-tag', ...SWAP }),
    ...on(['source-instance', 'retired-instance'], ['rds:ModifyDBInstance'], SWAP),
    ...on(['restored-instance'], ['rds:ModifyDBInstance'], { when: 'has-tag', ...SWAP }),
    ...on(['source-cluster'], ['rds:BacktrackDBCluster', 'rds:DescribeDBClusterBacktracks'], {
      onlyFor: 'a cluster that is rewound in place',
    }),
  ],
  retire: [
    // what carries the drill's tag under the source's name has taken its place
    ...on(['source-cluster'], ['rds:DeleteDBCluster', 'rds:CreateDBClusterSnapshot'], { when: 'has-no-tag' }),
    ...on(['source-instance'], ['rds:DeleteDBInstance'], { when: 'has-no-tag' }),
    ...on(['retired-cluster'], ['rds:DeleteDBCluster', 'rds:CreateDBClusterSnapshot'], SWAP),
    ...on(['retired-instance'], ['rds:DeleteDBInstance'], SWAP),
    ...on(
      ['final-snapshot'],
      // the last where tags are copied to snapshots
      ['rds:DeleteDBCluster', 'rds:CreateDBClusterSnapshot', 'rds:AddTagsToResource'],
    ),
    ...DESTROY,
    ...LOGIN,
    ...on(['application-key'], ['kms:Decrypt'], CUSTOMER_KEY),
  ],
};

/** Where Terraform's state lies in S3: what each step needs that plans, and what each that applies. */
export const S3_STATE_ACTIONS = {
  onBucket: ['s3:GetBucketVersioning', 's3:ListBucket'],
  /** Of states and locks. */
  toRead: ['s3:GetObject'],
  /** Of locks alone: a plan takes one too. */
  toLock: ['s3:DeleteObject', 's3:PutObject'],
  /** Of states. */
  toApply: ['s3:PutObject'],
  onKey: ['kms:Decrypt', 'kms:GenerateDataKey'],
} as const;

/** What an ARN is made of; a name may hold `*` and `?`, as IAM's policies understand them. */
export interface Place {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly sourceClusters: readonly string[];
  readonly sourceInstances: readonly string[];
  readonly restoredClusters: readonly string[];
  readonly restoredInstances: readonly string[];
  /** Clusters that are called as a restored one may be, and are none. */
  readonly otherClusters: readonly string[];
  /** Names of snapshots that may be restored; ARNs where another account shares them. */
  readonly snapshots: readonly string[];
  /** Ids of deleted clusters' backups, such as `cab-1234`. */
  readonly retainedBackups: readonly string[];
  readonly parameterGroup: string;
  readonly instanceParameterGroup: string;
  readonly subnetGroup: string;
  readonly optionGroup: string;
  readonly logGroups: readonly string[];
  /** ARNs; empty where the cluster has none. */
  readonly keys: readonly string[];
  readonly roles: readonly string[];
  /** Where the application's host lies: names of parameters and secrets, ids of zones and of AppConfig's applications. */
  readonly parameters: readonly string[];
  readonly secrets: readonly string[];
  readonly hostedZones: readonly string[];
  readonly configurations: readonly string[];
  /** Names of DNS records; empty where any of the zones' may change. */
  readonly dnsRecords: readonly string[];
  /** ARNs of customer keys of those; empty where Amazon's own are used. */
  readonly applicationKeys: readonly string[];
  /** Names of the secrets that people and pipelines log in to the database by. */
  readonly loginSecrets: readonly string[];
  /** Who logs in by IAM; empty where nobody does. */
  readonly databaseUsers: readonly string[];
}

/** What a swap and an end make of a name, as lib/cutover does. */
const RETIRED = '-retired-*';
const DATED_SNAPSHOT = '-final-*';

export function arnsOf(resource: Resource, place: Place): string[] {
  const { partition, account, region } = place;
  const rds = (kind: string, names: readonly string[]): string[] =>
    names.map((name) =>
      name.startsWith('arn:') ? name : `arn:${partition}:rds:${region}:${account}:${kind}:${name}`,
    );
  const secrets = (names: readonly string[]): string[] =>
    // its ARN ends in six characters of Secrets Manager's own
    names.map(
      (name) =>
        `arn:${partition}:secretsmanager:${region}:${account}:secret:${name.endsWith('*') ? name : `${name}-??????`}`,
    );
  const appConfig = (rest: string): string => `arn:${partition}:appconfig:${region}:${account}:${rest}`;
  switch (resource) {
    case 'anything':
      return ['*'];
    case 'source-cluster':
      return rds('cluster', place.sourceClusters);
    case 'source-instance':
      return rds('db', place.sourceInstances);
    case 'restored-cluster':
      return rds('cluster', place.restoredClusters);
    case 'restored-instance':
      return rds('db', place.restoredInstances);
    case 'retired-cluster':
      return rds('cluster', place.sourceClusters.map(retired));
    case 'retired-instance':
      return rds('db', place.sourceInstances.map(retired));
    case 'restored-snapshot':
      return rds('cluster-snapshot', place.snapshots);
    case 'final-snapshot': {
      const old = [...place.sourceClusters, ...place.sourceClusters.map(retired)];
      return rds(
        'cluster-snapshot',
        old.map((name) => `${name}${DATED_SNAPSHOT}`),
      );
    }
    case 'restored-final-snapshot':
      return rds(
        'cluster-snapshot',
        place.restoredClusters.map((name) => `${name}${FINAL_SNAPSHOT}`),
      );
    case 'retained-backup':
      return rds('cluster-auto-backup', place.retainedBackups);
    case 'parameter-group':
      return rds('cluster-pg', [place.parameterGroup]);
    case 'instance-parameter-group':
      return rds('pg', [place.instanceParameterGroup]);
    case 'subnet-group':
      return rds('subgrp', [place.subnetGroup]);
    case 'option-group':
      return rds('og', [place.optionGroup]);
    case 'log-group':
      return place.logGroups.map((name) => `arn:${partition}:logs:${region}:${account}:log-group:${name}:*`);
    case 'key':
      return [...place.keys];
    case 'role':
      return [...place.roles];
    case 'application-key':
      return [...place.applicationKeys];
    case 'database-user':
      return place.databaseUsers.map(
        (user) => `arn:${partition}:rds-db:${region}:${account}:dbuser:*/${user}`,
      );
    case 'parameter':
      return place.parameters.map(
        (name) => `arn:${partition}:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`,
      );
    case 'secret':
      return secrets(place.secrets);
    case 'login-secret':
      return secrets(place.loginSecrets);
    case 'hosted-zone':
      return place.hostedZones.map((id) => `arn:${partition}:route53:::hostedzone/${id}`);
    case 'configuration':
      return place.configurations.flatMap((id) =>
        id.endsWith('*')
          ? [appConfig(`application/${id}`)]
          : [appConfig(`application/${id}`), appConfig(`application/${id}/*`)],
      );
    case 'deployment-strategy':
      return [appConfig('deploymentstrategy/*')];
    default:
      return unreachable(resource);
  }
}

/** RDS's names have 63 characters at most, and the day has eight: longer ones are cut, as a swap cuts them. */
function retired(name: string): string {
  const room = 63 - RETIRED.length + 1 - 8;
  return `${name.slice(0, room).replace(/-$/, '')}${RETIRED}`;
}
