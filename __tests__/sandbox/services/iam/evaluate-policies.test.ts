import { evaluatePolicies } from '../../../../sandbox/services/iam/evaluate-policies';
import { checkOperators } from '../../../../sandbox/services/iam/conditions';
import { policyDocumentSchema } from '../../../../sandbox/services/iam/policy-document';

const ACTION = 'rds:DeleteDBCluster';
const RESOURCE = 'arn:aws:rds:us-east-2:000000000000:cluster:trading-copy';
const CONTEXT = new Map([
  ['aws:resourcetag/drill', ['spring']],
  ['aws:principalaccount', ['000000000000']],
  ['aws:tagkeys', ['drill', 'team']],
]);

const decide = (...statements: object[]): unknown => {
  const policy = policyDocumentSchema.parse({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...statement })),
  });
  return evaluatePolicies([policy], ACTION, RESOURCE, CONTEXT);
};

test.each([
  ['everything', {}, 'allowed'],
  ['the action, whatever its case', { Action: 'rds:deletedbcluster' }, 'allowed'],
  ['actions by wildcard', { Action: ['ssm:*', 'rds:Delete*'] }, 'allowed'],
  ['another action', { Action: 'rds:Describe*' }, 'implicitDeny'],
  ['all but this action', { Action: undefined, NotAction: 'rds:Delete*' }, 'implicitDeny'],
  ['the resource by wildcard', { Resource: 'arn:aws:rds:*:*:cluster:trading-?opy' }, 'allowed'],
  ['another resource', { Resource: 'arn:aws:rds:*:*:cluster:other*' }, 'implicitDeny'],
  ['all but this resource', { Resource: undefined, NotResource: RESOURCE }, 'implicitDeny'],
  ['a resource by variable', { Resource: 'arn:aws:rds:*:${aws:PrincipalAccount}:cluster:*' }, 'allowed'],
  [
    'a tag of the resource',
    { Condition: { StringEquals: { 'aws:ResourceTag/drill': 'spring' } } },
    'allowed',
  ],
  ['any value of a tag', { Condition: { StringLike: { 'aws:ResourceTag/drill': '?*' } } }, 'allowed'],
  ['that a tag is there', { Condition: { Null: { 'aws:ResourceTag/drill': 'false' } } }, 'allowed'],
  ['that a tag is absent', { Condition: { Null: { 'aws:ResourceTag/drill': 'true' } } }, 'implicitDeny'],
  ['another value', { Condition: { StringEquals: { 'aws:ResourceTag/drill': ['a', 'b'] } } }, 'implicitDeny'],
  ['not a value', { Condition: { StringNotEquals: { 'aws:ResourceTag/drill': 'a' } } }, 'allowed'],
  [
    'all of several',
    { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['drill', 'team'] } } },
    'allowed',
  ],
  [
    'all, with one too many',
    { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['drill'] } } },
    'implicitDeny',
  ],
  ['any of several', { Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['drill'] } } }, 'allowed'],
  ['a key if it is there', { Condition: { StringEqualsIfExists: { 'aws:x': 'y' } } }, 'allowed'],
  ['a boolean', { Condition: { Bool: { 'aws:x': true } } }, 'implicitDeny'],
])('a policy that allows %s', (_what, statement, decision) => {
  expect(decide(statement)).toMatchObject({ decision });
});

test('a Deny wins over every Allow', () => {
  expect(decide({}, { Effect: 'Deny', Action: ACTION })).toMatchObject({ decision: 'explicitDeny' });
  expect(decide({}, { Effect: 'Deny', Action: 'ssm:*' })).toMatchObject({ decision: 'allowed' });
});

test('a condition key that is not known is named', () => {
  expect(decide({ Condition: { StringEquals: { 'aws:RequestTag/team': 'x' } } })).toEqual({
    decision: 'implicitDeny',
    missingKeys: ['aws:RequestTag/team'],
  });
});

test('an operator that cannot be judged is refused', () => {
  const [statement] = policyDocumentSchema.parse({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: { IpAddress: { 'aws:SourceIp': '::1' } },
    },
  }).Statement;
  expect(() => {
    if (statement !== undefined) checkOperators(statement);
  }).toThrow("'IpAddress'");
});
