import { awsError, clusterNow, openRdsBench, pass, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
  await pass(60_000);
});
afterEach(() => bench.state.close());

const request = {
  DBClusterIdentifier: 'Copy',
  SourceDBClusterIdentifier: 'trading',
  RestoreToTime: '2026-01-02T00:00:30Z',
};
const restore = (change: object = {}): Promise<Record<string, unknown>> =>
  bench.call('RestoreDBClusterToPointInTime', { ...request, ...change });

test('restores to the very time, becomes available later and has no instance', async () => {
  const { DBCluster } = await restore();
  expect(DBCluster).toMatchObject({ DBClusterIdentifier: 'copy', Status: 'creating', DBClusterMembers: [] });
  expect(bench.source.calls).toContain('restore to 2026-01-02T00:00:30.000Z');
  await pass(2999);
  expect(await clusterNow(bench, 'copy')).toMatchObject({ Status: 'creating' });
  await pass(1);
  expect(await clusterNow(bench, 'copy')).toMatchObject({ Status: 'available', DBClusterMembers: [] });
  expect(bench.source.restored?.calls).toEqual([]);
});

test('is not available before the restore has ended, however long it takes', async () => {
  let finish = (): void => undefined;
  bench.source.restoring = new Promise((resolve) => (finish = resolve));
  await restore();
  await pass(60_000);
  expect(await clusterNow(bench, 'copy')).toMatchObject({ Status: 'creating' });
  finish();
  await pass(0);
  expect(await clusterNow(bench, 'copy')).toMatchObject({ Status: 'available' });
});

test('restorable times are absent until the restore has finished', async () => {
  const { DBCluster } = await restore();
  expect(DBCluster).toMatchObject({ EarliestRestorableTime: undefined, LatestRestorableTime: undefined });
  await pass(10_000);
  expect(await clusterNow(bench, 'copy')).toMatchObject({
    EarliestRestorableTime: expect.any(Date) as Date,
    LatestRestorableTime: new Date('2026-01-02T00:01:05Z'),
  });
});

test('the copy has an address of its own and the port of its source', async () => {
  const source = await clusterNow(bench);
  const { DBCluster } = await restore();
  expect(DBCluster).toMatchObject({ Port: source['Port'] });
  expect((DBCluster as Record<string, unknown>)['Endpoint']).not.toBe(source['Endpoint']);
  await expect(restore({ DBClusterIdentifier: 'other', Port: '4000' })).resolves.toMatchObject({
    DBCluster: { Port: 4000 },
  });
});

test('what is not asked for becomes the default, not what the source has', async () => {
  const { DBCluster } = await restore();
  expect(DBCluster).toMatchObject({
    DBClusterParameterGroup: 'default.aurora-mysql8.0',
    DBSubnetGroup: 'default',
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-0000000000000d111', Status: 'active' }],
    EnabledCloudwatchLogsExports: undefined,
    DeletionProtection: false,
    CopyTagsToSnapshot: false,
  });
});

test('what is asked for is carried over', async () => {
  const source = await clusterNow(bench);
  const groups = source['VpcSecurityGroups'] as { VpcSecurityGroupId: string }[];
  const { DBCluster } = await restore({
    DBClusterParameterGroupName: 'trading-cluster-parameters',
    DBSubnetGroupName: 'trading-subnets',
    VpcSecurityGroupIds: groups.map((group) => group.VpcSecurityGroupId),
    EnableCloudwatchLogsExports: ['audit'],
    DeletionProtection: 'true',
    CopyTagsToSnapshot: 'true',
    KmsKeyId: source['KmsKeyId'],
    BackupRetentionPeriod: '3',
  });
  expect(DBCluster).toMatchObject({
    DBClusterParameterGroup: 'trading-cluster-parameters',
    DBSubnetGroup: 'trading-subnets',
    VpcSecurityGroups: groups,
    EnabledCloudwatchLogsExports: ['audit'],
    DeletionProtection: true,
    CopyTagsToSnapshot: true,
    BackupRetentionPeriod: 3,
    MasterUsername: 'admin',
  });
});

test('tags that are given replace those of the source', async () => {
  await expect(restore()).resolves.toMatchObject({
    DBCluster: { TagList: (await clusterNow(bench))['TagList'] },
  });
  const Tags = [{ Key: 'drill', Value: 'x' }];
  await expect(restore({ DBClusterIdentifier: 'tagged', Tags })).resolves.toMatchObject({
    DBCluster: { TagList: Tags },
  });
});

test('to the latest restorable time, which stays behind the engine', async () => {
  await restore({ RestoreToTime: undefined, UseLatestRestorableTime: 'true', RestoreType: '' });
  expect(bench.source.calls).toContain('restore to 2026-01-02T00:00:55.000Z');
});

