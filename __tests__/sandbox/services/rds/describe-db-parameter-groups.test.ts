import { awsError, openRdsBench, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

test('finds a group by name and refuses another', async () => {
  await expect(
    bench.call('DescribeDBParameterGroups', { DBParameterGroupName: 'trading-parameters' }),
  ).resolves.toMatchObject({
    DBParameterGroups: [{ DBParameterGroupName: 'trading-parameters' }],
  });
  await expect(bench.call('DescribeDBParameterGroups', { DBParameterGroupName: 'gone' })).rejects.toEqual(
    awsError('DBParameterGroupNotFound', 'gone'),
  );
});

test('lists the default groups beside those of the source', async () => {
  await expect(bench.call('DescribeDBParameterGroups')).resolves.toMatchObject({
    DBParameterGroups: [
      { DBParameterGroupName: 'default.aurora-mysql8.0' },
      { DBParameterGroupName: 'default.aurora-postgresql15' },
      { DBParameterGroupName: 'trading-parameters' },
    ],
  });
});
