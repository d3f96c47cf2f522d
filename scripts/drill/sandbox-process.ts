import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const readySchema = z.object({
  endpointUrl: z.url(),
  env: z.record(z.string(), z.string()),
  clusters: z.array(z.object({ id: z.string(), endpoint: z.string(), port: z.number() })).min(1),
});

/** The sandbox as a process of its own, reached over the network only, as AWS would be. */
export interface SandboxProcess extends z.infer<typeof readySchema> {
  readonly pid: number;
  /** `GET` or, with a body, `POST /_sandbox/<path>`. */
  control(method: 'GET' | 'POST', path: string): Promise<unknown>;
  /** Ends it and waits until everything that it made is gone. */
  stop(): Promise<void>;
  /** Lets it live on after this process ends. */
  release(): void;
}

const STOP_WITHIN_MS = 30_000;

/** Starts `npm run sandbox`'s program and waits for its line on stdout. It ends with this process unless released. */
export async function startSandboxProcess(
  env: NodeJS.ProcessEnv,
  logFile: string,
  signal: AbortSignal,
  onLine: (line: string) => void,
  options: readonly string[] = [],
): Promise<SandboxProcess> {
  mkdirSync(path.dirname(logFile), { recursive: true });
  // straight into the file: the sandbox can go on writing there after this process has ended
  const log = openSync(logFile, 'w');
  const program = ['--import', 'tsx', 'scripts/sandbox.ts', '--until-stdin-ends', ...options];
  const child = spawn(process.execPath, program, { env, stdio: ['pipe', 'pipe', log], detached: true });
  closeSync(log);
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the sandbox has no pipes');
  const following = setInterval(() => {
    onLine(lastLineOf(logFile));
  }, 500);
  stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const stop = async (): Promise<void> => {
    stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(timer);
  };
  const onAbort = (): void => void stdin.end();
  signal.addEventListener('abort', onAbort, { once: true });
  const firstLine = new Promise<string>((resolve) =>
    createInterface({ input: stdout }).once('line', resolve),
  );
  const line = await Promise.race([
    firstLine,
    ended.then((code) => `it ended with exit code ${String(code)}`),
  ]).finally(() => {
    clearInterval(following);
  });
  signal.throwIfAborted();
  const ready = readySchema.safeParse(parseJson(line));
  if (!ready.success || child.pid === undefined) {
    await stop();
    throw new Error(`the sandbox did not start: ${line}: ${lastLineOf(logFile)}; see ${logFile}`);
  }
  const { endpointUrl } = ready.data;
  return {
    ...ready.data,
    pid: child.pid,
    stop,
    release: () => {
      signal.removeEventListener('abort', onAbort);
      stdin.end('keep\n');
      // an open pipe would keep this process until the sandbox ends
      stdout.destroy();
      child.unref();
    },
    control: async (method, route) => {
      const response = await fetch(`${endpointUrl}/_sandbox/${route}`, { method });
      const text = await response.text();
      if (!response.ok) throw new Error(`sandbox answered ${response.status} to ${method} ${route}: ${text}`);
      return JSON.parse(text) as unknown;
    },
  };
}

function lastLineOf(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
