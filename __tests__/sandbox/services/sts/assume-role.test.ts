import { stsService } from '../../../../sandbox/services/sts/sts-service';
import { openIam } from '../iam/iam-bench';
import { awsError, callerOf } from '../service-bench';

const state = openIam({ planner: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const sts = stsService(state);
const session = { RoleArn: 'arn:aws:iam::000000000000:role/planner', RoleSessionName: 'drill' };

test.each([
  ['AssumeRole', {}],
  ['AssumeRoleWithWebIdentity', { WebIdentityToken: 'header.claims.signature' }],
])('%s hands out credentials of a session of the role', async (operation, more) => {
  const answer = await callerOf(sts)(operation, { ...session, ...more });
  const { AccessKeyId } = answer['Credentials'] as { AccessKeyId: string };
  await expect(sts.invoke('GetCallerIdentity', {}, { accessKeyId: AccessKeyId })).resolves.toMatchObject({
    Arn: 'arn:aws:sts::000000000000:assumed-role/planner/drill',
  });
});

test('a role that is not there is not told from one that may not be assumed', async () => {
  await expect(callerOf(sts)('AssumeRole', { ...session, RoleArn: `${session.RoleArn}s` })).rejects.toEqual(
    awsError('AccessDenied', 'Not authorized to perform sts:AssumeRole'),
  );
});
