import path from 'node:path';
import { startServerProcess, type RunningServer } from '../server-process';
import { dataDirectory, temporaryDirectory, type Storage } from '../storage';
import type { MariaDbInstallation } from './installation';

/** Within the data directory, where the server goes to live: a full path may exceed a socket's 107 bytes. */
const SOCKET = 'server.sock';

export interface ServerSetup extends Storage {
  readonly installation: MariaDbInstallation;
}

/** Small, and as durable as it takes to survive the death of the process: nobody restores after a power cut here. */
const FRUGAL = [
  '--innodb-buffer-pool-size=24M',
  '--innodb-log-file-size=16M',
  '--innodb-log-buffer-size=2M',
  '--innodb-flush-log-at-trx-commit=2',
  '--innodb-doublewrite=OFF',
  '--innodb-buffer-pool-dump-at-shutdown=OFF',
  '--innodb-buffer-pool-load-at-startup=OFF',
  '--aria-pagecache-buffer-size=1M',
  '--aria-log-file-size=8M',
  '--key-buffer-size=1M',
  '--query-cache-size=0',
  '--table-open-cache=400',
  '--performance-schema=OFF',
  '--debug-no-sync',
];

/** As on Aurora, where a stock MariaDB would differ. */
const AURORA_LIKE = [
  '--character-set-server=utf8mb4',
  '--default-time-zone=+00:00',
  '--local-infile=OFF',
  '--max-allowed-packet=64M',
  '--skip-name-resolve',
  '--symbolic-links=OFF',
  '--use-stat-tables=NEVER',
];

export function serverArguments(setup: ServerSetup): string[] {
  return [
    '--no-defaults',
    `--basedir=${setup.installation.baseDirectory}`,
    `--datadir=${dataDirectory(setup)}`,
    `--tmpdir=${temporaryDirectory(setup)}`,
    `--secure-file-priv=${temporaryDirectory(setup)}`,
    `--socket=${SOCKET}`,
    '--pid-file=server.pid',
    ...FRUGAL,
    ...AURORA_LIKE,
  ];
}

/**
 * Starts the server and waits until it takes connections.
 * @throws Error with the end of its error log where it does not
 */
export function startServer(setup: ServerSetup, args: readonly string[]): Promise<RunningServer> {
  return startServerProcess({
    user: setup.user,
    program: setup.installation.programs.server,
    args: [...serverArguments(setup), ...args],
    environment: setup.installation.environment,
    directory: dataDirectory(setup),
    logFile: path.join(setup.directory, 'error.log'),
    isReady: (log) => log.includes('ready for connections'),
    signals: { stop: 'SIGTERM', kill: 'SIGKILL' },
  });
}

/** Arguments, environment and folder of a client that enters a running server by its socket, with all rights. */
export function adminClient(
  setup: ServerSetup,
  password: string,
): {
  readonly args: readonly string[];
  readonly environment: Record<string, string>;
  readonly directory: string;
} {
  return {
    args: ['--no-defaults', `--socket=${SOCKET}`, '--user=rdsadmin', '--default-character-set=utf8mb4'],
    environment: { ...setup.installation.environment, MYSQL_PWD: password },
    directory: dataDirectory(setup),
  };
}

export async function runSql(setup: ServerSetup, password: string, sql: string): Promise<void> {
  const { args, environment, directory } = adminClient(setup, password);
  await setup.user.run(setup.installation.programs.client, args, { environment, directory, input: sql });
}
