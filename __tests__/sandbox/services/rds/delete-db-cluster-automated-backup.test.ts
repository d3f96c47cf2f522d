import { takeAutomatedSnapshot } from '../../../../sandbox/services/rds/take-snapshot';
import { awsError, clusterNow, openRdsBench, pass, restoreCopy, type RdsBench } from './rds-bench';

let bench: RdsBench;
let resourceId: unknown;
beforeEach(async () => {
  bench = await openRdsBench();
  await restoreCopy(bench);
  takeAutomatedSnapshot(bench.state.cluster('copy'), bench.state);
  await bench.call('CreateDBClusterSnapshot', {
    DBClusterIdentifier: 'copy',
    DBClusterSnapshotIdentifier: 'kept',
  });
  await pass(5000);
  resourceId = (await clusterNow(bench, 'copy'))['DbClusterResourceId'];
});
afterEach(() => bench.state.close());

const remove = (id: unknown = resourceId): Promise<Record<string, unknown>> =>
  bench.call('DeleteDBClusterAutomatedBackup', { DbClusterResourceId: id });

async function snapshots(): Promise<unknown[]> {
  const { DBClusterSnapshots } = await bench.call('DescribeDBClusterSnapshots', {
    DbClusterResourceId: resourceId,
  });
  return (DBClusterSnapshots as Record<string, unknown>[]).map((each) => each['DBClusterSnapshotIdentifier']);
}

test('retained backups go with the automated snapshots, the storage with the last manual snapshot', async () => {
  expect(await snapshots()).toEqual(['kept', 'rds:copy-2026-01-02-00-00']);
  await bench.call('DeleteDBCluster', {
    DBClusterIdentifier: 'copy',
    SkipFinalSnapshot: 'true',
    DeleteAutomatedBackups: 'false',
  });
  await pass(5000);
  expect(await snapshots()).toHaveLength(2);
  await expect(remove()).resolves.toMatchObject({ DBClusterAutomatedBackup: { Status: 'retained' } });
  expect(await snapshots()).toEqual(['kept']);
  await expect(remove()).rejects.toEqual(awsError('DBClusterAutomatedBackupNotFoundFault'));
  expect(bench.source.restored?.calls).not.toContain('destroy');
  await bench.call('DeleteDBClusterSnapshot', { DBClusterSnapshotIdentifier: 'kept' });
  expect(bench.source.restored?.calls).toContain('destroy');
});

test('automated snapshots go with a cluster whose backups are not retained', async () => {
  await bench.call('DeleteDBCluster', { DBClusterIdentifier: 'copy', SkipFinalSnapshot: 'true' });
  await pass(5000);
  expect(await snapshots()).toEqual(['kept']);
});

test('refuses the backups of a living cluster, those that are not there, and the delete of an automated snapshot', async () => {
  await expect(remove()).rejects.toEqual(awsError('InvalidDBClusterAutomatedBackupStateFault', 'active'));
  await expect(remove('cluster-X')).rejects.toEqual(
    awsError('DBClusterAutomatedBackupNotFoundFault', 'cluster-X'),
  );
  await expect(
    bench.call('DeleteDBClusterSnapshot', { DBClusterSnapshotIdentifier: 'rds:copy-2026-01-02-00-00' }),
  ).rejects.toEqual(awsError('InvalidDBClusterSnapshotStateFault', 'automated'));
});
