import { awsError, clusterNow, openRdsBench, pass, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
  await pass(60_000);
  await bench.call('CreateDBClusterSnapshot', {
    DBClusterIdentifier: 'trading',
    DBClusterSnapshotIdentifier: 'nightly',
  });
});
afterEach(() => bench.state.close());

const restore = (change: object = {}): Promise<Record<string, unknown>> =>
  bench.call('RestoreDBClusterFromSnapshot', {
    DBClusterIdentifier: 'copy',
    SnapshotIdentifier: 'arn:aws:rds:us-east-2:000000000000:cluster-snapshot:nightly',
    Engine: 'aurora-mysql',
    ...change,
  });

test('restores what there was when the snapshot was taken, whatever has been written since', async () => {
  await pass(30_000);
  const { DBCluster } = await restore({ EngineVersion: '10.11.11-mariadb' });
  expect(DBCluster).toMatchObject({ DBClusterIdentifier: 'copy', Status: 'creating', DBClusterMembers: [] });
  expect(bench.source.calls).toContain('restore to 2026-01-02T00:01:00.000Z');
  await pass(3000);
  expect(await clusterNow(bench, 'copy')).toMatchObject({
    Status: 'available',
    DBClusterParameterGroup: 'default.aurora-mysql8.0',
  });
});

test('outlives the cluster that it was taken of', async () => {
  await pass(3000);
  await bench.call('ModifyDBCluster', { DBClusterIdentifier: 'trading', DeletionProtection: 'false' });
  await pass(2000);
  for (const name of ['trading-1', 'trading-2']) {
    await bench.call('DeleteDBInstance', { DBInstanceIdentifier: name });
  }
  await bench.call('DeleteDBCluster', { DBClusterIdentifier: 'trading', SkipFinalSnapshot: 'true' });
  await pass(60_000);
  expect(bench.state.clusters.has('trading')).toBe(false);
  expect(bench.source.calls).not.toContain('destroy');
  await expect(restore()).resolves.toMatchObject({ DBCluster: { Status: 'creating' } });
});

test.each([
  ['one that is still being made', {}, 'InvalidDBClusterSnapshotStateFault', 'creating'],
  ['one that is not there', { SnapshotIdentifier: 'nope' }, 'DBClusterSnapshotNotFoundFault', 'nope'],
])('refuses %s', async (_what, change, code, message) => {
  await expect(restore(change)).rejects.toEqual(awsError(code, message));
});

test.each([
  ['another engine', { Engine: 'aurora-postgresql' }, 'InvalidParameterCombination', 'aurora-postgresql'],
  ['another version', { EngineVersion: '1.0' }, 'InvalidParameterCombination', '1.0'],
  ['a name that is taken', { DBClusterIdentifier: 'trading' }, 'DBClusterAlreadyExistsFault', 'exists'],
])('refuses %s', async (_what, change, code, message) => {
  await pass(3000);
  await expect(restore(change)).rejects.toEqual(awsError(code, message));
});
