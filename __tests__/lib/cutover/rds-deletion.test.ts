import {
  DBClusterNotFoundFault,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBInstancesCommand,
  InvalidDBInstanceStateFault,
  KMSKeyNotAccessibleFault,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { RdsDeletion } from '../../../lib/cutover/rds-deletion';

const rds = mockClient(RDSClient);
beforeEach(() => rds.reset());
const deletion = new RdsDeletion(new RDSClient({ region: 'eu-central-1' }));
const cluster = {
  identifier: 'trading-retired',
  resourceId: 'cluster-OLD',
  deletionProtection: false,
  instances: ['a', 'b'],
  ending: false,
  snapshots: [],
  sessions: null,
};

test('a cluster ends after its instances, with a final snapshot, its automated backups kept', async () => {
  rds.onAnyCommand().resolves({});
  await deletion.begin(cluster, 'trading-retired-final');
  expect(rds.calls().map(({ args: [command] }) => command.input)).toEqual([
    { DBInstanceIdentifier: 'a' },
    { DBInstanceIdentifier: 'b' },
    {
      DBClusterIdentifier: 'trading-retired',
      SkipFinalSnapshot: false,
      FinalDBSnapshotIdentifier: 'trading-retired-final',
      DeleteAutomatedBackups: false,
    },
  ]);
});

test('what an earlier run has begun to end is left to it, and the rest goes on', async () => {
  rds
    .on(DeleteDBInstanceCommand, { DBInstanceIdentifier: 'a' })
    .rejects(
      new InvalidDBInstanceStateFault({ message: 'Instance a is already being deleted.', $metadata: {} }),
    )
    .on(DeleteDBInstanceCommand, { DBInstanceIdentifier: 'b' })
    .resolves({})
    .on(DeleteDBClusterCommand)
    .resolves({});
  await deletion.begin(cluster, 'f');
  expect(rds.commandCalls(DeleteDBClusterCommand)).toHaveLength(1);
});

test('whatever else RDS refuses is not passed over', async () => {
  rds.on(DeleteDBInstanceCommand).resolves({});
  rds.on(DeleteDBClusterCommand).rejects(new KMSKeyNotAccessibleFault({ message: 'no key', $metadata: {} }));
  await expect(deletion.begin(cluster, 'f')).rejects.toThrow('no key');
});

test('readers are told before the writer, and whether the end was begun', async () => {
  rds
    .on(DescribeDBClustersCommand)
    .resolves({
      DBClusters: [
        {
          Status: 'available',
          DBClusterMembers: [
            { DBInstanceIdentifier: 'w', IsClusterWriter: true },
            { DBInstanceIdentifier: 'r', IsClusterWriter: false },
          ],
        },
      ],
    })
    .on(DescribeDBInstancesCommand)
    .resolvesOnce({
      DBInstances: [
        { DBInstanceIdentifier: 'w', DBInstanceStatus: 'available' },
        { DBInstanceIdentifier: 'r', DBInstanceStatus: 'deleting' },
      ],
    })
    .resolves({ DBInstances: [{ DBInstanceIdentifier: 'w', DBInstanceStatus: 'deleting' }] })
    .on(DescribeDBClusterSnapshotsCommand)
    .resolves({
      DBClusterSnapshots: [
        { DBClusterSnapshotIdentifier: 'second', SnapshotCreateTime: new Date(2) },
        { DBClusterSnapshotIdentifier: 'first', SnapshotCreateTime: new Date(1) },
      ],
    });
  expect(await deletion.fetch('trading-retired')).toMatchObject({
    instances: ['r', 'w'],
    ending: false,
    snapshots: ['first', 'second'],
  });
  expect(await deletion.fetch('trading-retired')).toMatchObject({ ending: true });
});

test('a cluster that is gone is told as gone', async () => {
  rds
    .on(DescribeDBClustersCommand)
    .rejects(new DBClusterNotFoundFault({ message: 'not found', $metadata: {} }));
  await expect(deletion.fetch('trading-retired')).resolves.toBeUndefined();
});
