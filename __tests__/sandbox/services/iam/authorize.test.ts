import { authorize } from '../../../../sandbox/services/iam/authorize';
import { awsError } from '../service-bench';
import { ADMINISTRATOR, keyOf, openIam } from './iam-bench';

const ARN = 'arn:aws:rds:us-east-2:000000000000:';
const ROLE = 'arn:aws:iam::000000000000:role/';
const DRILL = { Condition: { StringLike: { 'aws:ResourceTag/drill': '*' } } };
const state = openIam({
  planner: [{ Effect: 'Allow', Action: ['rds:Describe*', 'secretsmanager:DescribeSecret'], Resource: '*' }],
  restorer: [
    { Effect: 'Allow', Action: 'rds:RestoreDBClusterToPointInTime', Resource: `${ARN}cluster:trading` },
    {
      Effect: 'Allow',
      Action: ['rds:RestoreDBClusterToPointInTime', 'rds:AddTagsToResource'],
      Resource: `${ARN}cluster:*`,
      Condition: { StringLike: { 'aws:RequestTag/drill': '*' } },
    },
    { Effect: 'Allow', Action: 'rds:DeleteDBCluster', Resource: '*', ...DRILL },
    { Effect: 'Allow', Action: 'rds:DeleteDBCluster', Resource: `${ARN}cluster-snapshot:*` },
    { Effect: 'Deny', Action: 'rds:DeleteDBCluster', Resource: `${ARN}cluster:trading` },
    { Effect: 'Allow', Action: 'rds:AddRoleToDBCluster', Resource: '*' },
    {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: `${ROLE}export`,
      Condition: { StringEquals: { 'iam:PassedToService': 'rds.amazonaws.com' } },
    },
  ],
  swapper: [{ Effect: 'Allow', Action: 'rds:ModifyDB*', Resource: `${ARN}*:trading*`, ...DRILL }],
  cutover: [
    {
      Effect: 'Allow',
      Action: 'route53:ChangeResourceRecordSets',
      Resource: 'arn:aws:route53:::hostedzone/Z1',
      Condition: {
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['db.trading.internal'],
        },
      },
    },
    {
      Effect: 'Allow',
      Action: 'secretsmanager:PutSecretValue',
      Resource: 'arn:aws:secretsmanager:*:*:secret:trading/db-*',
    },
  ],
});
const tags = new Map(
  ['cluster:trading-copy', 'db:trading-copy-1'].map((name) => [
    `${ARN}${name}`,
    new Map([['drill', 'spring']]),
  ]),
);

function call(
  role: string,
  name: string,
  input: object = {},
  protocol: 'query' | 'json' | 'rest-xml' | 'rest-json' = 'query',
): () => void {
  const [service = '', operation = ''] = name.split(':');
  const caller = { accessKeyId: role === '' ? ADMINISTRATOR : keyOf(role, state) };
  return () => {
    authorize({ service, operation, input, caller, protocol }, state, (arn) => tags.get(arn));
  };
}

// the tag is put to the new cluster alone
const restore = { SourceDBClusterIdentifier: 'trading', DBClusterIdentifier: 'new' };
const Tags = [{ Key: 'drill', Value: 'spring' }];
const change = (Name: string): object => ({
  HostedZoneId: 'Z1',
  ChangeBatch: { Changes: { Change: { Action: 'UPSERT', ResourceRecordSet: { Name, Type: 'CNAME' } } } },
});

