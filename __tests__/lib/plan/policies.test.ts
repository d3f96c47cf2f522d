import { arnsOf, PERMISSIONS, S3_STATE_ACTIONS, STEPS } from '../../../lib/plan/actions';
import { namedPlace, type NamedPlace } from '../../../lib/plan/named-place';
import {
  policyFor,
  ROLES,
  type PolicyStatement,
  type Role,
  type StatePlace,
} from '../../../lib/plan/policies';

const named: NamedPlace = {
  partition: 'aws',
  account: '123456789012',
  region: 'eu-central-1',
  sourceClusters: ['trading'],
  otherClusters: ['trading-ledger'],
  retainedBackups: ['cab-1'],
  keys: ['arn:aws:kms:eu-central-1:123456789012:key/k'],
  roles: [],
  parameters: ['/trading/*'],
  secrets: ['trading/db'],
  loginSecrets: ['trading/verifier'],
  hostedZones: ['*'],
  dnsRecords: ['DB.trading.internal.'],
  configurations: ['app1234'],
  applicationKeys: ['arn:aws:kms:eu-central-1:123456789012:key/a'],
  databaseUsers: ['verifier'],
};
const place = namedPlace(named);
const state: StatePlace = {
  bucket: 'states',
  prefix: 'restore-drills',
  region: 'eu-west-1',
  kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/s',
};

const statements = (role: Role, effect: PolicyStatement['Effect'] = 'Allow'): readonly PolicyStatement[] =>
  policyFor(role, place, state).Statement.filter(({ Effect }) => Effect === effect);
const actions = (role: Role): Set<string> => new Set(statements(role).flatMap(({ Action }) => Action));

const RDS = 'arn:aws:rds:eu-central-1:123456789012:';

const CONFIGURATION_KEY = {
  StringLike: {
    'kms:ViaService': ['ssm.eu-central-1.amazonaws.com*', 'secretsmanager.eu-central-1.amazonaws.com*'],
  },
};

