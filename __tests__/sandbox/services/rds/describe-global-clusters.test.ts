import { awsError, openRdsBench, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

test('there is no global cluster', async () => {
  const Filters = [{ Name: 'db-cluster-id', Values: ['trading'] }];
  await expect(bench.call('DescribeGlobalClusters', { Filters })).resolves.toEqual({ GlobalClusters: [] });
  await expect(bench.call('DescribeGlobalClusters', { GlobalClusterIdentifier: 'x' })).rejects.toEqual(
    awsError('GlobalClusterNotFoundFault'),
  );
});
