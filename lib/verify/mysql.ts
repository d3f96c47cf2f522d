import { connect } from 'node:net';
import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise';
import { accept, messageOf, refuse, type Outcome } from '../errors';
import { QueryError, type Database, type Row, type Side, type SqlValue, type Values } from './database';
import { Line } from './line';
import { mysqlDialect } from './mysql-dialect';
import {
  accessDenied,
  cannotConnect,
  inReadOnlyTransaction,
  NETWORK_ERRORS,
  tlsNotVerified,
  type ConnectRefusal,
  type OpenDatabase,
  type ServerAddress,
  type SessionOptions,
} from './server';

/**
 * Opens a session that can only read, in UTC, with a limit on each statement. Every value arrives as
 * the server's own text.
 */
export async function openMysql(
  address: ServerAddress,
  options: SessionOptions,
): Promise<Outcome<OpenDatabase, ConnectRefusal>> {
  const { side, host, port } = address;
  const socket = connect({ host, port, keepAlive: true, noDelay: true });
  // the client names no address to TLS, which would hold the certificate against 'localhost' then
  Object.assign(socket, { _host: host });
  const line = new Line(side, socket, options.statementTimeoutMs, options.signal);
  let connection: Connection;
  try {
    connection = await mysql.createConnection({
      ...connectionOptions(address, options),
      stream: () => socket,
    });
  } catch (error) {
    socket.destroy();
    return connectRefusal(address, options, error);
  }
  // without a listener a connection that dies between two statements would end the process
  connection.on('error', () => undefined);
  const ask = <R>(sql: string, values: readonly SqlValue[], rowsAsArray: boolean): Promise<readonly R[]> =>
    line.answer(() => runQuery<R>(connection, side, sql, values, rowsAsArray));
  const database: OpenDatabase = {
    side,
    dialect: mysqlDialect,
    query: (sql, values = []) => ask<Row>(sql, values, false),
    readValues: (sql) => inReadOnlyTransaction(database, () => ask<Values>(sql, [], true)),
    close: () => line.close(() => connection.end()),
  };
  try {
    await limitSession(database, options.statementTimeoutMs);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return accept(database);
}

function connectionOptions({ host, port }: ServerAddress, options: SessionOptions): ConnectionOptions {
  const { user, password, tls, connectTimeoutMs, clearTextPassword = false } = options;
  return {
    host,
    port,
    user,
    password,
    connectTimeout: connectTimeoutMs,
    charset: 'utf8mb4',
    typeCast: (field) => field.string(),
    ...(tls.kind === 'verified'
      ? {
          ssl: { ca: [...tls.ca], rejectUnauthorized: true, verifyIdentity: true },
          enableCleartextPlugin: clearTextPassword,
        }
      : {}),
  };
}

/** `max_statement_time` is MariaDB's, in seconds; `max_execution_time` MySQL's, in milliseconds and for SELECT alone. */
async function limitSession(database: Database, timeoutMs: number): Promise<void> {
  const [row] = await database.query('SELECT VERSION() AS version');
  const isMariaDb = (row?.['version'] ?? '').includes('MariaDB');
  await database.query('SET SESSION TRANSACTION READ ONLY');
  await database.query(`SET SESSION time_zone = '+00:00', SESSION sql_mode = ''`);
  if (isMariaDb) {
    await database.query(`SET SESSION max_statement_time = ${timeoutMs / 1000}`);
    return;
  }
  await database.query(`SET SESSION max_execution_time = ${timeoutMs}`);
  try {
    // without it information_schema answers from a cache that is up to a day old
    await database.query('SET SESSION information_schema_stats_expiry = 0');
  } catch (error) {
    // MySQL 5.7 has no such cache
    if (!(error instanceof QueryError && error.code === 'ER_UNKNOWN_SYSTEM_VARIABLE')) throw error;
  }
}

async function runQuery<R>(
  connection: Connection,
  side: Side,
  sql: string,
  values: readonly SqlValue[],
  rowsAsArray: boolean,
): Promise<readonly R[]> {
  try {
    const [rows] = await connection.query({ sql, values: [...values], rowsAsArray });
    return Array.isArray(rows) ? (rows as unknown as R[]) : [];
  } catch (error) {
    if (isServerError(error)) throw new QueryError(side, codeOf(error));
    throw new Error(`the connection to the ${side} database is lost (${codeOf(error)})`, { cause: error });
  }
}

/** The server's own errors have an SQL state and leave the session alive. */
function isServerError(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'sqlState' in error &&
    !('fatal' in error && error.fatal === true)
  );
}

const DENIED = ['ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR', 'ER_HOST_NOT_PRIVILEGED'];
const NETWORK = [...NETWORK_ERRORS, 'PROTOCOL_CONNECTION_LOST', 'ER_CON_COUNT_ERROR'];

function connectRefusal(
  address: ServerAddress,
  { user, tls }: SessionOptions,
  error: unknown,
): Outcome<never, ConnectRefusal> {
  const code = codeOf(error);
  if (DENIED.includes(code)) return refuse(accessDenied(address, user, code));
  if (NETWORK.includes(code)) return refuse(cannotConnect(address, code));
  if (tls.kind === 'verified') return refuse(tlsNotVerified(address, messageOf(error)));
  throw error;
}

/** MariaDB's own error numbers have no name in the client. Source: MariaDB's mysqld_error.h. */
const MARIADB_CODES: Readonly<Record<string, string>> = { 1969: 'ER_STATEMENT_TIMEOUT' };

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  const number = 'errno' in error ? String(error.errno) : 'unknown';
  return MARIADB_CODES[number] ?? number;
}
