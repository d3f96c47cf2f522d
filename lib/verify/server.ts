import type { Refusal } from '../errors';
import type { Database, Side, Values } from './database';
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
  /** The server asks for the password itself, as with IAM authentication: it is sent through TLS only. */
  readonly clearTextPassword?: boolean;
  readonly connectTimeoutMs: number;
  /** The longest that one statement may run; the server ends it then. */
  readonly statementTimeoutMs: number;
  /** Ends what runs, and the session. */
  readonly signal?: AbortSignal | undefined;
}

export interface OpenDatabase extends Database {
  /** What a statement of unknown making reads, in a transaction of its own that can only read, and of which nothing stays. */
  readValues(sql: string): Promise<readonly Values[]>;
  close(): Promise<void>;
}

export type ConnectRefusal = Refusal<
  'cannot-connect' | 'access-denied' | 'tls-not-verified' | 'no-such-database'
>;

/** Codes of errors by which a server cannot be reached, whatever it is. */
export const NETWORK_ERRORS: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
];

type Server = Pick<ServerAddress, 'side' | 'host' | 'port'>;

export function accessDenied(server: Server, user: string, code: string): ConnectRefusal {
  return {
    reason: 'access-denied',
    message: `${nameOf(server)} does not let user '${user}' in (${code})`,
    hint: 'a restored cluster has the users and passwords of the restore point: set DRILL_DB_USER and DRILL_DB_PASSWORD to what was valid then',
  };
}

export function cannotConnect(server: Server, code: string): ConnectRefusal {
  return {
    reason: 'cannot-connect',
    message: `cannot connect to ${nameOf(server)} (${code})`,
    hint: `check that this machine reaches it through the cluster's security groups and subnets${server.side === 'source' ? ', or verify without the source by --no-source' : ''}`,
  };
}

export function tlsNotVerified(server: Server, why: string): ConnectRefusal {
  return {
    reason: 'tls-not-verified',
    message: `cannot verify the certificate of ${nameOf(server)} (${why})`,
    hint: 'name the CA bundle that signed it by DRILL_DB_CA; AWS publishes its own at https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem',
  };
}

export function noSuchDatabase(server: Server, database: string): ConnectRefusal {
  return {
    reason: 'no-such-database',
    message: `${nameOf(server)} has no database '${database}'`,
    hint: `name the application's database by --database${server.side === 'source' ? ', or verify without the source by --no-source' : ''}`,
  };
}

function nameOf({ side, host, port }: Server): string {
  return `the ${side} database at ${host}:${port}`;
}

/** A transaction that is read-only from its beginning cannot be made otherwise: a session's default can. */
export async function inReadOnlyTransaction<T>(database: Database, work: () => Promise<T>): Promise<T> {
  await database.query('START TRANSACTION READ ONLY');
  try {
    return await work();
  } finally {
    // where this fails, the next statement says so
    await database.query('ROLLBACK').catch(() => undefined);
  }
}
