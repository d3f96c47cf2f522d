import { awsError, openRdsBench, pass, restoreCopy, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
  await restoreCopy(bench);
});
afterEach(() => bench.state.close());

async function found(input: object): Promise<unknown[]> {
  const { DBClusters } = await bench.call('DescribeDBClusters', input);
  return (DBClusters as { DBClusterIdentifier: string }[]).map((cluster) => cluster.DBClusterIdentifier);
}

test('tells of its instances, the writer first', async () => {
  await expect(bench.call('DescribeDBClusters', { DBClusterIdentifier: 'trading' })).resolves.toMatchObject({
    DBClusters: [
      {
        DBClusterMembers: [
          { DBInstanceIdentifier: 'trading-1', IsClusterWriter: true, PromotionTier: 0 },
          { DBInstanceIdentifier: 'trading-2', IsClusterWriter: false, PromotionTier: 1 },
        ],
      },
    ],
  });
});

test('the restorable window is what the engine can restore, its end held back and both ends rounded inwards', async () => {
  bench.source.earliestRestorableAt = () => Date.parse('2026-01-02T00:00:00.000Z') * 1000 + 1;
  bench.source.latestRestorableAt = () => Date.parse('2026-01-02T00:00:13.000Z') * 1000 + 999;
  await expect(bench.call('DescribeDBClusters', { DBClusterIdentifier: 'trading' })).resolves.toMatchObject({
    DBClusters: [
      {
        EarliestRestorableTime: new Date('2026-01-02T00:00:00.001Z'),
        LatestRestorableTime: new Date('2026-01-02T00:00:08.000Z'),
      },
    ],
  });
});

test.each([
  ['no filter', {}, ['copy', 'trading']],
  ['an identifier in another case', { DBClusterIdentifier: 'TRADING' }, ['trading']],
  ['an ARN', { DBClusterIdentifier: 'arn:aws:rds:us-east-2:000000000000:cluster:copy' }, ['copy']],
  ['a filter by identifier', { Filters: [{ Name: 'db-cluster-id', Values: ['copy', 'gone'] }] }, ['copy']],
  ['a filter by engine', { Filters: [{ Name: 'engine', Values: ['aurora-postgresql'] }] }, []],
])('finds by %s', async (_what, input, expected) => {
  await expect(found(input)).resolves.toEqual(expected);
});

test.each([
  ['a cluster that is not there', { DBClusterIdentifier: 'gone' }, 'DBClusterNotFoundFault'],
  ['an unknown filter', { Filters: [{ Name: 'colour', Values: ['red'] }] }, 'InvalidParameterValue'],
  ['a page too small', { MaxRecords: '19' }, 'InvalidParameterValue'],
  ['a marker of someone else', { Marker: '!' }, 'InvalidParameterValue'],
])('refuses %s', async (_what, input, code) => {
  await expect(found(input)).rejects.toEqual(awsError(code));
});

test('pages lead through all clusters, each once', async () => {
  for (let n = 0; n < 20; n += 1) {
    await bench.call('RestoreDBClusterToPointInTime', {
      DBClusterIdentifier: `c${n}`,
      SourceDBClusterIdentifier: 'trading',
      UseLatestRestorableTime: 'true',
    });
  }
  await pass(3000);
  const first = await bench.call('DescribeDBClusters', { MaxRecords: '20' });
  const second = await bench.call('DescribeDBClusters', { MaxRecords: '20', Marker: first['Marker'] });
  expect((first['DBClusters'] as unknown[]).length).toBe(20);
  expect(second).toMatchObject({ Marker: undefined, DBClusters: [{}, {}] });
});
