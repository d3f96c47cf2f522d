import { awsError, openRdsBench, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

test('a cluster that was never rewound has none, and one that is named must be there', async () => {
  const request = { DBClusterIdentifier: 'trading' };
  expect(await bench.call('DescribeDBClusterBacktracks', request)).toEqual({ DBClusterBacktracks: [] });
  await expect(
    bench.call('DescribeDBClusterBacktracks', { ...request, BacktrackIdentifier: 'x' }),
  ).rejects.toEqual(awsError('DBClusterBacktrackNotFoundFault', 'x'));
});
