import { unreachable } from '../errors';
import {
  arnsOf,
  PERMISSIONS,
  S3_STATE_ACTIONS,
  type Condition,
  type Permission,
  type Place,
  type Resource,
  type Step,
} from './actions';

/** Who does what in a pipeline; each role may look, and do its own part. */
export const ROLES = ['planner', 'restorer', 'cut-over', 'retirer'] as const;
export type Role = (typeof ROLES)[number];

const STEPS_OF: Readonly<Record<Role, readonly Step[]>> = {
  planner: ['read'],
  restorer: ['read', 'plan-repoint', 'restore'],
  'cut-over': ['read', 'plan-repoint', 'cut-over'],
  retirer: ['read', 'retire'],
};

/** The tag that a drill gives to all that it makes. */
const TAG = 'restore-drill';
const RESOURCE_TAG = `aws:ResourceTag/${TAG}`;

/** Condition keys and what they must be, by operator. */
type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Conditions;
}

export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** Where Terraform's state lies. */
export interface StatePlace {
  readonly bucket: string;
  readonly prefix: string;
  readonly region: string;
  /** ARN of a customer's key. */
  readonly kmsKeyId?: string | undefined;
}

/**
 * The identity policy of one role, from the one list of API calls. What a drill makes must carry the
 * drill's tag, and only what carries it may be changed or deleted; whatever other policies allow, the
 * restorer is denied any change of the source, the retirer the end of what has taken its place, and
 * each the change of other clusters. Condition keys: Service Authorization Reference, of each service.
 */
export function policyFor(role: Role, place: Place, state?: StatePlace): Policy {
  const permissions = STEPS_OF[role].flatMap((step) => PERMISSIONS[step]);
  return {
    Version: '2012-10-17',
    Statement: [
      ...allowed(permissions, place),
      ...(state === undefined ? [] : stateOf(place, state, role !== 'planner')),
      ...(role === 'restorer' ? neverTheSource(place) : []),
      ...(role === 'retirer' ? neverItsSuccessor(place) : []),
      ...(role === 'planner' ? [] : neverOthers(place)),
    ],
  };
}

interface Group {
  readonly when: Condition | undefined;
  readonly resources: Resource[];
  readonly actions: Set<string>;
}

/** A statement for all that is allowed alike: a policy may have 6,144 characters. */
function allowed(permissions: readonly Permission[], place: Place): PolicyStatement[] {
  const ofEach = new Map<string, Group>();
  for (const { action, on, when } of permissions) {
    for (const resource of on) {
      const key = `${resource} ${when ?? ''}`;
      const group = ofEach.get(key) ?? { when, resources: [resource], actions: new Set() };
      group.actions.add(action);
      ofEach.set(key, group);
    }
  }
  const alike = new Map<string, Group>();
  for (const group of ofEach.values()) {
    if (group.resources.every((resource) => arnsOf(resource, place).length === 0)) continue;
    const known = alike.get(kindOf(group));
    if (known === undefined) {
      alike.set(kindOf(group), group);
      continue;
    }
    known.resources.push(...group.resources);
    for (const action of group.actions) known.actions.add(action);
  }
  return [...alike.values()].map(({ when, resources, actions }) => {
    const Condition = when === undefined ? undefined : conditionsOf(when, place);
    return {
      Sid: sidOf(`${resources[0] ?? ''}${when === undefined ? '' : `-${when}`}`),
      Effect: 'Allow',
      Action: [...actions].sort(),
      Resource: [...new Set(resources.flatMap((resource) => arnsOf(resource, place)))],
      ...(Condition === undefined ? {} : { Condition }),
    };
  });
}

/** Of what becomes one statement; an action on a resource of another kind allows nothing. */
function kindOf({ when, resources, actions }: Group): string {
  if (when === 'has-tag') return when;
  if (resources.every((resource) => SETTINGS.has(resource))) return 'settings';
  return `${[...actions].sort().join()} ${when ?? ''}`;
}

const SETTINGS: ReadonlySet<Resource> = new Set([
  'parameter-group',
  'instance-parameter-group',
  'subnet-group',
  'option-group',
]);

