import { awsError, openRdsBench, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

test('finds a group by name and refuses another', async () => {
  await expect(
    bench.call('DescribeDBClusterParameterGroups', {
      DBClusterParameterGroupName: 'trading-cluster-parameters',
    }),
  ).resolves.toMatchObject({
    DBClusterParameterGroups: [{ DBClusterParameterGroupName: 'trading-cluster-parameters' }],
  });
  await expect(
    bench.call('DescribeDBClusterParameterGroups', { DBClusterParameterGroupName: 'gone' }),
  ).rejects.toEqual(awsError('DBClusterParameterGroupNotFound', 'gone'));
});

test('lists the default groups beside those of the source', async () => {
  await expect(bench.call('DescribeDBClusterParameterGroups')).resolves.toMatchObject({
    DBClusterParameterGroups: [
      { DBClusterParameterGroupName: 'default.aurora-mysql8.0' },
      { DBClusterParameterGroupName: 'default.aurora-postgresql15' },
      { DBClusterParameterGroupName: 'trading-cluster-parameters' },
    ],
  });
});
