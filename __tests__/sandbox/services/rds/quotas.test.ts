import { awsError, openRdsBench, pass, restoreCopy, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

test('the 41st cluster is refused', async () => {
  for (let n = 2; n <= 40; n++) await restoreCopy(bench, `copy-${n}`);
  await expect(restoreCopy(bench, 'copy-41')).rejects.toEqual(awsError('DBClusterQuotaExceededFault'));
});

test('the 41st instance is refused', async () => {
  const create = (n: number): Promise<unknown> =>
    bench.call('CreateDBInstance', {
      DBInstanceIdentifier: `more-${n}`,
      DBClusterIdentifier: 'trading',
      DBInstanceClass: 'db.r6g.large',
      Engine: 'aurora-mysql',
    });
  for (let n = 3; n <= 40; n++) await create(n);
  await expect(create(41)).rejects.toEqual(awsError('InstanceQuotaExceeded'));
});

test('the 101st manual snapshot is refused', async () => {
  const create = (n: number): Promise<unknown> =>
    bench.call('CreateDBClusterSnapshot', {
      DBClusterIdentifier: 'trading',
      DBClusterSnapshotIdentifier: `s-${n}`,
    });
  for (let n = 1; n <= 100; n++) await create(n);
  await expect(create(101)).rejects.toEqual(awsError('SnapshotQuotaExceeded'));
  await pass(5000);
});
