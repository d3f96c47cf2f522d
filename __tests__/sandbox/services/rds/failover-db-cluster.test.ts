import { awsError, clusterNow, openRdsBench, pass, restoreCopy, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

const failOver = (change: object = {}): Promise<Record<string, unknown>> =>
  bench.call('FailoverDBCluster', { DBClusterIdentifier: 'trading', ...change });

test.each([
  ['the reader of the lowest tier', {}],
  ['the reader asked for', { TargetDBInstanceIdentifier: 'trading-2' }],
])('%s becomes the writer, and the server starts again for it', async (_who, change) => {
  await expect(failOver(change)).resolves.toMatchObject({ DBCluster: { Status: 'failing-over' } });
  await expect(failOver()).rejects.toEqual(awsError('InvalidDBClusterStateFault', 'failing-over'));
  await pass(2000);
  expect(await clusterNow(bench)).toMatchObject({
    Status: 'available',
    DBClusterMembers: [
      { DBInstanceIdentifier: 'trading-1', IsClusterWriter: false },
      { DBInstanceIdentifier: 'trading-2', IsClusterWriter: true },
    ],
  });
  expect(bench.source.calls).toEqual(['start trading-1', 'stop', 'start trading-2']);
});

test.each([
  ['the writer', 'trading', 'trading-1', 'InvalidDBClusterStateFault', 'trading-1'],
  ['an instance of another cluster', 'copy', 'trading-2', 'InvalidParameterCombination', 'not a member'],
  ['an instance that is not there', 'trading', 'gone', 'DBInstanceNotFound', 'gone'],
  ['a cluster without a reader', 'copy', undefined, 'InvalidDBClusterStateFault', 'no reader'],
])('refuses %s', async (_what, DBClusterIdentifier, TargetDBInstanceIdentifier, code, message) => {
  await restoreCopy(bench);
  const target = TargetDBInstanceIdentifier === undefined ? {} : { TargetDBInstanceIdentifier };
  await expect(failOver({ DBClusterIdentifier, ...target })).rejects.toEqual(awsError(code, message));
});
