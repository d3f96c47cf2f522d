import path from 'node:path';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { Address } from '../database-cluster';
import { startServerProcess, type RunningServer } from '../server-process';
import { dataDirectory, logsDirectory, type Storage } from '../storage';
import type { PostgresInstallation } from './installation';

/** The superuser, named as on Aurora, by which the sandbox itself enters. */
export const ADMIN = 'rdsadmin';

/** In a cluster's `logs`: what its server writes, and the finished segments of its write-ahead log. */
export const SERVER_LOG = 'postgresql.log';
export const WAL_ARCHIVE = 'wal';

export interface ServerSetup extends Storage {
  readonly installation: PostgresInstallation;
}

/** Small, and as durable as it takes to survive the death of the process: nobody restores after a power cut here. */
const FRUGAL = {
  shared_buffers: '16MB',
  max_connections: '60',
  max_worker_processes: '4',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  min_wal_size: '16MB',
  fsync: 'off',
  full_page_writes: 'off',
  jit: 'off',
  // its memory is a file of the data directory: what a killed server leaves behind goes with that
  dynamic_shared_memory_type: 'mmap',
};

/** As on Aurora, where a stock PostgreSQL would differ. */
const AURORA_LIKE = {
  shared_preload_libraries: 'pg_stat_statements,pgaudit',
  'pgaudit.log': 'write,ddl,misc',
  log_line_prefix: '%t:%r:%u@%d:[%p]:',
  log_timezone: 'UTC',
  log_connections: 'on',
  log_disconnections: 'on',
  log_min_duration_statement: '-1',
  timezone: 'UTC',
  password_encryption: 'scram-sha-256',
};

export function serverArguments(
  setup: ServerSetup,
  settings: Readonly<Record<string, string>> = {},
): string[] {
  const all = {
    unix_socket_directories: '',
    track_commit_timestamp: 'on',
    ...FRUGAL,
    ...AURORA_LIKE,
    ...settings,
  };
  return [
    '-D',
    dataDirectory(setup),
    ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/**
 * Starts the server of a cluster at its address, with its log segments kept, and waits until it takes connections.
 * @throws Error with the end of its log where it does not
 */
export function startServer(setup: ServerSetup, { host, port }: Address): Promise<RunningServer> {
  return startPostgres(setup, path.join(logsDirectory(setup), SERVER_LOG), {
    listen_addresses: host,
    port: String(port),
    archive_mode: 'on',
    // relative to the data directory, so that no path needs quoting; renamed, so that no reader finds half of one
    archive_command: `cp "%p" "../logs/${WAL_ARCHIVE}/%f.tmp" && mv "../logs/${WAL_ARCHIVE}/%f.tmp" "../logs/${WAL_ARCHIVE}/%f"`,
  });
}

/** A server that is reachable by nobody and ends by itself or when told to. */
export function startPostgres(
  setup: ServerSetup,
  logFile: string,
  settings: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  return startServerProcess({
    user: setup.user,
    program: setup.installation.programs.server,
    args: serverArguments(setup, settings),
    environment: { ...setup.installation.environment, ...environment },
    directory: dataDirectory(setup),
    logFile,
    isReady: (log) => log.includes('database system is ready to accept connections'),
    // killed outright it would leave its processes and a shared memory segment behind
    deathSignal: 'QUIT',
    signals: { stop: 'SIGINT', kill: 'SIGQUIT' },
  });
}

/** Runs statements as the superuser, unaudited, in one session; returns the rows of the last one. */
export async function runAsAdmin(
  { host, port }: Address,
  password: string,
  statements: readonly string[],
): Promise<Record<string, unknown>[]> {
  const client = new Client({
    host,
    port,
    user: ADMIN,
    password,
    database: 'postgres',
    options: '-c pgaudit.log=none',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined); // a connection that dies fails its query too
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const sql of statements) rows = (await client.query<Record<string, unknown>>(sql)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

export function alterPassword(username: string, password: string): string {
  return `ALTER ROLE ${escapeIdentifier(username)} PASSWORD ${escapeLiteral(password)}`;
}
