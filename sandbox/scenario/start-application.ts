import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ApplicationStatus } from './application';

export interface Application {
  status(): ApplicationStatus;
  stop(): Promise<void>;
}

/** Runs the application as a process of its own; it ends with its parent. */
export function startApplication(env: NodeJS.ProcessEnv): Application {
  let status: ApplicationStatus = { databaseHost: null, writes: 0, lastCommittedAt: null, lastError: null };
  const child: ChildProcess = fork(path.join(__dirname, 'application.ts'), {
    env,
    execArgv: ['--import', pathToFileURL(require.resolve('tsx')).href],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', (message) => {
    status = message as ApplicationStatus;
  });
  return {
    status: () =>
      child.exitCode === null
        ? status
        : { ...status, lastError: `the application ended (${child.exitCode})` },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