test.each([
  ['the administrator', '', 'rds:DeleteDBCluster', { DBClusterIdentifier: 'trading' }],
  ['whoever asks who they are', 'planner', 'sts:GetCallerIdentity', {}],
  ['what a wildcard allows', 'planner', 'rds:DescribeDBClusters', { DBClusterIdentifier: 'trading' }],
  ['a restore with the tag', 'restorer', 'rds:RestoreDBClusterToPointInTime', { ...restore, Tags }],
  ['the delete of a drill’s', 'restorer', 'rds:DeleteDBCluster', { DBClusterIdentifier: 'trading-copy' }],
  [
    'a rename, as what is renamed',
    'swapper',
    'rds:ModifyDBCluster',
    { DBClusterIdentifier: 'trading-copy', NewDBClusterIdentifier: 'trading' },
  ],
  [
    'a role for RDS',
    'restorer',
    'rds:AddRoleToDBCluster',
    { DBClusterIdentifier: 'trading-copy', RoleArn: `${ROLE}export` },
  ],
  ['the record', 'cutover', 'route53:ChangeResourceRecordSets', change('DB.trading.internal.')],
  ['the secret by its name', 'cutover', 'secretsmanager:PutSecretValue', { SecretId: 'trading/db' }],
])('%s is allowed', (_what, role, name, input) => {
  expect(call(role, name, input)).not.toThrow();
});

test.each([
  [
    'another action',
    'planner',
    'rds:DeleteDBCluster',
    { DBClusterIdentifier: 'x' },
    'allows the rds:DeleteDBCluster',
  ],
  [
    'a restore without the tag',
    'restorer',
    'rds:RestoreDBClusterToPointInTime',
    restore,
    `on resource: ${ARN}cluster:new because no identity-based policy`,
  ],
  [
    'the delete of the source',
    'restorer',
    'rds:DeleteDBCluster',
    { DBClusterIdentifier: 'trading' },
    'with an explicit deny in an identity-based policy',
  ],
  ['the delete of another', 'restorer', 'rds:DeleteDBCluster', { DBClusterIdentifier: 'x' }, 'because no'],
  [
    'a rename to a name that is not allowed',
    'swapper',
    'rds:ModifyDBInstance',
    { DBInstanceIdentifier: 'trading-copy-1', NewDBInstanceIdentifier: 'payments-1' },
    'db:payments-1 because no',
  ],
  [
    'a final snapshot of what has tags, without the right to tag it',
    'restorer',
    'rds:DeleteDBCluster',
    { DBClusterIdentifier: 'trading-copy', FinalDBSnapshotIdentifier: 'last' },
    `rds:AddTagsToResource on resource: ${ARN}cluster-snapshot:last`,
  ],
  [
    'a role that may not be passed',
    'restorer',
    'rds:AddRoleToDBCluster',
    { DBClusterIdentifier: 'trading-copy', RoleArn: `${ROLE}admin` },
    `iam:PassRole on resource: ${ROLE}admin`,
  ],
  [
    'another record',
    'cutover',
    'route53:ChangeResourceRecordSets',
    change('www.trading.internal'),
    'because no',
  ],
  ['another secret', 'cutover', 'secretsmanager:PutSecretValue', { SecretId: 'other' }, 'secret:other-'],
])('%s is refused', (_what, role, name, input, message) => {
  expect(call(role, name, input)).toThrow(awsError('AccessDenied', message) as Error);
});

test.each([
  ['query', 'AccessDenied', 403],
  ['json', 'AccessDeniedException', 400],
  ['rest-json', 'AccessDeniedException', 403],
  ['rest-xml', 'AccessDenied', 403],
] as const)('in the form of %s', (protocol, code, status) => {
  expect(call('planner', 'ssm:PutParameter', { Name: '/a' }, protocol)).toThrow(
    expect.objectContaining({
      code,
      status,
      message:
        'User: arn:aws:sts::000000000000:assumed-role/planner/test is not authorized to perform: ssm:PutParameter on resource: arn:aws:ssm:us-east-2:000000000000:parameter/a because no identity-based policy allows the ssm:PutParameter action',
    }) as Error,
  );
});

test('a key that is nobody’s is refused once there are roles, and not before', () => {
  const stranger = {
    service: 'ssm',
    operation: 'X',
    input: {},
    caller: { accessKeyId: 'X' },
    protocol: 'json',
  } as const;
  expect(() => {
    authorize(stranger, state, () => undefined);
  }).toThrow(awsError('InvalidClientTokenId') as Error);
  expect(() => {
    authorize(stranger, openIam(), () => undefined);
  }).not.toThrow();
});
