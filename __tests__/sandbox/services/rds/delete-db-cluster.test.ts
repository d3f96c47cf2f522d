import { awsError, clusterNow, openRdsBench, pass, restoreCopy, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
  await restoreCopy(bench);
});
afterEach(() => bench.state.close());

const remove = (DBClusterIdentifier: string, change: object = {}): Promise<Record<string, unknown>> =>
  bench.call('DeleteDBCluster', { DBClusterIdentifier, SkipFinalSnapshot: 'true', ...change });

async function addInstance(): Promise<void> {
  await bench.call('CreateDBInstance', {
    DBInstanceIdentifier: 'copy-1',
    DBClusterIdentifier: 'copy',
    DBInstanceClass: 'db.r6g.large',
    Engine: 'aurora-mysql',
  });
  await pass(3000);
}

test('a deleted cluster is deleting, then gone with its storage', async () => {
  await expect(remove('copy')).resolves.toMatchObject({ DBCluster: { Status: 'deleting' } });
  await pass(1999);
  expect(await clusterNow(bench, 'copy')).toMatchObject({ Status: 'deleting' });
  await pass(1);
  await expect(clusterNow(bench, 'copy')).rejects.toEqual(awsError('DBClusterNotFoundFault'));
  expect(bench.source.restored?.calls).toEqual(['destroy']);
});

test('a cluster with an instance is refused, one whose instances are going waits for them', async () => {
  await addInstance();
  await expect(remove('copy')).rejects.toEqual(
    awsError('InvalidDBClusterStateFault', 'still contains DB instances in non-deleting state'),
  );
  await pass(1000);
  await bench.call('DeleteDBInstance', { DBInstanceIdentifier: 'copy-1', SkipFinalSnapshot: 'true' });
  await remove('copy');
  await pass(2100);
  expect(bench.source.restored?.calls).toEqual(['start copy-1', 'stop', 'destroy']);
  await expect(clusterNow(bench, 'copy')).rejects.toEqual(awsError('DBClusterNotFoundFault'));
});

test('the storage of a source stays while a restore reads it', async () => {
  await bench.call('ModifyDBCluster', { DBClusterIdentifier: 'trading', DeletionProtection: 'false' });
  for (const DBInstanceIdentifier of ['trading-1', 'trading-2']) {
    await bench.call('DeleteDBInstance', { DBInstanceIdentifier });
  }
  await pass(2000);
  let finish = (): void => undefined;
  bench.source.restoring = new Promise((resolve) => (finish = resolve));
  await bench.call('RestoreDBClusterToPointInTime', {
    DBClusterIdentifier: 'late',
    SourceDBClusterIdentifier: 'trading',
    UseLatestRestorableTime: 'true',
  });
  await remove('trading');
  await pass(60_000);
  expect(bench.source.calls).not.toContain('destroy');
  finish();
  await pass(0);
  expect(bench.source.calls).toContain('destroy');
});

test.each([
  ['a cluster that is not there', 'gone', {}, 'DBClusterNotFoundFault', 'gone'],
  [
    'a protected cluster',
    'trading',
    {},
    'InvalidParameterCombination',
    'please disable deletion protection and try again',
  ],
  [
    'a delete that says nothing of a snapshot',
    'copy',
    { SkipFinalSnapshot: undefined },
    'InvalidParameterCombination',
    'required unless SkipFinalSnapshot',
  ],
  [
    'a snapshot that is skipped',
    'copy',
    { FinalDBSnapshotIdentifier: 'x' },
    'InvalidParameterCombination',
    'SkipFinalSnapshot',
  ],
  [
    'a final snapshot with a name that is none',
    'copy',
    { SkipFinalSnapshot: 'false', FinalDBSnapshotIdentifier: 'x--y' },
    'InvalidParameterValue',
    'valid identifier',
  ],
])('refuses %s', async (_what, identifier, change, code, message) => {
  await expect(remove(identifier, change)).rejects.toEqual(awsError(code, message));
  expect(await clusterNow(bench, 'copy')).toMatchObject({ Status: 'available' });
});

test('a repeated delete is told to wait, in the words that the provider waits for', async () => {
  await remove('copy');
  await expect(remove('copy')).rejects.toEqual(
    awsError('InvalidDBClusterStateFault', 'is not currently in the available state'),
  );
});
