import {
  GetRoleCommand,
  IAMClient,
  SimulatePrincipalPolicyCommand,
  type EvaluationResult,
} from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { arnsOf, PERMISSIONS, STEPS } from '../../../lib/plan/actions';
import { isDenied, PolicySimulator } from '../../../lib/plan/iam';
import { namedPlace } from '../../../lib/plan/named-place';
import { checkPermissions, permissionsNotSimulated } from '../../../lib/plan/permission-readiness';
import { checkExpectedPlace } from '../../../lib/plan/place-readiness';

const iam = mockClient(IAMClient);
const simulator = new PolicySimulator(new IAMClient({ region: 'eu-central-1' }));
beforeEach(() => iam.reset());

const ROLE = 'arn:aws:iam::123456789012:role/teams/restorer';

describe('whom IAM simulates', () => {
  test('is the role of a session, with the path that the session does not tell', async () => {
    iam.on(GetRoleCommand, { RoleName: 'restorer' }).resolves({ Role: { Arn: ROLE } as never });
    const session = 'arn:aws:sts::123456789012:assumed-role/restorer/me';
    expect(await simulator.principalOf(session)).toBe(ROLE);
  });

  test('is the role without a path where the caller may not look it up', async () => {
    const denied = Object.assign(new Error('not authorized to perform: iam:GetRole'), {
      name: 'AccessDenied',
    });
    iam.on(GetRoleCommand).rejects(denied);
    const session = 'arn:aws-cn:sts::123456789012:assumed-role/restorer/me';
    expect(await simulator.principalOf(session)).toBe('arn:aws-cn:iam::123456789012:role/restorer');
    expect(isDenied(denied)).toBe(true);
    expect(isDenied(new Error('socket hang up'))).toBe(false);
  });

  test.each([
    ['a user', 'arn:aws:iam::123456789012:user/me', 'arn:aws:iam::123456789012:user/me'],
    ['nobody for the root user', 'arn:aws:iam::123456789012:root', undefined],
    ['nobody for a federated user', 'arn:aws:sts::123456789012:federated-user/me', undefined],
  ])('is %s', async (_, caller, principal) => {
    expect(await simulator.principalOf(caller)).toBe(principal);
  });
});

const result = (EvalActionName: string, EvalDecision: string, missing: string[] = []): EvaluationResult =>
  ({ EvalActionName, EvalDecision, MissingContextValues: missing }) as EvaluationResult;

test('every page of a simulation counts', async () => {
  iam
    .on(SimulatePrincipalPolicyCommand)
    .resolvesOnce({
      EvaluationResults: [result('rds:DescribeDBClusters', 'allowed')],
      IsTruncated: true,
      Marker: '2',
    })
    .resolvesOnce({
      EvaluationResults: [
        result('rds:DeleteDBCluster', 'explicitDeny'),
        result('rds:CreateDBInstance', 'implicitDeny', ['aws:RequestTag/team']),
      ],
    });
  const actions = ['rds:DescribeDBClusters', 'rds:DeleteDBCluster', 'rds:CreateDBInstance'];
  const simulated = await simulator.simulate(ROLE, actions, ['*']);
  expect(simulated.map(({ decision }) => decision)).toEqual(['allowed', 'denied', 'depends']);
  expect(iam.commandCalls(SimulatePrincipalPolicyCommand)[0]?.args[0].input).toMatchObject({
    PolicySourceArn: ROLE,
    ActionNames: actions,
  });

  const about = { step: 'restore', principalArn: ROLE, actions: simulated } as const;
  expect(checkPermissions(about, true)).toMatchObject({
    verdict: 'fail',
    title: 'permissions to restore',
    finding: `${ROLE} lacks rds:DeleteDBCluster; conditions of its policies (aws:RequestTag/team) decide about rds:CreateDBInstance`,
  });
  expect(checkPermissions(about, false).verdict).toBe('warn');
  expect(checkPermissions({ ...about, actions: simulated.slice(0, 1) }, true)).toEqual({
    verdict: 'pass',
    title: 'permissions to restore',
    finding: `${ROLE} has all 1`,
  });
});

test('where IAM does not tell, a person learns how to ask', () => {
  expect(permissionsNotSimulated('cut-over', 'x may not simulate policies', ['a:B', 'a:B', 'c:D'])).toEqual({
    verdict: 'not-applicable',
    title: 'permissions to cut over',
    finding:
      'not simulated: x may not simulate policies; whoever may can ask: aws iam simulate-principal-policy --policy-source-arn ROLE --action-names a:B c:D',
  });
});

describe('the list of actions', () => {
  const place = namedPlace({
    partition: 'aws-us-gov',
    account: '123456789012',
    region: 'us-gov-west-1',
    sourceClusters: ['trading'],
    otherClusters: [],
    retainedBackups: ['cab-1'],
    keys: ['arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1'],
    roles: ['arn:aws-us-gov:iam::123456789012:role/monitoring'],
    parameters: ['/trading/*'],
    secrets: ['trading/db'],
    hostedZones: ['*'],
    dnsRecords: [],
    configurations: ['*'],
    applicationKeys: ['arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/a'],
    databaseUsers: ['verifier'],
  });

  test('names each action once for each step, on ARNs of the place', () => {
    for (const step of STEPS) {
      const actions = PERMISSIONS[step].map(({ action, on }) => `${action} ${on.join()}`);
      expect(new Set(actions).size).toBe(actions.length);
      for (const { action, on } of PERMISSIONS[step]) {
        expect(action).toMatch(/^([a-z0-9-]+:[A-Z][A-Za-z]+|rds-db:connect)$/);
        for (const arn of on.flatMap((resource) => arnsOf(resource, place))) {
          expect(arn).toMatch(/^([*]|arn:aws-us-gov:[a-z0-9-]+:(us-gov-west-1)?:(123456789012)?:.+)$/);
        }
      }
    }
  });

  test('lets reading change nothing', () => {
    for (const step of ['read', 'plan-repoint'] as const) {
      for (const { action } of PERMISSIONS[step]) {
        expect(action).toMatch(/:(Describe|Get|List|Filter|StartQuery|StopQuery|Decrypt)/);
      }
    }
  });
});

describe('the place', () => {
  const found = { account: '123456789012', region: 'eu-central-1', arn: ROLE };

  test('passes where nobody said what to expect, or it is as expected', () => {
    expect(checkExpectedPlace(found, {}).verdict).toBe('pass');
    expect(checkExpectedPlace(found, { account: '123456789012', region: 'eu-central-1' }).verdict).toBe(
      'pass',
    );
  });

  test('fails where it is another one', () => {
    expect(checkExpectedPlace(found, { account: '210987654321', region: 'us-east-1' })).toMatchObject({
      verdict: 'fail',
      finding: expect.stringContaining('expected account 210987654321, expected region us-east-1') as string,
    });
  });
});