test('a source can be named by its resource id', async () => {
  const { DbClusterResourceId } = await clusterNow(bench);
  const change = { SourceDBClusterIdentifier: undefined, SourceDbClusterResourceId: DbClusterResourceId };
  await expect(restore(change)).resolves.toMatchObject({ DBCluster: { Status: 'creating' } });
});

test.each([
  [
    'a time after the latest',
    { RestoreToTime: '2026-01-02T00:00:56Z' },
    'InvalidParameterValue',
    'later than 2026-01-02T00:00:55Z',
  ],
  [
    'a time before the earliest',
    { RestoreToTime: '2026-01-01T23:59:59Z' },
    'InvalidParameterValue',
    'earlier than 2026-01-02T00:00:00Z',
  ],
  ['no time', { RestoreToTime: undefined }, 'InvalidParameterCombination', 'RestoreToTime'],
  ['two times', { UseLatestRestorableTime: 'true' }, 'InvalidParameterCombination', 'not both'],
  ['no source', { SourceDBClusterIdentifier: undefined }, 'InvalidParameterCombination', 'Source'],
  ['a source that is not there', { SourceDBClusterIdentifier: 'gone' }, 'DBClusterNotFoundFault', 'gone'],
  [
    'a resource id that is not there',
    { SourceDBClusterIdentifier: undefined, SourceDbClusterResourceId: 'cluster-X' },
    'DBClusterAutomatedBackupNotFoundFault',
    'cluster-X',
  ],
  ['a name that is taken', { DBClusterIdentifier: 'TRADING' }, 'DBClusterAlreadyExistsFault', 'exists'],
  ['a name with two hyphens', { DBClusterIdentifier: 'a--b' }, 'InvalidParameterValue', 'valid identifier'],
  [
    'a name that ends in a hyphen',
    { DBClusterIdentifier: 'a-' },
    'InvalidParameterValue',
    'valid identifier',
  ],
  [
    'a name of 64 letters',
    { DBClusterIdentifier: 'a'.repeat(64) },
    'InvalidParameterValue',
    'valid identifier',
  ],
  ['no name', { DBClusterIdentifier: undefined }, 'MissingParameter', 'DBClusterIdentifier'],
  [
    'an unknown parameter group',
    { DBClusterParameterGroupName: 'x' },
    'DBClusterParameterGroupNotFound',
    'x',
  ],
  ['an unknown subnet group', { DBSubnetGroupName: 'x' }, 'DBSubnetGroupNotFoundFault', 'x'],
  ['an unknown security group', { VpcSecurityGroupIds: ['sg-1'] }, 'InvalidParameterValue', 'sg-1'],
  ['an unknown key', { KmsKeyId: 'alias/x' }, 'KMSKeyNotAccessibleFault', 'alias/x'],
  [
    'a log that the engine lacks',
    { EnableCloudwatchLogsExports: ['postgresql'] },
    'InvalidParameterCombination',
    'postgresql',
  ],
  ['a port out of range', { Port: '80' }, 'InvalidParameterValue', 'Port'],
  ['Performance Insights', { EnablePerformanceInsights: 'true' }, 'InvalidParameterCombination', 'Limitless'],
  ['a clone, which the sandbox lacks', { RestoreType: 'copy-on-write' }, 'NotImplemented', 'copy-on-write'],
  ['an option group, which the sandbox lacks', { OptionGroupName: 'x' }, 'NotImplemented', 'OptionGroupName'],
])('refuses %s and restores nothing', async (_what, change, code, message) => {
  await expect(restore(change)).rejects.toEqual(awsError(code, message));
  expect(bench.source.calls.filter((call) => call.startsWith('restore'))).toEqual([]);
  expect([...bench.state.clusters.keys()]).toEqual(['trading']);
});

test('a source that cannot be restored yet is refused', async () => {
  await bench.source.takeBaseBackup();
  await expect(restore()).rejects.toEqual(awsError('InvalidRestoreFault', 'no restorable time yet'));
});

test('of two restores to one name at once, one is refused', async () => {
  const results = await Promise.allSettled([restore(), restore()]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('a restore that fails is told of and leaves a cluster that is not available', async () => {
  bench.source.failsToRestore = true;
  await restore();
  await pass(3000);
  expect(await clusterNow(bench, 'copy')).toMatchObject({ Status: 'migration-failed' });
  expect(bench.said).toEqual([
    expect.stringContaining('restoring cluster copy failed: Error: the log is torn'),
  ]);
  await bench.call('DeleteDBCluster', { DBClusterIdentifier: 'copy', SkipFinalSnapshot: 'true' });
  await pass(2000);
  await expect(clusterNow(bench, 'copy')).rejects.toEqual(awsError('DBClusterNotFoundFault'));
});
