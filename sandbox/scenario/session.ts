import mysql, { type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import { Client, type QueryResult } from 'pg';
import type { EngineName } from '../engines/database-cluster';

export type SqlValue = string | number;

export interface SqlResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly affectedRows: number;
  /** The id that an INSERT was given: on PostgreSQL where it asks for it by RETURNING. */
  readonly insertedId?: number;
}

/** One connection to a database of either engine. */
export interface Session {
  /** Each `?` in the statement stands for the next of the values. */
  query(sql: string, values?: readonly SqlValue[]): Promise<SqlResult>;
  end(): Promise<void>;
}

export interface SessionTarget {
  readonly engine: EngineName;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Absent to enter before there is one. */
  readonly database?: string;
}

const CONNECT_TIMEOUT_MS = 2000;

export function connectSession(target: SessionTarget): Promise<Session> {
  switch (target.engine) {
    case 'aurora-mysql':
      return connectMysql(target);
    case 'aurora-postgresql':
      return connectPostgres(target);
  }
}

async function connectMysql({ engine: _, ...target }: SessionTarget): Promise<Session> {
  const connection = await mysql.createConnection({ ...target, connectTimeout: CONNECT_TIMEOUT_MS });
  // without a listener a connection that dies between two statements would end the process
  connection.on('error', () => undefined);
  return {
    query: async (sql, values = []) => {
      const [result] = await connection.query<ResultSetHeader | RowDataPacket[]>(sql, [...values]);
      return Array.isArray(result)
        ? { rows: result, affectedRows: 0 }
        : { rows: [], affectedRows: result.affectedRows, insertedId: result.insertId };
    },
    end: () =>
      connection.end().catch(() => {
        connection.destroy();
      }),
  };
}

async function connectPostgres({
  engine: _,
  database = 'postgres',
  ...target
}: SessionTarget): Promise<Session> {
  const client = new Client({ ...target, database, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => undefined);
  await client.connect();
  return {
    query: async (sql, values = []) => {
      let n = 0;
      const numbered = sql.replace(/\?/g, () => `$${++n}`);
      const result: QueryResult<Record<string, unknown>> = await client.query(numbered, [...values]);
      const changed = result.command !== 'SELECT';
      const id = result.rows[0]?.['id'];
      return {
        rows: result.rows,
        affectedRows: changed ? (result.rowCount ?? 0) : 0,
        ...(changed && id !== undefined && { insertedId: Number(id) }),
      };
    },
    end: () => client.end().catch(() => undefined),
  };
}
