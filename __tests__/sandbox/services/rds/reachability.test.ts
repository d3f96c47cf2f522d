import { CLOSED_SECURITY_GROUP } from '../../../../sandbox/services/rds/rds-state';
import { clusterNow, openRdsBench, pass, restoreCopy, type RdsBench } from './rds-bench';

let bench: RdsBench;
beforeEach(async () => {
  bench = await openRdsBench();
  await pass(10_000);
});
afterEach(() => bench.state.close());

/** Whether the server listens where the cluster's endpoint says. */
async function isReachable(identifier: string): Promise<boolean> {
  const { Endpoint } = await clusterNow(bench, identifier);
  return bench.state.cluster(identifier).database?.engine.address.host === Endpoint;
}

const modify = async (DBClusterIdentifier: string, change: object): Promise<void> => {
  await bench.call('ModifyDBCluster', { DBClusterIdentifier, ...change });
  await pass(5000);
};

test('a closed cluster stays so under another name, until it gets another security group', async () => {
  const VpcSecurityGroupIds = (await clusterNow(bench, 'trading'))['VpcSecurityGroups'] as {
    VpcSecurityGroupId: string;
  }[];
  await modify('trading', { VpcSecurityGroupIds: [CLOSED_SECURITY_GROUP] });
  expect(await isReachable('trading')).toBe(false);
  await modify('trading', { NewDBClusterIdentifier: 'trading-retired' });
  expect(await isReachable('trading-retired')).toBe(false);
  await modify('trading-retired', {
    VpcSecurityGroupIds: VpcSecurityGroupIds.map(({ VpcSecurityGroupId: id }) => id),
  });
  expect(await isReachable('trading-retired')).toBe(true);
});

test('a cluster can be opened by the call that renames it', async () => {
  await modify('trading', { VpcSecurityGroupIds: [CLOSED_SECURITY_GROUP] });
  await modify('trading', {
    NewDBClusterIdentifier: 'open',
    VpcSecurityGroupIds: ['sg-0000000000000d111', CLOSED_SECURITY_GROUP],
  });
  expect(await isReachable('open')).toBe(true);
});

test('a cluster restored into a group without a rule cannot be reached, one restored otherwise can', async () => {
  await bench.call('RestoreDBClusterToPointInTime', {
    DBClusterIdentifier: 'closed',
    SourceDBClusterIdentifier: 'trading',
    UseLatestRestorableTime: 'true',
    VpcSecurityGroupIds: [CLOSED_SECURITY_GROUP],
  });
  await pass(3000);
  expect(await isReachable('closed')).toBe(false);
  await restoreCopy(bench);
  expect(await isReachable('copy')).toBe(true);
});
