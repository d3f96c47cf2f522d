import { awsError, openRdsBench, pass, restoreCopy, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
  await restoreCopy(bench);
  for (const [cluster, name] of [
    ['trading', 'one'],
    ['trading', 'two'],
    ['copy', 'of-copy'],
  ]) {
    await bench.call('CreateDBClusterSnapshot', {
      DBClusterIdentifier: cluster,
      DBClusterSnapshotIdentifier: name,
    });
  }
  await pass(3000);
});
afterEach(() => bench.state.close());

const names = async (request: object): Promise<unknown[]> => {
  const { DBClusterSnapshots } = await bench.call('DescribeDBClusterSnapshots', request);
  return (DBClusterSnapshots as { DBClusterSnapshotIdentifier: string }[]).map(
    (snapshot) => snapshot.DBClusterSnapshotIdentifier,
  );
};

test.each([
  ['all', {}, ['of-copy', 'one', 'two']],
  ['those of a cluster', { DBClusterIdentifier: 'trading' }, ['one', 'two']],
  ['those of a cluster that is not there', { DBClusterIdentifier: 'nope' }, []],
  ['one by its name', { DBClusterSnapshotIdentifier: 'ONE' }, ['one']],
  [
    'one by its ARN',
    {
      DBClusterSnapshotIdentifier: 'arn:aws:rds:us-east-2:000000000000:cluster-snapshot:two',
      IncludeShared: 'true',
    },
    ['two'],
  ],
  ['those of a kind', { SnapshotType: 'automated' }, []],
  ['those that a filter lets pass', { Filters: [{ Name: 'db-cluster-id', Values: ['copy'] }] }, ['of-copy']],
])('tells of %s', async (_what, request, expected) => {
  expect(await names(request)).toEqual(expected);
});

test('refuses a name that is not there', async () => {
  await expect(names({ DBClusterSnapshotIdentifier: 'nope' })).rejects.toEqual(
    awsError('DBClusterSnapshotNotFoundFault', 'nope'),
  );
});
