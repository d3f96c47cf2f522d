import {
  awsError,
  clusterNow,
  instanceNow,
  openRdsBench,
  pass,
  restoreCopy,
  type RdsBench,
} from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
  await restoreCopy(bench);
});
afterEach(() => bench.state.close());

const request = {
  DBInstanceIdentifier: 'copy-1',
  DBClusterIdentifier: 'copy',
  DBInstanceClass: 'db.r6g.large',
  Engine: 'aurora-mysql',
};
const create = (change: object = {}): Promise<Record<string, unknown>> =>
  bench.call('CreateDBInstance', { ...request, ...change });

test('the first instance is the writer, and the server runs once it is available', async () => {
  await expect(create()).resolves.toMatchObject({
    DBInstance: { DBInstanceStatus: 'creating', Endpoint: undefined },
  });
  await pass(2999);
  expect(bench.source.restored?.calls).toEqual([]);
  await pass(1);
  expect(bench.source.restored?.calls).toEqual(['start copy-1']);
  expect(await instanceNow(bench, 'copy-1')).toMatchObject({
    DBInstanceStatus: 'available',
    Endpoint: { Address: '127.1.0.2', Port: 3306 },
  });
});

test('a second instance is a reader: the server goes on', async () => {
  await create();
  await pass(3000);
  await create({ DBInstanceIdentifier: 'copy-2' });
  await pass(3000);
  expect(bench.source.restored?.calls).toEqual(['start copy-1']);
  expect(await clusterNow(bench, 'copy')).toMatchObject({
    DBClusterMembers: [
      { DBInstanceIdentifier: 'copy-1', IsClusterWriter: true },
      { DBInstanceIdentifier: 'copy-2', IsClusterWriter: false },
    ],
  });
});

test('what is asked for is carried over', async () => {
  await expect(
    create({
      DBParameterGroupName: 'trading-parameters',
      PromotionTier: '3',
      Tags: [{ Key: 'drill', Value: 'x' }],
      CopyTagsToSnapshot: 'true',
      EnablePerformanceInsights: 'true',
      MonitoringInterval: '30',
      MonitoringRoleArn: 'arn:aws:iam::000000000000:role/monitoring',
    }),
  ).resolves.toMatchObject({
    DBInstance: {
      DBParameterGroups: [{ DBParameterGroupName: 'trading-parameters' }],
      PromotionTier: 3,
      TagList: [{ Key: 'drill', Value: 'x' }],
      CopyTagsToSnapshot: true,
      PerformanceInsightsEnabled: true,
      PerformanceInsightsRetentionPeriod: 7,
      MonitoringInterval: 30,
    },
  });
});

test('without a parameter group it has the default, not that of the source', async () => {
  await expect(create()).resolves.toMatchObject({
    DBInstance: { DBParameterGroups: [{ DBParameterGroupName: 'default.aurora-mysql8.0' }] },
  });
});

test.each([
  [
    'a name that another cluster uses',
    { DBInstanceIdentifier: 'Trading-1' },
    'DBInstanceAlreadyExists',
    'exists',
  ],
  ['an invalid name', { DBInstanceIdentifier: '1a' }, 'InvalidParameterValue', 'valid identifier'],
  ['a cluster that is not there', { DBClusterIdentifier: 'gone' }, 'DBClusterNotFoundFault', 'gone'],
  ['another engine', { Engine: 'aurora-postgresql' }, 'InvalidParameterCombination', 'aurora-postgresql'],
  ['another engine version', { EngineVersion: '8.0' }, 'InvalidParameterCombination', '8.0'],
  [
    'an impossible class',
    { DBInstanceClass: 'large' },
    'InvalidParameterValue',
    'Invalid DB Instance class: large',
  ],
  ['an unknown parameter group', { DBParameterGroupName: 'x' }, 'DBParameterGroupNotFound', 'x'],
  [
    'a subnet group other than its cluster’s',
    { DBSubnetGroupName: 'trading-subnets' },
    'InvalidParameterCombination',
    'default',
  ],
  ['an unknown zone', { AvailabilityZone: 'us-east-2z' }, 'InvalidParameterValue', 'us-east-2z'],
  ['a promotion tier out of range', { PromotionTier: '16' }, 'InvalidParameterValue', 'PromotionTier'],
  [
    'Performance Insights on a class that has none',
    { DBInstanceClass: 'db.t3.medium', EnablePerformanceInsights: 'true' },
    'InvalidParameterCombination',
    'Performance Insights not supported',
  ],
  [
    'monitoring without a role',
    { MonitoringInterval: '30' },
    'InvalidParameterCombination',
    'MonitoringRoleARN',
  ],
  [
    'an instance without a cluster',
    { DBClusterIdentifier: undefined },
    'NotImplemented',
    'outside of a cluster',
  ],
  ['storage of its own', { AllocatedStorage: '20' }, 'NotImplemented', 'AllocatedStorage'],
])('refuses %s', async (_what, change, code, message) => {
  await expect(create(change)).rejects.toEqual(awsError(code, message));
  expect(bench.state.instances.size).toBe(2);
});

test('a cluster that is not available yet is refused', async () => {
  await bench.call('RestoreDBClusterToPointInTime', {
    DBClusterIdentifier: 'young',
    SourceDBClusterIdentifier: 'trading',
    UseLatestRestorableTime: 'true',
  });
  await expect(create({ DBClusterIdentifier: 'young' })).rejects.toEqual(
    awsError('InvalidDBClusterStateFault', 'not currently in the available state'),
  );
});

test('where the server does not start the instance has failed, and a further one can try', async () => {
  const { restored } = bench.source;
  if (restored === undefined) throw new Error('nothing was restored');
  restored.failsToStart = true;
  await create();
  await pass(3000);
  expect(await instanceNow(bench, 'copy-1')).toMatchObject({ DBInstanceStatus: 'failed' });
  expect(bench.said).toEqual([expect.stringContaining('creating instance copy-1 failed')]);
  restored.failsToStart = false;
  await create({ DBInstanceIdentifier: 'copy-2' });
  await pass(3000);
  expect(await instanceNow(bench, 'copy-2')).toMatchObject({ DBInstanceStatus: 'available' });
  expect(restored.calls).toEqual(['start copy-1', 'start copy-2']);
});
