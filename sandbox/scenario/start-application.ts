import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import {
  DEFAULT_SETTINGS,
  type ApplicationOptions,
  type ApplicationSettings,
  type ApplicationStatus,
} from './application-status';
import { CONFIGURED_BY } from './find-database';

export interface Application {
  status(): ApplicationStatus;
  /** @param change the JSON of a control route @throws Error that says what is wrong with it */
  configure(change: unknown): ApplicationStatus;
  stop(): Promise<void>;
}

const changeSchema = z.strictObject({
  configuredBy: z.enum(CONFIGURED_BY).optional(),
  cacheSeconds: z.number().min(0).max(3600).optional(),
  maxConnectionSeconds: z.number().min(0.1).max(3600).optional(),
});

/** Runs the application as a process of its own; it ends with its parent. */
export function startApplication(
  env: NodeJS.ProcessEnv,
  options: Omit<ApplicationOptions, 'settings'>,
): Application {
  let settings: ApplicationSettings = DEFAULT_SETTINGS;
  let status: ApplicationStatus = {
    ...settings,
    databaseHost: null,
    writes: 0,
    lastCommittedAt: null,
    lastError: null,
    databases: [],
    moves: [],
    downtimes: [],
    ...(options.ledger !== undefined && {
      ledger: { databaseHost: null, entries: 0, owed: 0, lastError: null },
    }),
  };
  const child: ChildProcess = fork(path.join(__dirname, 'application.ts'), {
    env: { ...env, APPLICATION_OPTIONS: JSON.stringify({ ...options, settings }) },
    execArgv: ['--import', pathToFileURL(require.resolve('tsx')).href],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.on('message', (message) => {
    status = message as ApplicationStatus;
  });
  const current = (): ApplicationStatus =>
    child.exitCode === null
      ? { ...status, ...settings }
      : { ...status, lastError: `the application ended (${child.exitCode})` };
  return {
    status: current,
    configure: (change) => {
      const checked = changeSchema.safeParse(change ?? {});
      if (!checked.success) throw new Error(z.prettifyError(checked.error));
      const { configuredBy, cacheSeconds, maxConnectionSeconds } = checked.data;
      settings = {
        configuredBy: configuredBy ?? settings.configuredBy,
        cacheMs: cacheSeconds === undefined ? settings.cacheMs : cacheSeconds * 1000,
        maxConnectionMs:
          maxConnectionSeconds === undefined ? settings.maxConnectionMs : maxConnectionSeconds * 1000,
      };
      child.send(settings);
      return current();
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
