import { awsError, openRdsBench, restoreCopy, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

test('the parameters that a group sets stand beside the defaults that decide what is logged', async () => {
  const { Parameters } = await bench.call('DescribeDBClusterParameters', {
    DBClusterParameterGroupName: 'trading-cluster-parameters',
  });
  const values = (Parameters as { ParameterName: string; ParameterValue?: string; Source: string }[]).map(
    ({ ParameterName, ParameterValue, Source }) => `${ParameterName}=${ParameterValue ?? ''} (${Source})`,
  );
  expect(values).toEqual([
    'binlog_format=ROW (user)',
    'server_audit_events=CONNECT,QUERY,TABLE (user)',
    'server_audit_excl_users= (engine-default)',
    'server_audit_incl_users= (engine-default)',
    'server_audit_logging=1 (user)',
    'server_audit_logs_upload=1 (user)',
  ]);
});

test('parameters are narrowed by their source', async () => {
  await restoreCopy(bench);
  const input = { DBClusterParameterGroupName: 'default.aurora-mysql8.0', Source: 'user' };
  await expect(bench.call('DescribeDBClusterParameters', input)).resolves.toMatchObject({ Parameters: [] });
  await expect(bench.call('DescribeDBClusterParameters', { ...input, Source: 'x' })).rejects.toEqual(
    awsError('InvalidParameterValue', 'Source'),
  );
});
