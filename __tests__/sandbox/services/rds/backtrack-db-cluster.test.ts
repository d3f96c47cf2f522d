import { awsError, clusterNow, openRdsBench, pass, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
  const cluster = bench.state.cluster('trading');
  cluster.settings = { ...cluster.settings, backtrackWindowSeconds: 3600 };
  await pass(60_000);
});
afterEach(() => bench.state.close());

const backtrack = (change: object = {}): Promise<Record<string, unknown>> =>
  bench.call('BacktrackDBCluster', {
    DBClusterIdentifier: 'trading',
    BacktrackTo: '2026-01-02T00:00:30Z',
    ...change,
  });

test('ends the server, rewinds, and goes on at the same address', async () => {
  const before = await clusterNow(bench);
  expect(before).toMatchObject({
    BacktrackWindow: 3600,
    EarliestBacktrackTime: new Date('2026-01-02T00:00:00Z'),
  });
  const { BacktrackIdentifier, ...started } = await backtrack();
  expect(started).toMatchObject({ Status: 'applying', BacktrackTo: new Date('2026-01-02T00:00:30Z') });
  await pass(0);
  expect(await clusterNow(bench)).toMatchObject({ Status: 'backtracking' });
  expect(bench.source.calls.slice(-2)).toEqual(['stop', 'restore to 2026-01-02T00:00:30.000Z']);
  await pass(2000);
  expect(await clusterNow(bench)).toMatchObject({ Status: 'available', Endpoint: before['Endpoint'] });
  expect(bench.source.restored?.calls).toEqual(['start trading-1']);
  expect(
    await bench.call('DescribeDBClusterBacktracks', { DBClusterIdentifier: 'trading', BacktrackIdentifier }),
  ).toMatchObject({ DBClusterBacktracks: [{ BacktrackIdentifier, Status: 'completed' }] });
});

test('can be undone by another one, and leaves what was before restorable', async () => {
  const { EarliestRestorableTime: earliest } = await clusterNow(bench);
  await backtrack();
  await pass(60_000);
  expect(await clusterNow(bench)).toMatchObject({ EarliestRestorableTime: earliest });
  await bench.call('RestoreDBClusterToPointInTime', {
    DBClusterIdentifier: 'before',
    SourceDBClusterIdentifier: 'trading',
    RestoreToTime: '2026-01-02T00:00:45Z',
  });
  expect(bench.source.calls.at(-1)).toBe('restore to 2026-01-02T00:00:45.000Z');
  await backtrack({ BacktrackTo: '2026-01-02T00:00:59Z' });
  await pass(3000);
  expect(bench.source.calls.at(-1)).toBe('restore to 2026-01-02T00:00:59.000Z');
  const rewound = bench.state.cluster('trading');
  expect(rewound.database?.engine).toBe(bench.source.restored);
  expect(rewound.earlier).toHaveLength(2);
});

test('the storage from before goes with the cluster', async () => {
  await backtrack();
  await pass(3000);
  await bench.call('ModifyDBCluster', { DBClusterIdentifier: 'trading', DeletionProtection: 'false' });
  for (const DBInstanceIdentifier of ['trading-1', 'trading-2']) {
    await bench.call('DeleteDBInstance', { DBInstanceIdentifier });
  }
  await pass(3000);
  await bench.call('DeleteDBCluster', { DBClusterIdentifier: 'trading', SkipFinalSnapshot: 'true' });
  await pass(3000);
  expect(bench.source.calls.at(-1)).toBe('destroy');
  expect(bench.source.restored?.calls.at(-1)).toBe('destroy');
});

test('cannot be switched on where the cluster was made without', async () => {
  const cluster = bench.state.cluster('trading');
  cluster.settings = { ...cluster.settings, backtrackWindowSeconds: 0 };
  await expect(
    bench.call('ModifyDBCluster', { DBClusterIdentifier: 'trading', BacktrackWindow: '3600' }),
  ).rejects.toEqual(awsError('InvalidParameterCombination', 'created without'));
});

test('one that fails leaves the cluster as it was', async () => {
  bench.source.failsToRestore = true;
  await backtrack();
  await pass(2000);
  expect(await clusterNow(bench)).toMatchObject({ Status: 'available' });
  expect(bench.source.calls.at(-1)).toBe('start trading-1');
  expect(await bench.call('DescribeDBClusterBacktracks', { DBClusterIdentifier: 'trading' })).toMatchObject({
    DBClusterBacktracks: [{ Status: 'failed' }],
  });
  expect(bench.said).toEqual([expect.stringContaining('rewinding cluster trading failed')]);
});

test.each([
  [
    'a time before the window',
    { BacktrackTo: '2026-01-01T23:00:00Z' },
    'InvalidParameterValue',
    'not between',
  ],
  ['a time to come', { BacktrackTo: '2026-01-03T00:00:00Z' }, 'InvalidParameterValue', 'not between'],
  ['a cluster that is not there', { DBClusterIdentifier: 'nope' }, 'DBClusterNotFoundFault', 'nope'],
])('refuses %s', async (_what, change, code, message) => {
  await expect(backtrack(change)).rejects.toEqual(awsError(code, message));
});

test('takes the earliest time instead where told to', async () => {
  await expect(
    backtrack({ BacktrackTo: '2026-01-01T23:00:00Z', UseEarliestTimeOnPointInTimeUnavailable: 'true' }),
  ).resolves.toMatchObject({ BacktrackTo: new Date('2026-01-02T00:00:00Z') });
});

test('refuses a second one before the first has ended, and any where backtrack is off', async () => {
  await backtrack();
  await expect(backtrack()).rejects.toEqual(awsError('InvalidDBClusterStateFault', 'backtracking'));
  await pass(2000);
  const cluster = bench.state.cluster('trading');
  cluster.settings = { ...cluster.settings, backtrackWindowSeconds: 0 };
  await expect(backtrack()).rejects.toEqual(awsError('InvalidParameterCombination', 'not enabled'));
});
