import { awsError, openRdsBench, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

async function found(input: object): Promise<unknown[]> {
  const { DBInstances } = await bench.call('DescribeDBInstances', input);
  return (DBInstances as { DBInstanceIdentifier: string }[]).map((each) => each.DBInstanceIdentifier);
}

test('an instance has the endpoint, groups and engine of its cluster', async () => {
  await expect(
    bench.call('DescribeDBInstances', { DBInstanceIdentifier: 'trading-1' }),
  ).resolves.toMatchObject({
    DBInstances: [
      {
        DBInstanceStatus: 'available',
        DBClusterIdentifier: 'trading',
        Engine: 'aurora-mysql',
        EngineVersion: '10.11.11-mariadb',
        Endpoint: { Address: '127.1.0.1', Port: 3306 },
        DBSubnetGroup: { DBSubnetGroupName: 'trading-subnets' },
        DBParameterGroups: [{ DBParameterGroupName: 'trading-parameters', ParameterApplyStatus: 'in-sync' }],
      },
    ],
  });
});

test.each([
  ['no filter', {}, ['trading-1', 'trading-2']],
  ['an identifier', { DBInstanceIdentifier: 'trading-2' }, ['trading-2']],
  [
    'a filter by cluster',
    { Filters: [{ Name: 'db-cluster-id', Values: ['trading'] }] },
    ['trading-1', 'trading-2'],
  ],
  ['a filter by instance', { Filters: [{ Name: 'db-instance-id', Values: ['trading-1'] }] }, ['trading-1']],
])('finds by %s', async (_what, input, expected) => {
  await expect(found(input)).resolves.toEqual(expected);
});

test('an instance that is not there is refused', async () => {
  await expect(found({ DBInstanceIdentifier: 'gone' })).rejects.toEqual(
    awsError('DBInstanceNotFound', 'gone'),
  );
});
