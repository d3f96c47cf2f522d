import {
  DBClusterNotFoundFault,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { RdsInstances } from '../../../lib/cutover/rds-instances';

const rds = mockClient(RDSClient);
const instances = new RdsInstances(new RDSClient({ region: 'eu-central-1' }));
beforeEach(() => {
  rds.reset();
  rds.on(DescribeDBClustersCommand, { DBClusterIdentifier: 'trading' }).resolves({
    DBClusters: [
      {
        DBClusterMembers: [
          { DBInstanceIdentifier: 'a', IsClusterWriter: false },
          { DBInstanceIdentifier: 'b', IsClusterWriter: true },
        ],
      },
    ],
  });
});

function show(...found: [name: string, host: string | undefined, status?: string][]): void {
  rds.on(DescribeDBInstancesCommand).resolves({
    DBInstances: found.map(([DBInstanceIdentifier, Address, DBInstanceStatus = 'available']) => ({
      DBInstanceIdentifier,
      DBInstanceStatus,
      ...(Address === undefined ? {} : { Endpoint: { Address, Port: 3306 } }),
    })),
  });
}

test('every instance has an address, the writer first', async () => {
  show(['a', 'a.x'], ['b', 'b.x'], ['c', 'c.x']);
  expect((await instances.fetch('trading')).map(({ host }) => host)).toEqual(['b.x', 'a.x', 'c.x']);
});

test('one that several share is asked once, and one that is made or ends is not', async () => {
  show(['a', 'one.x'], ['b', 'one.x'], ['c', undefined, 'creating'], ['d', 'd.x', 'deleting']);
  expect(await instances.fetch('trading')).toEqual([{ host: 'one.x', port: 3306 }]);
});

test('a cluster that is gone has none', async () => {
  rds.on(DescribeDBClustersCommand).rejects(new DBClusterNotFoundFault({ message: '', $metadata: {} }));
  expect(await instances.fetch('trading')).toEqual([]);
});
