import { awsError, clusterNow, openRdsBench, pass, restoreCopy, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
});
afterEach(() => bench.state.close());

const modify = (change: object, DBClusterIdentifier = 'trading'): Promise<Record<string, unknown>> =>
  bench.call('ModifyDBCluster', { DBClusterIdentifier, ...change });

test('a change shows at once, and the cluster is modifying for a while', async () => {
  await expect(modify({ DeletionProtection: 'false', BackupRetentionPeriod: '14' })).resolves.toMatchObject({
    DBCluster: { Status: 'modifying', DeletionProtection: false, BackupRetentionPeriod: 14 },
  });
  await pass(1999);
  expect(await clusterNow(bench)).toMatchObject({ Status: 'modifying' });
  await pass(1);
  expect(await clusterNow(bench)).toMatchObject({ Status: 'available' });
});

test('what is not named stays', async () => {
  const before = await clusterNow(bench);
  await modify({ CopyTagsToSnapshot: 'false' });
  await pass(2000);
  expect(await clusterNow(bench)).toEqual({
    ...before,
    CopyTagsToSnapshot: false,
    LatestRestorableTime: undefined,
  });
});

test('log exports are switched on and off, and lines follow', async () => {
  bench.source.writeAuditLine('one');
  await modify({
    CloudwatchLogsExportConfiguration: { DisableLogTypes: ['audit'], EnableLogTypes: ['error'] },
  });
  bench.source.writeAuditLine('two');
  expect(bench.auditLines).toEqual(['trading trading-1 one']);
  expect(await clusterNow(bench)).toMatchObject({ EnabledCloudwatchLogsExports: ['error'] });
});

test('a master password is set in the database', async () => {
  await modify({ MasterUserPassword: 'correct-horse' });
  await pass(0);
  expect(bench.source.calls).toContain('password of admin: correct-horse');
});

test('a master password waits for the server of a cluster without instances', async () => {
  await restoreCopy(bench);
  await modify({ MasterUserPassword: 'correct-horse' }, 'copy');
  await pass(2000);
  expect(bench.source.restored?.calls).toEqual([]);
  await bench.call('CreateDBInstance', {
    DBInstanceIdentifier: 'copy-1',
    DBClusterIdentifier: 'copy',
    DBInstanceClass: 'db.r6g.large',
    Engine: 'aurora-mysql',
  });
  await pass(3000);
  expect(bench.source.restored?.calls).toEqual(['start copy-1', 'password of admin: correct-horse']);
});

test.each([
  ['a name that is taken', { NewDBClusterIdentifier: 'Trading-2' }, 'DBClusterAlreadyExistsFault', 'already'],
  ['a name that is none', { NewDBClusterIdentifier: 'a--b' }, 'InvalidParameterValue', 'valid identifier'],
  ['an upgrade, which the sandbox lacks', { EngineVersion: '8.0' }, 'NotImplemented', 'EngineVersion'],
  [
    'a retention out of range',
    { BackupRetentionPeriod: '36' },
    'InvalidParameterValue',
    'BackupRetentionPeriod',
  ],
  ['a password too short', { MasterUserPassword: 'short' }, 'InvalidParameterValue', 'valid password'],
  [
    'an unknown parameter group',
    { DBClusterParameterGroupName: 'x' },
    'DBClusterParameterGroupNotFound',
    'x',
  ],
  ['an unknown security group', { VpcSecurityGroupIds: ['sg-1'] }, 'InvalidParameterValue', 'sg-1'],
])('refuses %s', async (_what, change, code, message) => {
  await restoreCopy(bench, 'trading-2');
  const before = await clusterNow(bench);
  await expect(modify(change)).rejects.toEqual(awsError(code, message));
  expect(await clusterNow(bench)).toEqual(before);
});

test('a cluster that is modifying is not modified again', async () => {
  await modify({ DeletionProtection: 'false' });
  await expect(modify({ DeletionProtection: 'true' })).rejects.toEqual(
    awsError('InvalidDBClusterStateFault', 'modifying'),
  );
});

describe('a new name', () => {
  test('shows after a while, with an endpoint of its own; the old name is free', async () => {
    const { DbClusterResourceId, Endpoint } = await clusterNow(bench);
    await expect(modify({ NewDBClusterIdentifier: 'Retired' })).resolves.toMatchObject({
      DBCluster: { DBClusterIdentifier: 'trading', Status: 'renaming' },
    });
    await pass(4000);
    const renamed = await clusterNow(bench, 'retired');
    expect(renamed).toMatchObject({
      DBClusterIdentifier: 'retired',
      DBClusterArn: 'arn:aws:rds:us-east-2:000000000000:cluster:retired',
      DbClusterResourceId,
      Status: 'available',
      DBClusterMembers: [{ DBInstanceIdentifier: 'trading-1' }, { DBInstanceIdentifier: 'trading-2' }],
    });
    expect(renamed['Endpoint']).not.toBe(Endpoint);
    expect(bench.source.address.host).toBe(renamed['Endpoint']);
    await expect(clusterNow(bench)).rejects.toEqual(awsError('DBClusterNotFoundFault'));
  });

  test('that another cluster had leads to the endpoint that belongs to it', async () => {
    const { Endpoint } = await clusterNow(bench);
    await restoreCopy(bench);
    await modify({ NewDBClusterIdentifier: 'retired' });
    await pass(4000);
    await modify({ NewDBClusterIdentifier: 'trading' }, 'copy');
    await pass(4000);
    expect(await clusterNow(bench)).toMatchObject({ Endpoint, DeletionProtection: false });
    expect(bench.source.restored?.address.host).toBe(Endpoint);
  });
});

test('a security group without a rule cuts everybody off until another takes its place', async () => {
  const { Endpoint, VpcSecurityGroups } = await clusterNow(bench);
  const [group] = VpcSecurityGroups as { VpcSecurityGroupId: string }[];
  await modify({ VpcSecurityGroupIds: ['sg-0000000000000c105'] });
  await pass(2000);
  expect(bench.source.address.host).not.toBe(Endpoint);
  expect(await clusterNow(bench)).toMatchObject({ Endpoint });
  await modify({ VpcSecurityGroupIds: [group?.VpcSecurityGroupId] });
  await pass(2000);
  expect(bench.source.address.host).toBe(Endpoint);
});
