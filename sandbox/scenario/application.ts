/**
 * The brokerage's application, a process of its own: reads its database host from an SSM parameter,
 * writes an order about every 100 ms, and reconnects when the parameter changes. It knows nothing
 * of restores. Tells its parent over IPC where it writes to.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import mysql, { type Connection } from 'mysql2/promise';
import { ACCOUNTS, symbolOf } from './trading-database';

export interface ApplicationStatus {
  readonly databaseHost: string | null;
  /** Orders committed since the application connected to this host. */
  readonly writes: number;
  readonly lastCommittedAt: string | null;
  readonly lastError: string | null;
}

const { HOST_PARAMETER = '', DB_PORT = '', DB_USER = '', DB_PASSWORD = '' } = process.env;
const WRITE_EVERY_MS = 100;
const LOOK_EVERY_MS = 1000;

const ssm = new SSMClient();
let status: ApplicationStatus = { databaseHost: null, writes: 0, lastCommittedAt: null, lastError: null };
let wantedHost: string | undefined;

function tell(change: Partial<ApplicationStatus>): void {
  status = { ...status, ...change };
  process.send?.(status);
}

async function followParameter(): Promise<never> {
  for (;;) {
    try {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: HOST_PARAMETER }));
      wantedHost = Parameter?.Value;
    } catch (error) {
      tell({ lastError: String(error) });
    }
    await sleep(LOOK_EVERY_MS);
  }
}

async function writeOrders(): Promise<never> {
  for (let n = 0; ;) {
    if (wantedHost === undefined) {
      await sleep(50);
      continue;
    }
    const host = wantedHost;
    try {
      const connection = await mysql.createConnection({
        host,
        port: Number(DB_PORT),
        user: DB_USER,
        password: DB_PASSWORD,
        database: 'trading',
        connectTimeout: 2000,
      });
      tell({ databaseHost: host, writes: 0, lastError: null });
      try {
        for (; wantedHost === host; n += 1) {
          await writeOrder(connection, n);
          tell({ writes: status.writes + 1, lastCommittedAt: new Date().toISOString() });
          await sleep(WRITE_EVERY_MS);
        }
      } finally {
        connection.destroy();
      }
    } catch (error) {
      tell({ lastError: String(error) });
      await sleep(250);
    }
  }
}

async function writeOrder(connection: Connection, n: number): Promise<void> {
  await connection.query(
    'INSERT INTO orders (account_id, symbol, side, quantity, price) VALUES (?, ?, ?, ?, ?)',
    [1 + ((n * 53) % ACCOUNTS), symbolOf(n), n % 2 === 0 ? 'buy' : 'sell', 1 + (n % 20), 100 + (n % 50) / 4],
  );
}

process.on('disconnect', () => process.exit(0));
void followParameter();
void writeOrders();
