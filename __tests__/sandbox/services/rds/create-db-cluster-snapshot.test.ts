import { awsError, openRdsBench, pass, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
  await pass(60_000);
});
afterEach(() => bench.state.close());

const create = (change: object = {}): Promise<Record<string, unknown>> =>
  bench.call('CreateDBClusterSnapshot', {
    DBClusterIdentifier: 'trading',
    DBClusterSnapshotIdentifier: 'Nightly',
    ...change,
  });

test('is being made for a while, and then available', async () => {
  const { DBClusterSnapshot } = await create({ Tags: [{ Key: 'kind', Value: 'nightly' }] });
  expect(DBClusterSnapshot).toMatchObject({
    DBClusterSnapshotIdentifier: 'nightly',
    DBClusterSnapshotArn: 'arn:aws:rds:us-east-2:000000000000:cluster-snapshot:nightly',
    DBClusterIdentifier: 'trading',
    SnapshotCreateTime: new Date('2026-01-02T00:01:00Z'),
    SnapshotType: 'manual',
    Status: 'creating',
    Engine: 'aurora-mysql',
    StorageEncrypted: true,
    TagList: [
      { Key: 'Name', Value: 'trading' },
      { Key: 'environment', Value: 'production' },
      { Key: 'kind', Value: 'nightly' },
    ],
  });
  await pass(3000);
  expect(await bench.call('DescribeDBClusterSnapshots')).toMatchObject({
    DBClusterSnapshots: [{ Status: 'available', PercentProgress: 100 }],
  });
});

test.each([
  ['a name that is taken', {}, 'DBClusterSnapshotAlreadyExistsFault', 'nightly'],
  ['a name that is none', { DBClusterSnapshotIdentifier: '1x' }, 'InvalidParameterValue', 'valid identifier'],
  ['a cluster that is not there', { DBClusterIdentifier: 'nope' }, 'DBClusterNotFoundFault', 'nope'],
])('refuses %s', async (_what, change, code, message) => {
  await create();
  await expect(create(change)).rejects.toEqual(awsError(code, message));
});
