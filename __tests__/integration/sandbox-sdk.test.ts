import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDBInstanceCommand,
  DBClusterNotFoundFault,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeGlobalClustersCommand,
  InvalidDBClusterStateFault,
  ListTagsForResourceCommand,
  ModifyDBClusterCommand,
  RDSClient,
  RestoreDBClusterToPointInTimeCommand,
  waitUntilDBClusterAvailable,
  waitUntilDBClusterDeleted,
  waitUntilDBInstanceAvailable,
  waitUntilDBInstanceDeleted,
  type DBCluster,
} from '@aws-sdk/client-rds';
import {
  DescribeParametersCommand,
  GetParameterCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import type { SourceCluster } from '../../sandbox/scenario/scenario-host';
import { startSandbox, type Sandbox } from '../../sandbox/server';

jest.setTimeout(20 * 60_000);

let sandbox: Sandbox;
let source: SourceCluster;
let rds: RDSClient;
let ssm: SSMClient;
let sts: STSClient;

beforeAll(async () => {
  const settings = { createDelayMs: 200, modifyDelayMs: 100, deleteDelayMs: 100, restorableLagMs: 300 };
  sandbox = await startSandbox({ settings, say: () => undefined });
  source = await sandbox.createSourceCluster({ identifier: 'shop', instances: ['shop-1', 'shop-2'] });
  const client = {
    endpoint: sandbox.endpointUrl,
    region: sandbox.settings.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  rds = new RDSClient(client);
  ssm = new SSMClient(client);
  sts = new STSClient(client);
});

afterAll(async () => {
  for (const client of [rds, ssm, sts]) client.destroy();
  await sandbox.close();
});

const connect = ({ host }: { host: string }): Promise<Connection> =>
  mysql.createConnection({
    host,
    port: source.port,
    user: source.masterUsername,
    password: source.masterPassword,
  });

async function cluster(DBClusterIdentifier: string): Promise<DBCluster> {
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  const [found] = DBClusters ?? [];
  if (found === undefined) throw new Error(`no ${DBClusterIdentifier}`);
  return found;
}

async function namesIn(host: string): Promise<string[]> {
  const connection = await connect({ host });
  try {
    const [rows] = await connection.query<(RowDataPacket & { name: string })[]>(
      'SELECT name FROM shop.items',
    );
    return rows.map(({ name }) => name);
  } finally {
    await connection.end();
  }
}

test('a cluster is restored to a time, gets an instance, holds the data of that time, and is deleted', async () => {
  const connection = await connect(source);
  await connection.query('CREATE DATABASE shop');
  await connection.query('CREATE TABLE shop.items (name VARCHAR(20) PRIMARY KEY)');
  await connection.query("INSERT INTO shop.items VALUES ('bread'), ('milk')");
  await sleep(50);
  const RestoreToTime = new Date();
  await sleep(50);
  await connection.query('DELETE FROM shop.items');
  await connection.end();
  while (((await cluster('shop')).LatestRestorableTime ?? 0) < RestoreToTime) await sleep(50);

  const before = await cluster('shop');
  const { DBCluster: restored } = await rds.send(
    new RestoreDBClusterToPointInTimeCommand({
      DBClusterIdentifier: 'shop-restored',
      SourceDBClusterIdentifier: 'shop',
      RestoreToTime,
      DBClusterParameterGroupName: before.DBClusterParameterGroup,
      VpcSecurityGroupIds: before.VpcSecurityGroups?.map((group) => group.VpcSecurityGroupId ?? ''),
      EnableCloudwatchLogsExports: ['audit'],
      Tags: [{ Key: 'drill', Value: 'a = b/c@d' }],
    }),
  );
  expect(restored).toMatchObject({ Status: 'creating', DBClusterMembers: [], DeletionProtection: false });
  expect(restored?.EarliestRestorableTime).toBeUndefined();
  const waiter = { client: rds, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
  await waitUntilDBClusterAvailable(waiter, { DBClusterIdentifier: 'shop-restored' });

  const copy = await cluster('shop-restored');
  expect(copy).toMatchObject({
    DBClusterParameterGroup: before.DBClusterParameterGroup,
    VpcSecurityGroups: before.VpcSecurityGroups,
    EnabledCloudwatchLogsExports: ['audit'],
    TagList: [{ Key: 'drill', Value: 'a = b/c@d' }],
    Port: before.Port,
    ClusterCreateTime: expect.any(Date) as Date,
  });
  expect(copy.Endpoint).not.toBe(before.Endpoint);
  await expect(connect({ host: copy.Endpoint ?? '' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });

  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'shop-restored-1',
      DBClusterIdentifier: 'shop-restored',
      DBInstanceClass: 'db.t4g.medium',
      Engine: 'aurora-mysql',
    }),
  );
  await waitUntilDBInstanceAvailable(waiter, { DBInstanceIdentifier: 'shop-restored-1' });
  expect(await namesIn(copy.Endpoint ?? '')).toEqual(['bread', 'milk']);
  expect(await namesIn(source.host)).toEqual([]);

  const remove = new DeleteDBClusterCommand({
    DBClusterIdentifier: 'shop-restored',
    SkipFinalSnapshot: true,
  });
  await expect(rds.send(remove)).rejects.toBeInstanceOf(InvalidDBClusterStateFault);
  await rds.send(
    new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'shop-restored-1', SkipFinalSnapshot: true }),
  );
  await waitUntilDBInstanceDeleted(waiter, { DBInstanceIdentifier: 'shop-restored-1' });
  await rds.send(remove);
  await waitUntilDBClusterDeleted(waiter, { DBClusterIdentifier: 'shop-restored' });
  await expect(cluster('shop-restored')).rejects.toBeInstanceOf(DBClusterNotFoundFault);
  expect(await namesIn(source.host)).toEqual([]);
});

