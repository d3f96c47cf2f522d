import { Socket } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { Client, DatabaseError, type ClientConfig, type QueryConfig } from 'pg';
import { accept, messageOf, refuse, type Outcome } from '../errors';
import { QueryError, type Row, type Side, type SqlValue, type Values } from './database';
import { Line } from './line';
import { postgresDialect } from './postgresql-dialect';
import {
  accessDenied,
  cannotConnect,
  inReadOnlyTransaction,
  NETWORK_ERRORS,
  noSuchDatabase,
  tlsNotVerified,
  type ConnectRefusal,
  type OpenDatabase,
  type ServerAddress,
  type SessionOptions,
} from './server';

export interface PostgresAddress extends ServerAddress {
  readonly database: string;
}

/**
 * Opens a session that can only read, in UTC, with a limit on each statement. Every value arrives as
 * the server's own text.
 */
export async function openPostgres(
  address: PostgresAddress,
  options: SessionOptions,
): Promise<Outcome<OpenDatabase, ConnectRefusal>> {
  const { side } = address;
  const socket = new Socket();
  const line = new Line(side, socket, options.statementTimeoutMs, options.signal);
  const client = new Client({ ...clientConfig(address, options), stream: () => socket });
  // without a listener a connection that dies between two statements would end the process
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    socket.destroy();
    return connectRefusal(address, options, error);
  }
  const ask = <R>(query: QueryConfig & { rowMode?: 'array' }): Promise<readonly R[]> =>
    line.answer(() => runQuery<R>(client, side, query));
  const database: OpenDatabase = {
    side,
    dialect: postgresDialect,
    query: (sql, values = []) => ask<Row>(toQuery(sql, values)),
    readValues: (sql) => inReadOnlyTransaction(database, () => ask<Values>({ text: sql, rowMode: 'array' })),
    close: () => line.close(() => client.end()),
  };
  try {
    for (const setting of sessionSettings(options.statementTimeoutMs)) await database.query(setting);
  } catch (error) {
    await database.close();
    throw error;
  }
  return accept(database);
}

function clientConfig({ host, port, database }: PostgresAddress, options: SessionOptions): ClientConfig {
  const { user, password, tls, connectTimeoutMs } = options;
  return {
    host,
    port,
    user,
    password,
    database,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: 'aurora-restore-drill',
    // said in any case: else the person's PGSSLMODE would decide
    ssl:
      tls.kind === 'verified'
        ? {
            ca: [...tls.ca],
            rejectUnauthorized: true,
            checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
          }
        : false,
    types: { getTypeParser: () => (value: unknown) => value },
  };
}

/** What makes two servers write the same value alike, and nothing be written or left out in silence. */
function sessionSettings(statementTimeoutMs: number): string[] {
  return [
    'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY',
    `SET statement_timeout = ${statementTimeoutMs}`,
    `SET timezone = 'UTC'`,
    `SET datestyle = 'ISO, YMD'`,
    `SET intervalstyle = 'postgres'`,
    `SET bytea_output = 'hex'`,
    'SET extra_float_digits = 1',
    // a policy that hides rows from this user is an error then
    'SET row_security = off',
    'SET jit = off',
  ];
}

function toQuery(sql: string, values: readonly SqlValue[]): QueryConfig {
  return values.length === 0
    ? { text: sql }
    : {
        text: numberPlaceholders(sql),
        values: values.map((value) => (typeof value === 'object' ? value : String(value))),
      };
}

async function runQuery<R>(client: Client, side: Side, query: QueryConfig): Promise<readonly R[]> {
  try {
    return (await client.query(query)).rows as R[];
  } catch (error) {
    if (error instanceof DatabaseError && error.severity !== 'FATAL') {
      throw new QueryError(side, codeOf(error));
    }
    throw new Error(`the connection to the ${side} database is lost (${codeOf(error)})`, { cause: error });
  }
}

/** `?` → `$1`, except within quotes. */
export function numberPlaceholders(sql: string): string {
  let n = 0;
  return sql.replace(/"(?:[^"]|"")*"|'(?:[^']|'')*'|\?/g, (part) => (part === '?' ? `$${++n}` : part));
}

/** Names of what people meet most. Source: PostgreSQL's documentation, "PostgreSQL Error Codes". */
const CONDITIONS: Readonly<Record<string, string>> = {
  '25006': 'read_only_sql_transaction',
  '28000': 'invalid_authorization_specification',
  '28P01': 'invalid_password',
  '3D000': 'invalid_catalog_name',
  '42501': 'insufficient_privilege',
  '42601': 'syntax_error',
  '42703': 'undefined_column',
  '42883': 'undefined_function',
  '42P01': 'undefined_table',
  '53300': 'too_many_connections',
  '57014': 'query_canceled',
  '57P03': 'cannot_connect_now',
};
const DENIED = ['invalid_authorization_specification', 'invalid_password', 'insufficient_privilege'];
const NOT_NOW = ['too_many_connections', 'cannot_connect_now'];

function connectRefusal(
  address: PostgresAddress,
  { user, tls }: SessionOptions,
  error: unknown,
): Outcome<never, ConnectRefusal> {
  const code = codeOf(error);
  if (code === 'invalid_catalog_name') return refuse(noSuchDatabase(address, address.database));
  if (DENIED.includes(code)) return refuse(accessDenied(address, user, code));
  if ([...NETWORK_ERRORS, ...NOT_NOW].includes(code)) return refuse(cannotConnect(address, code));
  // the client's own words, without a code
  if (/timeout|terminated/.test(messageOf(error)))
    return refuse(cannotConnect(address, messageOf(error).toLowerCase()));
  if (tls.kind === 'verified') return refuse(tlsNotVerified(address, messageOf(error)));
  throw error;
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? (CONDITIONS[code] ?? code) : 'unknown';
}
