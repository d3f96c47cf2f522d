import { awsError, openRdsBench, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

test('finds a group by name and refuses another', async () => {
  await expect(
    bench.call('DescribeDBSubnetGroups', { DBSubnetGroupName: 'trading-subnets' }),
  ).resolves.toMatchObject({
    DBSubnetGroups: [{ DBSubnetGroupName: 'trading-subnets' }],
  });
  await expect(bench.call('DescribeDBSubnetGroups', { DBSubnetGroupName: 'gone' })).rejects.toEqual(
    awsError('DBSubnetGroupNotFoundFault', 'gone'),
  );
});

test('lists the default group beside those of the source', async () => {
  await expect(bench.call('DescribeDBSubnetGroups')).resolves.toMatchObject({
    DBSubnetGroups: [{ DBSubnetGroupName: 'default' }, { DBSubnetGroupName: 'trading-subnets' }],
  });
});
