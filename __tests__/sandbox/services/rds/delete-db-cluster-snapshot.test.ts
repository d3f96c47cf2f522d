import { awsError, openRdsBench, pass, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
  await bench.call('CreateDBClusterSnapshot', {
    DBClusterIdentifier: 'trading',
    DBClusterSnapshotIdentifier: 'nightly',
  });
});
afterEach(() => bench.state.close());

const remove = (name: string): Promise<Record<string, unknown>> =>
  bench.call('DeleteDBClusterSnapshot', { DBClusterSnapshotIdentifier: name });

test('an available snapshot is gone at once', async () => {
  await pass(3000);
  await expect(remove('nightly')).resolves.toMatchObject({
    DBClusterSnapshot: { DBClusterSnapshotIdentifier: 'nightly' },
  });
  expect(await bench.call('DescribeDBClusterSnapshots')).toMatchObject({ DBClusterSnapshots: [] });
});

test('one that is still being made is not deleted, nor one that is not there', async () => {
  await expect(remove('nightly')).rejects.toEqual(awsError('InvalidDBClusterSnapshotStateFault', 'creating'));
  await expect(remove('nope')).rejects.toEqual(awsError('DBClusterSnapshotNotFoundFault', 'nope'));
});
