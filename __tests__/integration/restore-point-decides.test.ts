import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  RestoreDBClusterToPointInTimeCommand,
} from '@aws-sdk/client-rds';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { startSandboxProcess, type SandboxProcess } from '../../scripts/drill/sandbox-process';

jest.setTimeout(5 * 60_000);

const directory = mkdtempSync(path.join(tmpdir(), 'restore-point-'));
const stop = new AbortController();
let sandbox: SandboxProcess;
let rds: RDSClient;

beforeAll(async () => {
  sandbox = await startSandboxProcess(
    process.env,
    path.join(directory, 'sandbox.log'),
    stop.signal,
    () => undefined,
  );
  rds = new RDSClient({
    endpoint: sandbox.endpointUrl,
    region: sandbox.env['AWS_REGION'] ?? '',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});

afterAll(async () => {
  rds.destroy();
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

/** Restores the source to `at` under a name of its own, gives it an instance, and counts what is there. */
async function restoreAndCount(name: string, at: Date): Promise<{ accounts: number; orders: number }> {
  for (;;) {
    const { DBClusters = [] } = await rds.send(
      new DescribeDBClustersCommand({ DBClusterIdentifier: 'trading' }),
    );
    const latest = DBClusters[0]?.LatestRestorableTime;
    if (latest !== undefined && latest >= at) break;
    await sleep(500);
  }
  await rds.send(
    new RestoreDBClusterToPointInTimeCommand({
      DBClusterIdentifier: name,
      SourceDBClusterIdentifier: 'trading',
      RestoreToTime: at,
    }),
  );
  for (;;) {
    const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }));
    if (DBClusters[0]?.Status === 'available') break;
    await sleep(300);
  }
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: `${name}-1`,
      DBClusterIdentifier: name,
      DBInstanceClass: 'db.r6g.large',
      Engine: 'aurora-mysql',
    }),
  );
  for (;;) {
    const { DBInstances = [] } = await rds.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: `${name}-1` }),
    );
    if (DBInstances[0]?.DBInstanceStatus === 'available') break;
    await sleep(300);
  }
  const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }));
  const connection = await mysql.createConnection({
    host: DBClusters[0]?.Endpoint ?? '',
    port: DBClusters[0]?.Port ?? 0,
    user: sandbox.env['DRILL_DB_USER'] ?? '',
    password: sandbox.env['DRILL_DB_PASSWORD'] ?? '',
  });
  try {
    const [rows] = await connection.query<(RowDataPacket & { accounts: number; orders: number })[]>(
      'SELECT (SELECT COUNT(*) FROM trading.accounts) AS accounts, (SELECT COUNT(*) FROM trading.orders) AS orders',
    );
    return { accounts: Number(rows[0]?.accounts), orders: Number(rows[0]?.orders) };
  } finally {
    await connection.end();
  }
}

describe('restoring the damaged source', () => {
  it('gives all rows at the last second before the commit, and none a second later: the restore point decides', async () => {
    await sleep(3000);
    const played = (await sandbox.control('POST', 'incidents/delete-in-transaction')) as {
      accountsBefore: number;
      statements: { sql: string; sentAtMicros: number; returnedAtMicros: number; affectedRows: number }[];
    };
    const commit = played.statements.at(-1);
    if (commit?.sql !== 'COMMIT') throw new Error('the incident did not end in a COMMIT');
    const before = new Date((Math.ceil(commit.sentAtMicros / 1e6) - 1) * 1000);
    const after = new Date(Math.ceil(commit.returnedAtMicros / 1e6) * 1000);

    const [atRestorePoint, oneSecondLater] = await Promise.all([
      restoreAndCount('trading-before', before),
      restoreAndCount('trading-after', after),
    ]);
    expect(played.accountsBefore).toBe(2000);
    expect(atRestorePoint.accounts).toBe(played.accountsBefore);
    expect(oneSecondLater.accounts).toBe(0);
    expect(oneSecondLater.orders).toBeGreaterThan(atRestorePoint.orders);
    expect(atRestorePoint.orders).toBeGreaterThan(4000);
  });
});
