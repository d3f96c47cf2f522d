import { awsError, clusterNow, openRdsBench, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

const role = { DBClusterIdentifier: 'trading', RoleArn: 'arn:aws:iam::000000000000:role/import' };

test('a role is shown with its feature', async () => {
  await bench.call('AddRoleToDBCluster', role);
  await bench.call('AddRoleToDBCluster', { ...role, FeatureName: 's3Import' });
  expect(await clusterNow(bench)).toMatchObject({
    AssociatedRoles: [
      { RoleArn: role.RoleArn, Status: 'ACTIVE', FeatureName: undefined },
      { RoleArn: role.RoleArn, Status: 'ACTIVE', FeatureName: 's3Import' },
    ],
  });
});

test.each([
  ['a name that is no ARN', { RoleArn: 'import' }, 'InvalidParameterValue'],
  ['a cluster that is not there', { DBClusterIdentifier: 'gone' }, 'DBClusterNotFoundFault'],
])('refuses %s', async (_what, change, code) => {
  await expect(bench.call('AddRoleToDBCluster', { ...role, ...change })).rejects.toEqual(awsError(code));
});

test('a role is not added twice', async () => {
  await bench.call('AddRoleToDBCluster', role);
  await expect(bench.call('AddRoleToDBCluster', role)).rejects.toEqual(
    awsError('DBClusterRoleAlreadyExists'),
  );
});
