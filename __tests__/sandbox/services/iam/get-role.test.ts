import { iamService } from '../../../../sandbox/services/iam/iam-service';
import { awsError, callerOf } from '../service-bench';
import { openIam } from './iam-bench';

const call = callerOf(iamService(openIam({ planner: [{ Effect: 'Allow', Action: '*', Resource: '*' }] })));

test('tells a role and its policies', async () => {
  const role = { RoleName: 'planner' };
  await expect(call('GetRole', role)).resolves.toMatchObject({
    Role: { Arn: 'arn:aws:iam::000000000000:role/planner', Path: '/' },
  });
  await expect(call('ListRolePolicies', role)).resolves.toMatchObject({ PolicyNames: ['planner'] });
  await expect(call('ListAttachedRolePolicies', role)).resolves.toMatchObject({ AttachedPolicies: [] });
  const { PolicyDocument } = await call('GetRolePolicy', { ...role, PolicyName: 'planner' });
  expect(decodeURIComponent(String(PolicyDocument))).toContain('"Effect":"Allow"');
});

test.each(['GetRole', 'ListRolePolicies', 'ListAttachedRolePolicies'])(
  '%s of none is a NoSuchEntity',
  async (name) => {
    await expect(call(name, { RoleName: 'x' })).rejects.toEqual(awsError('NoSuchEntity', 'role with name x'));
  },
);