test('empty and filled lists, flags, numbers and tags arrive as the SDK knows them', async () => {
  const shop = await cluster('shop');
  expect(shop).toMatchObject({
    DBClusterMembers: [
      { DBInstanceIdentifier: 'shop-1', IsClusterWriter: true, PromotionTier: 0 },
      { DBInstanceIdentifier: 'shop-2', IsClusterWriter: false, PromotionTier: 1 },
    ],
    AvailabilityZones: ['a', 'b', 'c'].map((zone) => `${sandbox.settings.region}${zone}`),
    AssociatedRoles: [],
    ReadReplicaIdentifiers: [],
    StorageEncrypted: true,
    BackupRetentionPeriod: 7,
  });
  const { TagList } = await rds.send(new ListTagsForResourceCommand({ ResourceName: shop.DBClusterArn }));
  expect(TagList).toEqual(shop.TagList);
  const { GlobalClusters } = await rds.send(
    new DescribeGlobalClustersCommand({
      Filters: [{ Name: 'db-cluster-id', Values: [shop.DBClusterArn ?? ''] }],
    }),
  );
  expect(GlobalClusters).toEqual([]);
});

test('what RDS lacks here is refused at once, by name and without a retry', async () => {
  await expect(
    rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: 'shop', OptionGroupName: 'store' })),
  ).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining('OptionGroupName of rds ModifyDBCluster') as string,
    $metadata: { httpStatusCode: 501, attempts: 1 },
  });
});

test('a parameter is put, read and found, and its errors are those that the SDK knows', async () => {
  const Name = '/shop/db/host';
  await ssm.send(new PutParameterCommand({ Name, Value: source.host, Type: 'String' }));
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
  expect(Parameter).toMatchObject({
    Value: source.host,
    Version: 1,
    LastModifiedDate: expect.any(Date) as Date,
  });
  const { Parameters } = await ssm.send(
    new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: [Name] }] }),
  );
  expect(Parameters).toMatchObject([{ Name, Type: 'String' }]);
  await expect(
    ssm.send(new PutParameterCommand({ Name, Value: 'x', Type: 'String' })),
  ).rejects.toBeInstanceOf(ParameterAlreadyExists);
  await expect(ssm.send(new GetParameterCommand({ Name: '/gone' }))).rejects.toBeInstanceOf(
    ParameterNotFound,
  );
});

test('the caller is told who it is', async () => {
  const identity = await sts.send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({
    Account: sandbox.settings.accountId,
    Arn: `arn:aws:iam::${sandbox.settings.accountId}:user/sandbox`,
  });
});

test('an unsigned request is refused, a control route needs no signature', async () => {
  const unsigned = await fetch(sandbox.endpointUrl, {
    method: 'POST',
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  });
  expect(unsigned.status).toBe(403);
  expect(await unsigned.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  const clusters = await fetch(`${sandbox.endpointUrl}/_sandbox/clusters`);
  expect(await clusters.json()).toEqual({
    clusters: [{ id: 'shop', endpoint: source.host, port: source.port }],
  });
  const unknown = await fetch(`${sandbox.endpointUrl}/_sandbox/moon`);
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({
    routes: expect.arrayContaining(['GET /_sandbox/clusters']) as string[],
  });
});