describe('the IAM policies', () => {
  test('of all roles together allow every call of the list, where the cluster has what it is on', () => {
    const allowed = new Set(ROLES.flatMap((role) => [...actions(role)]));
    const listed = [
      ...STEPS.flatMap((step) => PERMISSIONS[step].map(({ action }) => action)),
      ...Object.values(S3_STATE_ACTIONS).flat(),
    ];
    expect([...new Set(listed)].filter((action) => !allowed.has(action))).toEqual(['iam:PassRole']);
    expect([...allowed].filter((action) => !listed.includes(action))).toEqual([]);
  });

  test('let the planner look and nothing else, but lock the state that it reads', () => {
    const LOOKS = /:(Describe|List|Get|Filter|Start(?=Query)|Stop(?=Query))/;
    const changing = statements('planner').filter(({ Action }) => Action.some((one) => !LOOKS.test(one)));
    expect(changing).toEqual([
      {
        Sid: 'LockState',
        Effect: 'Allow',
        Action: ['s3:DeleteObject', 's3:PutObject'],
        Resource: ['arn:aws:s3:::states/restore-drills/*.tflock'],
      },
      {
        Sid: 'EncryptState',
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: ['arn:aws:kms:eu-west-1:123456789012:key/s'],
        Condition: { StringLike: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com*' } },
      },
    ]);
    // and no secret
    expect([...actions('planner')].filter((action) => /^(ssm|secretsmanager):/.test(action))).toEqual([]);
  });

  test('let the others write states below their prefix, and nobody delete one', () => {
    for (const role of ROLES) {
      const s3 = statements(role).filter(({ Action }) => Action.some((one) => one.startsWith('s3:')));
      expect(s3.filter(({ Action }) => Action.includes('s3:DeleteObject'))).toMatchObject([
        { Resource: ['arn:aws:s3:::states/restore-drills/*.tflock'] },
      ]);
      expect(s3.find(({ Sid }) => Sid === 'KeepState')).toMatchObject({
        Action: role === 'planner' ? ['s3:GetObject'] : ['s3:GetObject', 's3:PutObject'],
        Resource: ['arn:aws:s3:::states/restore-drills/*'],
      });
    }
  });

  test('reach no parameter, secret or key of the application but those named', () => {
    const reached = statements('cut-over')
      .flatMap(({ Resource }) => Resource)
      .filter((arn) => /^arn:aws:(ssm|secretsmanager|kms|rds-db):/.test(arn));
    expect([...new Set(reached)].sort()).toEqual([
      'arn:aws:kms:eu-central-1:123456789012:key/a',
      'arn:aws:kms:eu-west-1:123456789012:key/s',
      'arn:aws:rds-db:eu-central-1:123456789012:dbuser:*/verifier',
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:trading/db-??????',
      'arn:aws:secretsmanager:eu-central-1:123456789012:secret:trading/verifier-??????',
      'arn:aws:ssm:eu-central-1:123456789012:parameter/trading/*',
    ]);
  });

  test('let only the restorer make clusters, and only with the tag of a drill', () => {
    for (const role of ROLES.filter((one) => one !== 'restorer')) {
      expect([...actions(role)].filter((action) => action.startsWith('rds:Restore'))).toEqual([]);
    }
    const makes = statements('restorer').filter(
      ({ Action, Resource }) =>
        Action.includes('rds:RestoreDBClusterToPointInTime') &&
        Resource.includes('arn:aws:rds:eu-central-1:123456789012:cluster:trading-*'),
    );
    expect(makes).toHaveLength(1);
    expect(makes[0]?.Condition).toEqual({ StringLike: { 'aws:RequestTag/restore-drill': '*' } });
  });

  test('let the restorer change and delete only what carries that tag, and never the source', () => {
    const deletes = statements('restorer').filter(({ Action }) =>
      Action.some((one) => /:(Delete|Modify)/.test(one)),
    );
    expect(deletes.length).toBeGreaterThan(0);
    const untagged = deletes
      .filter(({ Condition }) => Condition === undefined)
      .flatMap(({ Resource }) => Resource);
    expect(untagged.filter((arn) => !/:(cluster-pg|pg|subgrp|og):/.test(arn))).toEqual([
      // of states, of their locks, and what a final snapshot needs
      'arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:trading-*-final',
      'arn:aws:s3:::states/restore-drills/*.tflock',
    ]);
    expect(statements('restorer', 'Deny')).toMatchObject([
      {
        Sid: 'NeverTheSource',
        Resource: [
          'cluster:trading',
          ...['?', '??', 'instance-?', 'instance-??'].map((name) => `db:trading-${name}`),
        ].map((name) => `${RDS}${name}`),
      },
      { Sid: 'NeverOthers', Action: ['rds:*'] },
    ]);
  });

  test('deny by its name what is named exactly, its tags too, and by the tag what a pattern names', () => {
    const denials = (names: Partial<NamedPlace>): readonly PolicyStatement[] =>
      policyFor('restorer', namedPlace({ ...named, otherClusters: [], ...names })).Statement.filter(
        ({ Effect }) => Effect === 'Deny',
      );
    const exact = denials({ sourceClusters: ['trading'], sourceInstances: ['trading-1'] });
    expect(exact.map(({ Resource }) => Resource)).toEqual([[`${RDS}cluster:trading`, `${RDS}db:trading-1`]]);
    for (const one of exact) {
      expect(one.Action).toContain('rds:AddTagsToResource');
      expect(one.Condition).toBeUndefined();
    }
    // else nobody could change or delete the clusters that drills call after it
    const patterns = denials({ sourceClusters: ['trading*'], sourceInstances: ['*'] });
    expect(patterns.map(({ Resource }) => Resource)).toEqual([[`${RDS}cluster:trading*`, `${RDS}db:*`]]);
    for (const one of patterns) {
      expect(one.Action).not.toContain('rds:AddTagsToResource');
      expect(one.Condition).toEqual({ Null: { 'aws:ResourceTag/restore-drill': 'true' } });
    }
  });

  test('use keys only through the services that are meant, and hand roles to RDS alone', () => {
    const withRole = policyFor('restorer', { ...place, roles: ['arn:aws:iam::123456789012:role/m'] });
    const conditions = [...withRole.Statement, ...statements('cut-over')].flatMap(({ Action, Condition }) =>
      Action.some((one) => /^(kms|iam):/.test(one)) ? [[Action.join(), Condition] as const] : [],
    );
    expect(Object.fromEntries(conditions)).toEqual({
      'iam:PassRole': {
        StringEquals: { 'iam:PassedToService': ['rds.amazonaws.com', 'monitoring.rds.amazonaws.com'] },
      },
      'kms:DescribeKey': { StringLike: { 'kms:ViaService': 'rds.eu-central-1.amazonaws.com*' } },
      'kms:CreateGrant': {
        Bool: { 'kms:GrantIsForAWSResource': 'true' },
        StringLike: { 'kms:ViaService': 'rds.eu-central-1.amazonaws.com*' },
      },
      'kms:Decrypt': CONFIGURATION_KEY,
      'kms:Decrypt,kms:Encrypt,kms:GenerateDataKey': CONFIGURATION_KEY,
      'kms:Decrypt,kms:GenerateDataKey': {
        StringLike: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com*' },
      },
    });
  });

  test('name what no option names: option groups, backups, what lies in an AppConfig application, long names', () => {
    // RDS asks for option groups where a restore is judged, though nobody names one
    const groups = statements('restorer').find(({ Sid }) => Sid === 'ParameterGroup');
    expect(groups?.Resource).toContain('arn:aws:rds:eu-central-1:123456789012:og:*');
    expect(arnsOf('retained-backup', place)).toEqual([
      'arn:aws:rds:eu-central-1:123456789012:cluster-auto-backup:cab-1',
    ]);
    expect(arnsOf('configuration', place)).toEqual([
      'arn:aws:appconfig:eu-central-1:123456789012:application/app1234',
      'arn:aws:appconfig:eu-central-1:123456789012:application/app1234/*',
    ]);
    const long = namedPlace({ ...named, sourceClusters: ['a'.repeat(50)] });
    expect(arnsOf('retired-cluster', long)).toEqual([
      `arn:aws:rds:eu-central-1:123456789012:cluster:${'a'.repeat(46)}-retired-*`,
    ]);
  });

  test.each(ROLES)(
    'are valid for role %s: an id for each statement, and within the limit of a managed policy',
    (role) => {
      const policy = policyFor(role, place, state);
      const sids = policy.Statement.map(({ Sid }) => Sid);
      expect(new Set(sids).size).toBe(sids.length);
      expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
      // IAM counts a managed policy's characters without white space: 6,144 at most
      expect(JSON.stringify(policy).length).toBeLessThan(6144);
      expect(policy.Statement.filter(({ Resource }) => Resource.length === 0)).toEqual([]);
    },
  );
});
