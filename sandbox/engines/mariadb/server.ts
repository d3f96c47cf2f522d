import type { ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MariaDbInstallation } from './installation';
import { dataDirectory, temporaryDirectory, type Storage } from './storage';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 60_000;
const POLL_MS = 10;

/** Within the data directory, where the server goes to live: a full path may exceed a socket's 107 bytes. */
const SOCKET = 'server.sock';

export interface ServerSetup extends Storage {
  readonly installation: MariaDbInstallation;
}

export interface RunningServer {
  readonly pid: number;
  /** Resolves when the process is gone, by itself or not. */
  readonly gone: Promise<void>;
  /** @throws Error where it does not end by itself in time; it is killed then */
  stop(): Promise<void>;
  kill(): Promise<void>;
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
export async function startServer(setup: ServerSetup, args: readonly string[]): Promise<RunningServer> {
  const errorLog = path.join(setup.directory, 'error.log');
  const log = await open(errorLog, 'a');
  const { size } = await log.stat();
  const child = setup.user.start(setup.installation.programs.server, [...serverArguments(setup), ...args], {
    environment: setup.installation.environment,
    directory: dataDirectory(setup),
    stdio: ['ignore', log.fd, log.fd],
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.once('error', () => {
      resolve();
    });
  });
  await log.close();
  const server = runningServer(child, gone);
  try {
    await untilReady(child, async () => (await readFile(errorLog)).subarray(size).toString('utf8'));
  } catch (error) {
    await server.kill();
    throw error;
  }
  return server;
}

async function untilReady(child: ChildProcess, readLog: () => Promise<string>): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const log = await readLog();
    if (log.includes('ready for connections')) return;
    const ended = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    if (ended || Date.now() > deadline) {
      const what = ended ? 'ended while starting' : `is not ready after ${START_TIMEOUT_MS} ms`;
      throw new Error(`the database server ${what}: ${log.trim().slice(-2000)}`);
    }
    await sleep(POLL_MS);
  }
}

function runningServer(child: ChildProcess, gone: Promise<void>): RunningServer {
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  return {
    pid: child.pid ?? 0,
    gone,
    kill,
    stop: async () => {
      child.kill('SIGTERM');
      const timer = new AbortController();
      const late = sleep(STOP_TIMEOUT_MS, 'late', { signal: timer.signal }).catch(() => 'cancelled');
      const outcome = await Promise.race([gone, late]);
      timer.abort();
      if (outcome !== 'late') return;
      await kill();
      throw new Error(`the database server did not shut down within ${STOP_TIMEOUT_MS} ms and was killed`);
    },
  };
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
