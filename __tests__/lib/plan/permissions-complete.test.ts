import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PERMISSIONS, S3_STATE_ACTIONS, STEPS } from '../../../lib/plan/actions';

const ROOT = path.resolve(__dirname, '../../..');
/** Those that play AWS, or the person at it. */
const LEFT_OUT = /^scripts\/(drill[./]|sandbox[.])/;
const SERVICES: Readonly<Record<string, string>> = {
  'client-appconfig': 'appconfig',
  'client-cloudwatch-logs': 'logs',
  'client-iam': 'iam',
  'client-rds': 'rds',
  'client-route-53': 'route53',
  'client-s3': 's3',
  'client-secrets-manager': 'secretsmanager',
  'client-ssm': 'ssm',
  'client-sts': 'sts',
};
/** Operations whose permission has another name. */
const NAMED_OTHERWISE: Readonly<Record<string, string>> = { 's3:ListObjectsV2': 's3:ListBucket' };
const NEEDS_NONE: Readonly<Record<string, string>> = {
  'sts:GetCallerIdentity': 'everybody may ask who they are',
  'iam:GetRole': 'preflight says which lines it cannot tell without it',
  'iam:SimulatePrincipalPolicy': 'the same',
};

interface Call {
  readonly file: string;
  readonly action: string;
}

const sources = ['lib', 'scripts'].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(folder, file))
    .filter((file) => !LEFT_OUT.test(file))
    .map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') })),
);

/** What a file imports of the SDK's clients, at once or where it is needed. */
const IMPORT = /\{([^{}]*)\}\s*(?:from|=\s*await import\()\s*'@aws-sdk\/(client-[a-z0-9-]+)'/g;
const OPERATION = /^(?:type )?(?:paginate(\w+)|(\w+)Command)$/;

const calls = sources.flatMap(({ file, text }): Call[] =>
  [...text.matchAll(IMPORT)].flatMap(([, names = '', client = '']) =>
    names.split(',').flatMap((name) => {
      const [, paginated, sent] = OPERATION.exec(name.trim()) ?? [];
      const operation = paginated ?? sent;
      return operation === undefined ? [] : [{ file, action: `${SERVICES[client] ?? client}:${operation}` }];
    }),
  ),
);

const listed = new Set<string>([
  ...STEPS.flatMap((step) => PERMISSIONS[step].map(({ action }) => action)),
  ...Object.values(S3_STATE_ACTIONS).flat(),
]);

test('every call of the SDK in the code is in the list from which policies are made', () => {
  const lacking = calls.filter(({ action }) => {
    const needed = NAMED_OTHERWISE[action] ?? action;
    return !listed.has(needed) && NEEDS_NONE[needed] === undefined;
  });
  expect(lacking).toEqual([]);
});

test('no command is sent that was not imported where this test sees it', () => {
  const sent = sources.flatMap(({ file, text }) =>
    [...text.matchAll(/new (\w+)Command\(|\bpaginate([A-Z]\w+)\(/g)].map(
      ([, command, paginated]) => `${file} ${command ?? paginated ?? ''}`,
    ),
  );
  const seen = new Set(calls.map(({ file, action }) => `${file} ${action.split(':')[1] ?? ''}`));
  expect(sent.length).toBeGreaterThan(30);
  expect(sent.filter((call) => !seen.has(call))).toEqual([]);
  // and nothing asks the API by another way
  const others = sources.filter(({ text }) => /\bwaitUntil[A-Z]\w+|new (?:RDS|SSM|S3|IAM)\(/.test(text));
  expect(others.map(({ file }) => file)).toEqual([]);
});

test('none is in the list of which nobody knows why', () => {
  const called = new Set(calls.map(({ action }) => NAMED_OTHERWISE[action] ?? action));
  const unknown = [...listed].filter((action) => !called.has(action) && !BESIDE_THE_SDK.has(action));
  expect(unknown).toEqual([]);
  for (const action of BESIDE_THE_SDK.keys()) expect(listed).toContain(action);
});

/** Needed without the code's calling them: by whom, or for what. */
const BESIDE_THE_SDK = new Map<string, string>([
  // hashicorp/aws 5.100, as the integration tests with the real provider trace it
  ...[
    'rds:DescribeGlobalClusters',
    'rds:ListTagsForResource',
    'rds:RestoreDBClusterToPointInTime',
    'rds:RestoreDBClusterFromSnapshot',
    'rds:CreateDBInstance',
    'rds:AddRoleToDBCluster',
    'rds:RemoveRoleFromDBCluster',
    'rds:AddTagsToResource',
    'rds:RemoveTagsFromResource',
    'ssm:ListTagsForResource',
    'route53:GetHostedZone',
    'route53:ChangeResourceRecordSets',
    'route53:GetChange',
  ].map((action) => [action, 'the provider'] as const),
  ['rds:CreateDBClusterSnapshot', "a cluster's end with a final snapshot"],
  ['rds-db:connect', 'IAM database authentication'],
  ['iam:PassRole', 'roles that clusters have'],
  ['kms:DescribeKey', 'RDS, in the name of the caller'],
  ['kms:CreateGrant', 'the same'],
  ['kms:Decrypt', 'SSM, Secrets Manager and S3, in the name of the caller'],
  ['kms:Encrypt', 'the same'],
  ['kms:GenerateDataKey', 'the same'],
  ['s3:PutObject', "Terraform's backend"],
  ['s3:DeleteObject', 'the same'],
]);
