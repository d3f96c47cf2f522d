import { awsError, clusterNow, openRdsBench, pass, restoreCopy, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
  await restoreCopy(bench);
});
afterEach(() => bench.state.close());

const backups = async (request: object = {}): Promise<Record<string, unknown>[]> => {
  const { DBClusterAutomatedBackups } = await bench.call('DescribeDBClusterAutomatedBackups', request);
  return DBClusterAutomatedBackups as Record<string, unknown>[];
};

async function deleteCopy(change: object): Promise<string> {
  const { DbClusterResourceId: id } = await clusterNow(bench, 'copy');
  await bench.call('DeleteDBCluster', {
    DBClusterIdentifier: 'copy',
    SkipFinalSnapshot: 'true',
    ...change,
  });
  await pass(5000);
  return id as string;
}

test('are active while their cluster lives', async () => {
  expect(await backups({ DBClusterIdentifier: 'copy' })).toMatchObject([
    { DBClusterIdentifier: 'copy', Status: 'active', BackupRetentionPeriod: 7, Port: 3306 },
  ]);
  expect(await backups()).toHaveLength(2);
});

test('are retained where the delete says so, and then restore it by its resource id', async () => {
  const DbClusterResourceId = await deleteCopy({ DeleteAutomatedBackups: 'false' });
  expect(await backups({ DbClusterResourceId })).toMatchObject([
    {
      Status: 'retained',
      DBClusterIdentifier: 'copy',
      RestoreWindow: { EarliestTime: expect.any(Date) as Date },
    },
  ]);
  await pass(60_000);
  const restore = (change: object): Promise<Record<string, unknown>> =>
    bench.call('RestoreDBClusterToPointInTime', {
      DBClusterIdentifier: 'again',
      SourceDbClusterResourceId: DbClusterResourceId,
      ...change,
    });
  await expect(restore({ RestoreToTime: '2026-01-02T00:01:00Z' })).rejects.toEqual(
    awsError('InvalidParameterValue', 'later than'),
  );
  await expect(restore({ UseLatestRestorableTime: 'true' })).resolves.toMatchObject({
    DBCluster: { DBClusterIdentifier: 'again', Status: 'creating' },
  });
});

test('a cluster that comes back under its name has its endpoint again', async () => {
  const { Endpoint } = await clusterNow(bench, 'copy');
  const DbClusterResourceId = await deleteCopy({ DeleteAutomatedBackups: 'false' });
  await bench.call('RestoreDBClusterToPointInTime', {
    DBClusterIdentifier: 'copy',
    SourceDbClusterResourceId: DbClusterResourceId,
    UseLatestRestorableTime: 'true',
  });
  expect(await clusterNow(bench, 'copy')).toMatchObject({ Endpoint });
});

test('go with their cluster otherwise', async () => {
  const DbClusterResourceId = await deleteCopy({});
  await expect(backups({ DbClusterResourceId })).rejects.toEqual(
    awsError('DBClusterAutomatedBackupNotFoundFault', DbClusterResourceId),
  );
  expect(bench.source.restored?.calls).toContain('destroy');
});

test('a final snapshot is taken before the cluster goes', async () => {
  await deleteCopy({ SkipFinalSnapshot: 'false', FinalDBSnapshotIdentifier: 'last' });
  expect(await bench.call('DescribeDBClusterSnapshots')).toMatchObject({
    DBClusterSnapshots: [{ DBClusterSnapshotIdentifier: 'last', Status: 'available' }],
  });
});
