import { awsError, clusterNow, openRdsBench, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

const role = { DBClusterIdentifier: 'trading', RoleArn: 'arn:aws:iam::000000000000:role/import' };

test('only the role of that feature goes', async () => {
  await bench.call('AddRoleToDBCluster', role);
  await bench.call('AddRoleToDBCluster', { ...role, FeatureName: 's3Import' });
  await bench.call('RemoveRoleFromDBCluster', role);
  expect(await clusterNow(bench)).toMatchObject({ AssociatedRoles: [{ FeatureName: 's3Import' }] });
  await expect(bench.call('RemoveRoleFromDBCluster', role)).rejects.toEqual(
    awsError('DBClusterRoleNotFound'),
  );
});
