import type { ChildProcess } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineProcessOptions, EngineUser } from './engine-user';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 60_000;
const POLL_MS = 10;

export interface RunningServer {
  readonly pid: number;
  /** Resolves when the process is gone, by itself or not. */
  readonly gone: Promise<void>;
  /** @throws Error where it does not end by itself in time; it is killed then */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface ServerProgram extends Omit<EngineProcessOptions, 'stdio'> {
  readonly user: EngineUser;
  readonly program: string;
  readonly args: readonly string[];
  /** Gains what the server writes to standard output and standard error. */
  readonly logFile: string;
  /** Whether the log of this start says that the server takes connections. */
  readonly isReady: (log: string) => boolean;
  /** By which the server shuts down cleanly without waiting for its sessions, and by which it ends at once. */
  readonly signals: { readonly stop: NodeJS.Signals; readonly kill: NodeJS.Signals };
}

/**
 * Starts a database server and waits until it takes connections.
 * @throws Error with the end of its log where it does not
 */
export async function startServerProcess(program: ServerProgram): Promise<RunningServer> {
  const { user, logFile, isReady, environment, directory, deathSignal } = program;
  const log = await open(logFile, 'a');
  const { size } = await log.stat();
  const child = user.start(program.program, program.args, {
    environment,
    directory,
    ...(deathSignal === undefined ? {} : { deathSignal }),
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
  const server = runningServer(child, gone, program.signals);
  try {
    await untilReady(child, isReady, () => readFrom(logFile, size));
  } catch (error) {
    await server.kill();
    throw error;
  }
  return server;
}

async function untilReady(
  child: ChildProcess,
  isReady: ServerProgram['isReady'],
  readLog: () => Promise<string>,
): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const log = await readLog();
    if (isReady(log)) return;
    const ended = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
    if (ended || Date.now() > deadline) {
      const what = ended ? 'ended while starting' : `is not ready after ${START_TIMEOUT_MS} ms`;
      throw new Error(`the database server ${what}: ${log.trim().slice(-2000)}`);
    }
    await sleep(POLL_MS);
  }
}

async function readFrom(file: string, position: number): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(file, { start: position })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function runningServer(
  child: ChildProcess,
  gone: Promise<void>,
  signals: ServerProgram['signals'],
): RunningServer {
  const kill = async (): Promise<void> => {
    child.kill(signals.kill);
    await gone;
  };
  return {
    pid: child.pid ?? 0,
    gone,
    kill,
    stop: async () => {
      child.kill(signals.stop);
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
