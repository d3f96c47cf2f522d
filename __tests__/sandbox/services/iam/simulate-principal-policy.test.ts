import { iamService } from '../../../../sandbox/services/iam/iam-service';
import { awsError, callerOf } from '../service-bench';
import { openIam } from './iam-bench';

const call = callerOf(
  iamService(
    openIam({
      planner: [
        { Effect: 'Allow', Action: 'rds:Describe*', Resource: '*' },
        { Effect: 'Deny', Action: 'rds:DescribeDBLogFiles', Resource: '*' },
        {
          Effect: 'Allow',
          Action: 'rds:DeleteDBCluster',
          Resource: '*',
          Condition: { StringEquals: { 'aws:ResourceTag/drill': 'x' } },
        },
      ],
    }),
  ),
);
const PolicySourceArn = 'arn:aws:iam::000000000000:role/planner';
const ActionNames = [
  'rds:DescribeDBClusters',
  'rds:DescribeDBLogFiles',
  'ssm:GetParameter',
  'rds:DeleteDBCluster',
];

test('tells what a role may do, and on which condition keys it depends', async () => {
  const { EvaluationResults } = await call('SimulatePrincipalPolicy', { PolicySourceArn, ActionNames });
  expect(EvaluationResults).toMatchObject([
    { EvalDecision: 'allowed', EvalResourceName: '*' },
    { EvalDecision: 'explicitDeny' },
    { EvalDecision: 'implicitDeny', MissingContextValues: [] },
    { EvalDecision: 'implicitDeny', MissingContextValues: ['aws:ResourceTag/drill'] },
  ]);
});

test('takes values of condition keys from the request', async () => {
  const ContextEntries = [
    { ContextKeyName: 'aws:ResourceTag/drill', ContextKeyValues: ['x'], ContextKeyType: 'string' },
  ];
  await expect(
    call('SimulatePrincipalPolicy', {
      PolicySourceArn,
      ActionNames: ['rds:DeleteDBCluster'],
      ContextEntries,
    }),
  ).resolves.toMatchObject({ EvaluationResults: [{ EvalDecision: 'allowed' }] });
});

test('the administrator may do everything; who is not there is a NoSuchEntity', async () => {
  const user = 'arn:aws:iam::000000000000:user/sandbox';
  await expect(
    call('SimulatePrincipalPolicy', { PolicySourceArn: user, ActionNames: ['x:Y'] }),
  ).resolves.toMatchObject({ EvaluationResults: [{ EvalDecision: 'allowed' }] });
  await expect(
    call('SimulatePrincipalPolicy', { PolicySourceArn: `${PolicySourceArn}s`, ActionNames }),
  ).rejects.toEqual(awsError('NoSuchEntity'));
});
