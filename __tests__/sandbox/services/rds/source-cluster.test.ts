import { createSourceCluster } from '../../../../sandbox/services/rds/source-cluster';
import { FakeEngine } from './fake-engine';
import { clusterNow, openRdsBench, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

test('a source is at work from the start, and nothing of it is a default', async () => {
  const cluster = await clusterNow(bench);
  expect(cluster).toMatchObject({
    Status: 'available',
    DeletionProtection: true,
    EnabledCloudwatchLogsExports: ['audit'],
    DBClusterParameterGroup: 'trading-cluster-parameters',
    DBSubnetGroup: 'trading-subnets',
  });
  expect(cluster['VpcSecurityGroups']).not.toEqual([
    { VpcSecurityGroupId: 'sg-0000000000000d111', Status: 'active' },
  ]);
  expect(bench.source.calls).toEqual(['start trading-1']);
});

test('audit lines come from the writer', () => {
  bench.source.writeAuditLine('one');
  expect(bench.auditLines).toEqual(['trading trading-1 one']);
});

test('takes another port where the usual one is not to be had', async () => {
  jest
    .spyOn(bench.state.host, 'allocateAddress')
    .mockImplementation((port) =>
      port === 3306 ? Promise.reject(new Error('taken')) : Promise.resolve({ host: '127.1.0.9', port: 4711 }),
    );
  const cluster = await add('shop');
  expect(cluster.address.port).toBe(4711);
});

test.each([
  ['trading', 'already'],
  ['a--b', 'valid identifier'],
])('%s cannot be made', async (identifier, message) => {
  await expect(add(identifier)).rejects.toThrow(message);
});

function add(identifier: string): ReturnType<typeof createSourceCluster> {
  const user = { masterUsername: 'admin', masterPassword: 'secret' };
  return createSourceCluster(
    { identifier, instances: [`${identifier}-1`], engine: new FakeEngine(), ...user },
    bench.state,
  );
}
