import { awsError, clusterNow, instanceNow, openRdsBench, pass, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

const remove = (DBInstanceIdentifier: string, change: object = {}): Promise<Record<string, unknown>> =>
  bench.call('DeleteDBInstance', { DBInstanceIdentifier, SkipFinalSnapshot: 'true', ...change });

test('a deleted instance is deleting, then gone', async () => {
  await expect(remove('trading-2')).resolves.toMatchObject({ DBInstance: { DBInstanceStatus: 'deleting' } });
  await pass(1999);
  expect(await instanceNow(bench, 'trading-2')).toMatchObject({ DBInstanceStatus: 'deleting' });
  await pass(1);
  await expect(instanceNow(bench, 'trading-2')).rejects.toEqual(awsError('DBInstanceNotFound'));
  expect(bench.source.calls).toEqual(['start trading-1']);
});

test('where the writer goes, a reader takes over', async () => {
  await remove('trading-1');
  await pass(2000);
  expect(bench.source.calls).toEqual(['start trading-1', 'stop', 'start trading-2']);
  expect(await clusterNow(bench)).toMatchObject({
    DBClusterMembers: [{ DBInstanceIdentifier: 'trading-2', IsClusterWriter: true }],
  });
});

test('the server stops with the last instance; the cluster and its data stay', async () => {
  await remove('trading-2');
  await remove('trading-1');
  await pass(2000);
  expect(bench.source.calls).toEqual(['start trading-1', 'stop']);
  expect(await clusterNow(bench)).toMatchObject({ Status: 'available', DBClusterMembers: [] });
});

test('an instance that is still being created never comes up once deleted', async () => {
  await bench.call('CreateDBInstance', {
    DBInstanceIdentifier: 'trading-3',
    DBClusterIdentifier: 'trading',
    DBInstanceClass: 'db.r6g.large',
    Engine: 'aurora-mysql',
  });
  await remove('trading-3');
  await pass(5000);
  await expect(instanceNow(bench, 'trading-3')).rejects.toEqual(awsError('DBInstanceNotFound'));
});

test.each([
  ['an instance that is not there', 'gone', {}, 'DBInstanceNotFound', 'gone'],
  [
    'a final snapshot',
    'trading-1',
    { FinalDBSnapshotIdentifier: 'x' },
    'InvalidParameterCombination',
    'cluster instance',
  ],
])('refuses %s', async (_what, identifier, change, code, message) => {
  await expect(remove(identifier, change)).rejects.toEqual(awsError(code, message));
});

test('a repeated delete says that it is going on', async () => {
  await remove('trading-2');
  await expect(remove('trading-2')).rejects.toEqual(
    awsError('InvalidDBInstanceState', 'Instance trading-2 is already being deleted.'),
  );
});
