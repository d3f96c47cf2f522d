import { setTimeout as sleep } from 'node:timers/promises';
import {
  BacktrackDBClusterCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClusterAutomatedBackupsCommand,
  DescribeDBClusterBacktracksCommand,
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
  RDSClient,
  RestoreDBClusterFromSnapshotCommand,
  RestoreDBClusterToPointInTimeCommand,
  waitUntilDBClusterAvailable,
  waitUntilDBClusterDeleted,
  waitUntilDBClusterSnapshotAvailable,
  waitUntilDBInstanceAvailable,
  waitUntilDBInstanceDeleted,
  type DBCluster,
} from '@aws-sdk/client-rds';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import type { SourceCluster } from '../../sandbox/scenario/scenario-host';
import { startSandbox, type Sandbox } from '../../sandbox/server';

jest.setTimeout(20 * 60_000);

let sandbox: Sandbox;
let source: SourceCluster;
let rds: RDSClient;
let deletedAt: Date;

const waiter = (): { client: RDSClient; maxWaitTime: number; minDelay: number; maxDelay: number } => ({
  client: rds,
  maxWaitTime: 60,
  minDelay: 1,
  maxDelay: 1,
});

beforeAll(async () => {
  const settings = { createDelayMs: 200, modifyDelayMs: 100, deleteDelayMs: 100, restorableLagMs: 300 };
  sandbox = await startSandbox({ settings, say: () => undefined });
  source = await sandbox.createSourceCluster({
    identifier: 'shop',
    instances: ['shop-1'],
    settings: { backtrackWindowSeconds: 3600 },
  });
  rds = new RDSClient({
    endpoint: sandbox.endpointUrl,
    region: sandbox.settings.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await query(source.host, 'CREATE DATABASE shop; CREATE TABLE shop.items (name VARCHAR(20) PRIMARY KEY)');
  await query(source.host, "INSERT INTO shop.items VALUES ('bread')");
  await rds.send(
    new CreateDBClusterSnapshotCommand({
      DBClusterIdentifier: 'shop',
      DBClusterSnapshotIdentifier: 'nightly',
    }),
  );
  await waitUntilDBClusterSnapshotAvailable(waiter(), { DBClusterSnapshotIdentifier: 'nightly' });
  await query(source.host, "INSERT INTO shop.items VALUES ('milk')");
  await sleep(50);
  deletedAt = new Date();
  await sleep(50);
  await query(source.host, 'DELETE FROM shop.items');
  while (((await cluster('shop')).LatestRestorableTime ?? 0) < deletedAt) await sleep(50);
});
afterAll(async () => {
  rds.destroy();
  await sandbox.close();
});

async function query(host: string, sql: string): Promise<RowDataPacket[]> {
  const connection: Connection = await mysql.createConnection({
    host,
    port: source.port,
    user: source.masterUsername,
    password: source.masterPassword,
    multipleStatements: true,
  });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

async function cluster(DBClusterIdentifier: string): Promise<DBCluster> {
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  const [found] = DBClusters ?? [];
  if (found === undefined) throw new Error(`no ${DBClusterIdentifier}`);
  return found;
}

/** What the cluster holds once it is available and has an instance. */
async function itemsOf(DBClusterIdentifier: string): Promise<unknown[]> {
  const DBInstanceIdentifier = `${DBClusterIdentifier}-1`;
  await waitUntilDBClusterAvailable(waiter(), { DBClusterIdentifier });
  const Engine = 'aurora-mysql';
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier,
      DBClusterIdentifier,
      DBInstanceClass: 'db.t4g.medium',
      Engine,
    }),
  );
  await waitUntilDBInstanceAvailable(waiter(), { DBInstanceIdentifier });
  return items((await cluster(DBClusterIdentifier)).Endpoint ?? '');
}

async function items(host: string): Promise<unknown[]> {
  return (await query(host, 'SELECT name FROM shop.items ORDER BY name')).map(
    (row) => row['name'] as unknown,
  );
}

async function deleteCluster(DBClusterIdentifier: string, DeleteAutomatedBackups: boolean): Promise<void> {
  const DBInstanceIdentifier = `${DBClusterIdentifier}-1`;
  await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
  await waitUntilDBInstanceDeleted(waiter(), { DBInstanceIdentifier });
  await rds.send(
    new DeleteDBClusterCommand({ DBClusterIdentifier, SkipFinalSnapshot: true, DeleteAutomatedBackups }),
  );
  await waitUntilDBClusterDeleted(waiter(), { DBClusterIdentifier });
}

async function rewind(BacktrackTo: Date): Promise<string | undefined> {
  const { BacktrackIdentifier } = await rds.send(
    new BacktrackDBClusterCommand({ DBClusterIdentifier: 'shop', BacktrackTo }),
  );
  while ((await cluster('shop')).Status !== 'available') await sleep(100);
  return BacktrackIdentifier;
}

// each test goes on where the one before it ended
test('a snapshot holds what there was when it was taken', async () => {
  await rds.send(
    new RestoreDBClusterFromSnapshotCommand({
      DBClusterIdentifier: 'shop-nightly',
      SnapshotIdentifier: 'nightly',
      Engine: 'aurora-mysql',
    }),
  );
  expect(await itemsOf('shop-nightly')).toEqual(['bread']);
  expect(await items(source.host)).toEqual([]);
});

test('a rewind gives the cluster itself the data of that time, at the same address', async () => {
  const before = new Date();
  const BacktrackIdentifier = await rewind(deletedAt);
  const { DBClusterBacktracks } = await rds.send(
    new DescribeDBClusterBacktracksCommand({ DBClusterIdentifier: 'shop', BacktrackIdentifier }),
  );
  expect(DBClusterBacktracks).toMatchObject([{ Status: 'completed', BacktrackTo: deletedAt }]);
  expect(await items(source.host)).toEqual(['bread', 'milk']);

  // undone by another one
  await rewind(before);
  expect(await items(source.host)).toEqual([]);
  await rewind(deletedAt);
  expect(await items(source.host)).toEqual(['bread', 'milk']);
});

test('a deleted cluster comes back out of its retained backups, and out of its snapshots', async () => {
  await query(source.host, "INSERT INTO shop.items VALUES ('salt')");
  await sleep(100);
  const { DbClusterResourceId } = await cluster('shop');
  await rds.send(
    new ModifyDBClusterCommand({
      DBClusterIdentifier: 'shop',
      DeletionProtection: false,
      ApplyImmediately: true,
    }),
  );
  await waitUntilDBClusterAvailable(waiter(), { DBClusterIdentifier: 'shop' });
  await deleteCluster('shop', false);
  const { DBClusterAutomatedBackups } = await rds.send(
    new DescribeDBClusterAutomatedBackupsCommand({ DbClusterResourceId }),
  );
  expect(DBClusterAutomatedBackups).toMatchObject([
    {
      DBClusterIdentifier: 'shop',
      Status: 'retained',
      RestoreWindow: { LatestTime: expect.any(Date) as Date },
    },
  ]);

  await rds.send(
    new RestoreDBClusterToPointInTimeCommand({
      DBClusterIdentifier: 'shop-again',
      SourceDbClusterResourceId: DbClusterResourceId,
      UseLatestRestorableTime: true,
    }),
  );
  await rds.send(
    new RestoreDBClusterFromSnapshotCommand({
      DBClusterIdentifier: 'shop-old',
      SnapshotIdentifier: 'nightly',
      Engine: 'aurora-mysql',
    }),
  );
  expect(await itemsOf('shop-again')).toEqual(['bread', 'milk', 'salt']);
  expect(await itemsOf('shop-old')).toEqual(['bread']);
});
