import mysql, { type Connection, type ConnectionOptions } from 'mysql2/promise';
import { accept, messageOf, refuse, type Outcome, type Refusal } from '../errors';
import { QueryError, type Database, type Row, type Side, type SqlValue } from './database';
import type { Tls } from './tls';

export interface ServerAddress {
  readonly side: Side;
  readonly host: string;
  readonly port: number;
}

export interface SessionOptions {
  readonly user: string;
  readonly password: string;
  readonly tls: Tls;
  readonly connectTimeoutMs: number;
  /** The longest that one statement may run; the server ends it then. */
  readonly statementTimeoutMs: number;
}

export interface OpenDatabase extends Database {
  close(): Promise<void>;
}

export type ConnectRefusal = Refusal<'cannot-connect' | 'access-denied' | 'tls-not-verified'>;

/**
 * Opens a session that can only read, in UTC, with a limit on each statement. Every value arrives as
 * the server's own text.
 */
export async function openMysql(
  address: ServerAddress,
  options: SessionOptions,
): Promise<Outcome<OpenDatabase, ConnectRefusal>> {
  let connection: Connection;
  try {
    connection = await mysql.createConnection(connectionOptions(address, options));
  } catch (error) {
    return connectRefusal(address, options, error);
  }
  // without a listener a connection that dies between two statements would end the process
  connection.on('error', () => undefined);
  const database: OpenDatabase = {
    side: address.side,
    query: (sql, values = []) => runQuery(connection, address.side, sql, values),
    close: async () => {
      await connection.end().catch(() => {
        connection.destroy();
      });
    },
  };
  try {
    await limitSession(database, options.statementTimeoutMs);
  } catch (error) {
    connection.destroy();
    throw error;
  }
  return accept(database);
}

function connectionOptions({ host, port }: ServerAddress, options: SessionOptions): ConnectionOptions {
  const { user, password, tls, connectTimeoutMs } = options;
  return {
    host,
    port,
    user,
    password,
    connectTimeout: connectTimeoutMs,
    charset: 'utf8mb4',
    typeCast: (field) => field.string(),
    ...(tls.kind === 'verified'
      ? { ssl: { ca: [...tls.ca], rejectUnauthorized: true, verifyIdentity: true } }
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

async function runQuery(
  connection: Connection,
  side: Side,
  sql: string,
  values: readonly SqlValue[],
): Promise<readonly Row[]> {
  try {
    const [rows] = await connection.query(sql, [...values]);
    return Array.isArray(rows) ? (rows as unknown as Row[]) : [];
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
const NETWORK = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'PROTOCOL_CONNECTION_LOST',
  'ER_CON_COUNT_ERROR',
];

function connectRefusal(
  { side, host, port }: ServerAddress,
  { user, tls }: SessionOptions,
  error: unknown,
): Outcome<never, ConnectRefusal> {
  const code = codeOf(error);
  const server = `the ${side} database at ${host}:${port}`;
  if (DENIED.includes(code)) {
    return refuse({
      reason: 'access-denied',
      message: `${server} does not let user '${user}' in (${code})`,
      hint: 'a restored cluster has the users and passwords of the restore point: set DRILL_DB_USER and DRILL_DB_PASSWORD to what was valid then',
    });
  }
  if (NETWORK.includes(code)) {
    return refuse({
      reason: 'cannot-connect',
      message: `cannot connect to ${server} (${code})`,
      hint: `check that this machine reaches it through the cluster's security groups and subnets${side === 'source' ? ', or verify without the source by --no-source' : ''}`,
    });
  }
  if (tls.kind === 'verified') {
    return refuse({
      reason: 'tls-not-verified',
      message: `cannot verify the certificate of ${server} (${messageOf(error)})`,
      hint: 'name the CA bundle that signed it by DRILL_DB_CA; AWS publishes its own at https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem',
    });
  }
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
