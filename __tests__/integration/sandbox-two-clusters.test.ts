import { setTimeout as sleep } from 'node:timers/promises';
import {
  DBClusterAlreadyExistsFault,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBClustersCommand,
  FailoverDBClusterCommand,
  InvalidDBClusterStateFault,
  ModifyDBClusterCommand,
  RDSClient,
  RebootDBInstanceCommand,
  RestoreDBClusterFromSnapshotCommand,
  RestoreDBClusterToPointInTimeCommand,
  CreateDBInstanceCommand,
  waitUntilDBClusterAvailable,
  waitUntilDBInstanceAvailable,
  type DBCluster,
  type ModifyDBClusterCommandInput,
} from '@aws-sdk/client-rds';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import type { ApplicationStatus } from '../../sandbox/scenario/application-status';
import type { Scenario } from '../../sandbox/scenario/scenario-host';
import { startTradingScenario } from '../../sandbox/scenario/trading-scenario';
import { startSandbox, type Sandbox } from '../../sandbox/server';

jest.setTimeout(20 * 60_000);

const CLOSED_SECURITY_GROUP = 'sg-0000000000000c105';

let sandbox: Sandbox;
let scenario: Scenario;
let rds: RDSClient;

beforeAll(async () => {
  const settings = { createDelayMs: 200, modifyDelayMs: 100, deleteDelayMs: 100, restorableLagMs: 300 };
  sandbox = await startSandbox({ settings, say: () => undefined });
  scenario = await startTradingScenario(sandbox, { ledger: true });
  rds = new RDSClient({
    endpoint: sandbox.endpointUrl,
    region: sandbox.settings.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await until(async () => (await ledger()).entries > 20);
});
afterAll(async () => {
  await scenario.close();
  rds.destroy();
  await sandbox.close();
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}

async function ledger(): Promise<NonNullable<ApplicationStatus['ledger']>> {
  const response = await fetch(`${sandbox.endpointUrl}/_sandbox/application`);
  const { ledger: status } = (await response.json()) as ApplicationStatus;
  if (status === undefined) throw new Error('the application has no ledger');
  return status;
}

async function cluster(DBClusterIdentifier: string): Promise<DBCluster> {
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  const [found] = DBClusters ?? [];
  if (found === undefined) throw new Error(`no ${DBClusterIdentifier}`);
  return found;
}

/** A name that is still to be given is waited for too. */
const untilAvailable = (identifier: string): Promise<void> =>
  until(() =>
    cluster(identifier).then(
      ({ Status }) => Status === 'available',
      () => false,
    ),
  );

async function modify(identifier: string, change: Partial<ModifyDBClusterCommandInput>): Promise<void> {
  await rds.send(
    new ModifyDBClusterCommand({ DBClusterIdentifier: identifier, ApplyImmediately: true, ...change }),
  );
  await untilAvailable(change.NewDBClusterIdentifier ?? identifier);
}

async function connect(host = ''): Promise<Connection> {
  const connection = await mysql.createConnection({
    host,
    port: (await cluster('trading')).Port ?? 0,
    user: sandbox.settings.masterUsername,
    password: sandbox.settings.masterPassword,
  });
  connection.on('error', () => undefined);
  return connection;
}

async function rows(host: string | undefined, sql: string): Promise<RowDataPacket[]> {
  const connection = await connect(host);
  try {
    return (await connection.query<RowDataPacket[]>(sql))[0];
  } finally {
    await connection.end();
  }
}

/** Gives a restored cluster its first instance, and answers with its endpoint. */
async function startServer(DBClusterIdentifier: string): Promise<string | undefined> {
  const waiter = { client: rds, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  const DBInstanceIdentifier = `${DBClusterIdentifier}-1`;
  await waitUntilDBClusterAvailable(waiter, { DBClusterIdentifier });
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier,
      DBClusterIdentifier,
      DBInstanceClass: 'db.t4g.medium',
      Engine: 'aurora-mysql',
    }),
  );
  await waitUntilDBInstanceAvailable(waiter, { DBInstanceIdentifier });
  return (await cluster(DBClusterIdentifier)).Endpoint;
}

const ids = (found: RowDataPacket[]): number[] => found.map(({ id }) => Number(id));

test('restored to the same instant, orders and ledger agree; a second apart they do not', async () => {
  const at = new Date();
  await sleep(1200);
  const later = new Date();
  const restorable = async (identifier: string): Promise<Date> =>
    (await cluster(identifier)).LatestRestorableTime ?? new Date(0);
  await until(
    async () => (await restorable('trading')) > later && (await restorable('trading-ledger')) > later,
  );
  const restores: [string, string, Date][] = [
    ['orders-then', 'trading', at],
    ['ledger-then', 'trading-ledger', at],
    ['ledger-later', 'trading-ledger', later],
  ];
  for (const [DBClusterIdentifier, SourceDBClusterIdentifier, RestoreToTime] of restores) {
    await rds.send(
      new RestoreDBClusterToPointInTimeCommand({
        DBClusterIdentifier,
        SourceDBClusterIdentifier,
        RestoreToTime,
      }),
    );
  }
  const [orders, then, afterwards] = await Promise.all(restores.map(([name]) => startServer(name)));
  const entriesOf = async (host: string | undefined): Promise<number[]> =>
    ids(await rows(host, 'SELECT order_id AS id FROM ledger.entries ORDER BY id'));
  const booked = await entriesOf(then);
  const placed = ids(
    await rows(orders, `SELECT id FROM trading.orders WHERE id >= ${booked[0]} ORDER BY id`),
  );
  // an order commits before its entry does: the last one may not be booked yet
  expect([placed, placed.slice(0, -1)]).toContainEqual(booked);
  expect((await entriesOf(afterwards)).length).toBeGreaterThan(placed.length);
});

test('a cluster without an open security group cuts its sessions; what it misses is booked when it is back', async () => {
  const { Endpoint, VpcSecurityGroups } = await cluster('trading-ledger');
  const session = await connect(Endpoint);
  await modify('trading-ledger', { VpcSecurityGroupIds: [CLOSED_SECURITY_GROUP] });
  await expect(session.query('SELECT 1')).rejects.toThrow();
  await expect(connect(Endpoint)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await until(async () => (await ledger()).owed > 3);
  const { entries: before } = await ledger();
  await modify('trading-ledger', {
    VpcSecurityGroupIds: VpcSecurityGroups?.map(({ VpcSecurityGroupId: id = '' }) => id),
  });
  await until(async () => (await ledger()).owed === 0);
  expect((await ledger()).entries).toBeGreaterThan(before + 3);
});

test('a renamed cluster is reached at its new endpoint alone, and at the old one once it has its name back', async () => {
  const before = await cluster('trading-ledger');
  await expect(modify('trading-ledger', { NewDBClusterIdentifier: 'trading' })).rejects.toBeInstanceOf(
    DBClusterAlreadyExistsFault,
  );
  await modify('trading-ledger', { NewDBClusterIdentifier: 'trading-ledger-retired' });
  const renamed = await cluster('trading-ledger-retired');
  expect(renamed).toMatchObject({
    DbClusterResourceId: before.DbClusterResourceId,
    DBClusterMembers: before.DBClusterMembers,
    DBClusterArn: before.DBClusterArn?.replace(/trading-ledger$/, 'trading-ledger-retired'),
  });
  await expect(connect(before.Endpoint)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await rows(renamed.Endpoint, 'SELECT COUNT(*) AS n FROM ledger.books')).toEqual([{ n: 2 }]);
  await modify('trading-ledger-retired', { NewDBClusterIdentifier: 'trading-ledger' });
  expect(await cluster('trading-ledger')).toMatchObject({ Endpoint: before.Endpoint });
  expect(await rows(before.Endpoint, 'SELECT COUNT(*) AS n FROM ledger.books')).toEqual([{ n: 2 }]);
  await until(async () => (await ledger()).owed === 0);
});

test('a reboot cuts sessions and loses nothing; a cluster without a reader has nowhere to fail over to', async () => {
  const { Endpoint } = await cluster('trading-ledger');
  const session = await connect(Endpoint);
  await rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: 'trading-ledger-1' }));
  await until(() =>
    session.query('SELECT 1').then(
      () => false,
      () => true,
    ),
  );
  await until(async () => (await ledger()).owed === 0 && (await ledger()).lastError === null);
  await expect(
    rds.send(new FailoverDBClusterCommand({ DBClusterIdentifier: 'trading-ledger' })),
  ).rejects.toBeInstanceOf(InvalidDBClusterStateFault);
});

test('there is an automated snapshot from the start, which holds what the scenario began with', async () => {
  const { DBClusterSnapshots } = await rds.send(
    new DescribeDBClusterSnapshotsCommand({
      DBClusterIdentifier: 'trading-ledger',
      SnapshotType: 'automated',
    }),
  );
  expect(DBClusterSnapshots).toMatchObject([
    {
      DBClusterSnapshotIdentifier: expect.stringMatching(/^rds:trading-ledger-\d{4}(-\d\d){4}$/) as string,
      Status: 'available',
    },
  ]);
  await rds.send(
    new RestoreDBClusterFromSnapshotCommand({
      DBClusterIdentifier: 'ledger-began',
      SnapshotIdentifier: DBClusterSnapshots?.[0]?.DBClusterSnapshotIdentifier,
      Engine: 'aurora-mysql',
    }),
  );
  const endpoint = await startServer('ledger-began');
  expect(await rows(endpoint, 'SELECT COUNT(*) AS n FROM ledger.books')).toEqual([{ n: 2 }]);
  expect(await rows(endpoint, 'SELECT COUNT(*) AS n FROM ledger.entries')).toEqual([{ n: 0 }]);
});
