import { awsError, instanceNow, openRdsBench, pass, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

const reboot = (change: object = {}): Promise<Record<string, unknown>> =>
  bench.call('RebootDBInstance', { DBInstanceIdentifier: 'trading-1', ...change });

test('the server of a writer starts again, and the instance is rebooting for a while', async () => {
  await expect(reboot()).resolves.toMatchObject({ DBInstance: { DBInstanceStatus: 'rebooting' } });
  await pass(0);
  expect(bench.source.calls).toEqual(['start trading-1', 'stop', 'start trading-1']);
  await expect(reboot()).rejects.toEqual(awsError('InvalidDBInstanceState', 'rebooting'));
  await pass(2000);
  expect(await instanceNow(bench, 'trading-1')).toMatchObject({ DBInstanceStatus: 'available' });
});

test('a reader has no server to start again', async () => {
  await reboot({ DBInstanceIdentifier: 'trading-2' });
  await pass(2000);
  expect(bench.source.calls).toEqual(['start trading-1']);
  expect(await instanceNow(bench, 'trading-2')).toMatchObject({ DBInstanceStatus: 'available' });
});

test.each([
  ['an instance that is not there', { DBInstanceIdentifier: 'gone' }, 'DBInstanceNotFound', 'gone'],
  ['a failover in passing', { ForceFailover: 'true' }, 'InvalidParameterCombination', 'FailoverDBCluster'],
])('refuses %s', async (_what, change, code, message) => {
  await expect(reboot(change)).rejects.toEqual(awsError(code, message));
});
