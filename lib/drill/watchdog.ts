import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { findMarkedProcesses, RUN_MARKER } from './marked-processes';

const GRACE_MS = 3000;

/**
 * A process of its own that outlives the drill by a moment: when the drill ends in any way, a
 * SIGKILL included, it ends every process that carries the run's marker. `standDown` releases it.
 */
export interface Watchdog {
  standDown(): void;
}

export function startWatchdog(run: string): Watchdog {
  const { [RUN_MARKER]: _unmarked, ...env } = process.env;
  const child: ChildProcess = spawn(process.execPath, [...process.execArgv, __filename, run], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env,
  });
  child.unref();
  child.stdin?.on('error', () => undefined);
  return { standDown: () => void child.stdin?.end('done') };
}

/** Waits for the end of the drill's pipe; without `done` on it, ends what the drill left behind. */
async function watch(run: string): Promise<void> {
  let said = '';
  for await (const chunk of process.stdin) said += String(chunk);
  if (said === 'done') return;
  signalAll(run, 'SIGTERM');
  const deadline = Date.now() + GRACE_MS;
  while (findMarkedProcesses(run).length > 0 && Date.now() < deadline) await sleep(100);
  while (signalAll(run, 'SIGKILL') > 0) await sleep(100);
}

function signalAll(run: string, signal: NodeJS.Signals): number {
  const pids = findMarkedProcesses(run);
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // ended between listing and signal
    }
  }
  return pids.length;
}

if (require.main === module) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  void watch(process.argv[2] ?? '');
}
