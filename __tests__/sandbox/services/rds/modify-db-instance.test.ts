import { awsError, instanceNow, openRdsBench, pass, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

const modify = (change: object): Promise<Record<string, unknown>> =>
  bench.call('ModifyDBInstance', { DBInstanceIdentifier: 'trading-1', ...change });

test('a change shows at once, and the instance is modifying for a while', async () => {
  await expect(modify({ DBInstanceClass: 'db.r6g.xlarge', PromotionTier: '5' })).resolves.toMatchObject({
    DBInstance: { DBInstanceStatus: 'modifying', DBInstanceClass: 'db.r6g.xlarge', PromotionTier: 5 },
  });
  await pass(2000);
  expect(await instanceNow(bench, 'trading-1')).toMatchObject({ DBInstanceStatus: 'available' });
  expect(bench.source.calls).toEqual(['start trading-1']);
});

test('what is not named stays', async () => {
  const before = await instanceNow(bench, 'trading-1');
  await modify({ AutoMinorVersionUpgrade: 'false' });
  await pass(2000);
  expect(await instanceNow(bench, 'trading-1')).toEqual({ ...before, AutoMinorVersionUpgrade: false });
});

test.each([
  ['a name that is taken', { NewDBInstanceIdentifier: 'trading-2' }, 'DBInstanceAlreadyExists', 'already'],
  ['an instance that is not there', { DBInstanceIdentifier: 'gone' }, 'DBInstanceNotFound', 'gone'],
  ['an unknown parameter group', { DBParameterGroupName: 'x' }, 'DBParameterGroupNotFound', 'x'],
])('refuses %s', async (_what, change, code, message) => {
  await expect(modify(change)).rejects.toEqual(awsError(code, message));
});

test('an instance that is modifying is not modified again', async () => {
  await modify({ PromotionTier: '5' });
  await expect(modify({ PromotionTier: '6' })).rejects.toEqual(
    awsError('InvalidDBInstanceState', 'modifying'),
  );
});

test('a new name shows after a while, and the server of a writer starts again for it', async () => {
  const { DbiResourceId } = await instanceNow(bench, 'trading-1');
  await expect(
    bench.call('ModifyDBInstance', { DBInstanceIdentifier: 'trading-1', NewDBInstanceIdentifier: 'Old-1' }),
  ).resolves.toMatchObject({
    DBInstance: { DBInstanceIdentifier: 'trading-1', DBInstanceStatus: 'renaming' },
  });
  await pass(2000);
  expect(await instanceNow(bench, 'old-1')).toMatchObject({
    DBInstanceIdentifier: 'old-1',
    DBInstanceArn: 'arn:aws:rds:us-east-2:000000000000:db:old-1',
    DbiResourceId,
    DBInstanceStatus: 'available',
  });
  expect(bench.source.calls.slice(-2)).toEqual(['stop', 'start old-1']);
});