function conditionsOf(condition: Condition, { region, dnsRecords }: Place): Conditions {
  const via = (...services: readonly string[]): Conditions => {
    // in China it ends in .com.cn
    const [first = '', ...further] = services.map((service) => `${service}.${region}.amazonaws.com*`);
    return { StringLike: { 'kms:ViaService': further.length === 0 ? first : [first, ...further] } };
  };
  switch (condition) {
    case 'made-with-tag':
      return { StringLike: { [`aws:RequestTag/${TAG}`]: '*' } };
    case 'has-tag':
      return { StringLike: { [RESOURCE_TAG]: '*' } };
    case 'has-no-tag':
      return { Null: { [RESOURCE_TAG]: 'true' } };
    case 'passed-to-rds':
      return {
        StringEquals: { 'iam:PassedToService': ['rds.amazonaws.com', 'monitoring.rds.amazonaws.com'] },
      };
    case 'used-by-rds':
      return via('rds');
    case 'granted-to-rds':
      return { Bool: { 'kms:GrantIsForAWSResource': 'true' }, ...via('rds') };
    case 'used-by-config':
      return via('ssm', 'secretsmanager');
    case 'of-named-records':
      return {
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsActions': 'UPSERT',
          'route53:ChangeResourceRecordSetsRecordTypes': 'CNAME',
          ...(dnsRecords.length === 0
            ? {}
            : { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': dnsRecords.map(normalized) }),
        },
      };
    default:
      return unreachable(condition);
  }
}

/** Source: Route 53 developer guide, "Using IAM policy conditions for fine-grained access control". */
function normalized(record: string): string {
  return record.toLowerCase().replace(/[.]$/, '').replaceAll('*', '\\052');
}

/**
 * What is named exactly is denied by its name, and cannot be given the drill's tag either. What a
 * pattern names may be the drill's own, which only its tag tells apart.
 */
function neverTheSource(place: Place): PolicyStatement[] {
  const source = [...arnsOf('source-cluster', place), ...arnsOf('source-instance', place)];
  const [doubtful, definite] = partition(source, isPattern);
  return [
    ...deny('NeverTheSource', [...CHANGES, ...CHANGES_OF_TAGS], definite),
    ...deny('NeverTheUntagged', CHANGES, doubtful, { Null: { [RESOURCE_TAG]: 'true' } }),
  ];
}

const CHANGES = [
  'rds:BacktrackDBCluster',
  'rds:DeleteDBCluster',
  'rds:DeleteDBInstance',
  'rds:ModifyDBCluster',
  'rds:ModifyDBInstance',
];
const CHANGES_OF_TAGS = ['rds:AddTagsToResource', 'rds:RemoveTagsFromResource'];

/** After an exchange of names the restored cluster has the source's, and the application is on it. */
function neverItsSuccessor(place: Place): PolicyStatement[] {
  const named = [...arnsOf('source-cluster', place), ...arnsOf('source-instance', place)];
  const [, definite] = partition(named, isPattern);
  return deny('NeverItsSuccessor', ['rds:DeleteDBCluster', 'rds:DeleteDBInstance'], definite, {
    StringLike: { [RESOURCE_TAG]: '*' },
  });
}

/** With their instances and snapshots, whose names begin alike. */
function neverOthers({ partition: aws, account, region, otherClusters }: Place): PolicyStatement[] {
  const arns = otherClusters.flatMap((name) =>
    [name, `${name}-*`].map((each) => `arn:${aws}:rds:${region}:${account}:*:${each}`),
  );
  return deny('NeverOthers', ['rds:*'], arns);
}

/** A `?` stands for one character, of which a restored one's name has more. */
function isPattern(arn: string): boolean {
  return arn.includes('*');
}

function partition(arns: readonly string[], belongs: (arn: string) => boolean): [string[], string[]] {
  return [arns.filter(belongs), arns.filter((arn) => !belongs(arn))];
}

function deny(
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: Conditions,
): PolicyStatement[] {
  if (Resource.length === 0) return [];
  return [{ Sid, Effect: 'Deny', Action, Resource, ...(Condition === undefined ? {} : { Condition }) }];
}

/** A plan locks the state, and writes nothing else; the state itself is never deleted. */
function stateOf({ partition: aws }: Place, state: StatePlace, applies: boolean): PolicyStatement[] {
  const { onBucket, toRead, toLock, toApply, onKey } = S3_STATE_ACTIONS;
  const allow = (
    Sid: string,
    Action: readonly string[],
    arn: string,
    Condition?: Conditions,
  ): PolicyStatement => ({
    Sid,
    Effect: 'Allow',
    Action,
    Resource: [arn],
    ...(Condition === undefined ? {} : { Condition }),
  });
  const bucket = `arn:${aws}:s3:::${state.bucket}`;
  const states = `${bucket}/${state.prefix}/*`;
  return [
    allow('FindState', onBucket, bucket),
    allow('KeepState', applies ? [...toRead, ...toApply] : toRead, states),
    allow('LockState', toLock, `${states}.tflock`),
    ...(state.kmsKeyId === undefined
      ? []
      : [
          allow('EncryptState', onKey, state.kmsKeyId, {
            StringLike: { 'kms:ViaService': `s3.${state.region}.amazonaws.com*` },
          }),
        ]),
  ];
}

/** Letters and digits only, as IAM asks for. */
function sidOf(words: string): string {
  return words
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
