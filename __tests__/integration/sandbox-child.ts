import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { RDSClient } from '@aws-sdk/client-rds';
import { z } from 'zod';

const readySchema = z.object({
  endpointUrl: z.url(),
  env: z.record(z.string(), z.string()),
  clusters: z.array(z.object({ id: z.string(), endpoint: z.string(), port: z.number() })),
});

/** A sandbox in a process of its own, as people start one; what it says goes to a file of its own. */
export interface SandboxChild extends z.infer<typeof readySchema> {
  readonly rds: RDSClient;
  /** `GET` or `POST /_sandbox/<path>`. */
  control(method: 'GET' | 'POST', route: string): Promise<unknown>;
  /** What it said so far: each call that it refused, among others. */
  log(): string;
  /** Ends it and waits until everything that it made is gone. */
  stop(): Promise<void>;
}

/** Starts `npm run sandbox`'s program with these options, such as `--log-delay 800ms`, and waits until it is ready. */
export async function startSandboxChild(options = ''): Promise<SandboxChild> {
  const directory = mkdtempSync(path.join(tmpdir(), 'sandbox-child-'));
  const logFile = path.join(directory, 'sandbox.log');
  const log = openSync(logFile, 'w');
  const args = ['--import', 'tsx', 'scripts/sandbox.ts', '--until-stdin-ends'];
  const child = spawn(process.execPath, [...args, ...options.split(' ').filter(Boolean)], {
    cwd: path.resolve(__dirname, '../..'),
    stdio: ['pipe', 'pipe', log],
  });
  closeSync(log);
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the sandbox has no pipes');
  const ended = once(child, 'exit');
  const line = await Promise.race([
    once(createInterface({ input: stdout }), 'line').then(([text]) => String(text)),
    ended.then(() => null),
  ]);
  if (line === null) throw new Error(`the sandbox did not start: ${readFileSync(logFile, 'utf8')}`);
  const ready = readySchema.parse(JSON.parse(line));
  const rds = new RDSClient({
    endpoint: ready.endpointUrl,
    region: ready.env['AWS_REGION'] ?? '',
    credentials: {
      accessKeyId: ready.env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: ready.env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
  return {
    ...ready,
    rds,
    control: async (method, route) => {
      const response = await fetch(`${ready.endpointUrl}/_sandbox/${route}`, { method });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${text}`);
      return JSON.parse(text) as unknown;
    },
    log: () => readFileSync(logFile, 'utf8'),
    stop: async () => {
      rds.destroy();
      stdin.end();
      await ended;
      rmSync(directory, { recursive: true });
    },
  };
}
