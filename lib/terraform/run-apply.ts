import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOCK_TIMEOUT, type TerraformRun } from './terraform-cli';

export interface ApplyOptions {
  readonly planFile: string;
  /** Everything that Terraform prints goes there. */
  readonly logFile: string;
  readonly onLine: (line: string) => void;
}

const LOOK_EVERY_MS = 200;

/**
 * Applies a plan file. Answers with Terraform's exit code and the lines of its error messages.
 *
 * When `signal` aborts, Terraform gets one SIGINT: it then lets go of what it waits for, and writes
 * its state. A second one would make it forget resources that exist, so it gets no other: it runs in
 * a session of its own, where the terminal's Ctrl-C does not reach it. It writes to a file and not
 * to us, so that it ends in peace even if this process is killed.
 */
export async function runApply(
  { setup, env, stackDirectory, signal }: TerraformRun,
  { planFile, logFile, onLine }: ApplyOptions,
): Promise<{ exitCode: number; errorLines: string[] }> {
  signal.throwIfAborted();
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w+', 0o600);
  const args = [`-chdir=${stackDirectory}`, 'apply', '-input=false', '-no-color', LOCK_TIMEOUT, planFile];
  const child = spawn(setup.binary.command, args, {
    env: { ...env, ...setup.environment },
    stdio: ['ignore', log, log],
    detached: true,
  });
  const stop = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const ended = once(child, 'exit') as Promise<[number | null]>;
    const lines = new FollowedLines(log, onLine);
    const running = Promise.race([ended.then(() => false), ended.catch(() => false)]);
    while (await Promise.race([running, sleep(LOOK_EVERY_MS, true)])) lines.read();
    const [exitCode] = await ended;
    lines.end();
    return { exitCode: exitCode ?? 1, errorLines: lines.errors };
  } finally {
    signal.removeEventListener('abort', stop);
    closeSync(log);
  }
}

/** Runs `action` to its end, however often a person presses Ctrl-C: what Terraform has left must be told. */
export async function despiteSignals<T>(action: () => Promise<T>): Promise<T> {
  const ignored = (): void => undefined;
  for (const name of SIGNALS) process.on(name, ignored);
  try {
    return await action();
  } finally {
    for (const name of SIGNALS) process.off(name, ignored);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Reads on in a file that grows, line by line. */
class FollowedLines {
  readonly errors: string[] = [];
  private readonly buffer = Buffer.alloc(65_536);
  private readonly decoder = new TextDecoder();
  private position = 0;
  private rest = '';
  private inError = false;

  constructor(
    private readonly file: number,
    private readonly onLine: (line: string) => void,
  ) {}

  read(): void {
    for (;;) {
      const length = readSync(this.file, this.buffer, 0, this.buffer.length, this.position);
      if (length === 0) return;
      this.position += length;
      const lines = (
        this.rest + this.decoder.decode(this.buffer.subarray(0, length), { stream: true })
      ).split('\n');
      this.rest = lines.pop() ?? '';
      lines.forEach((line) => {
        this.take(line);
      });
    }
  }

  end(): void {
    this.read();
    this.take(this.rest);
    this.rest = '';
  }

  /** Terraform frames each error by lines that begin with `╷` and `╵`. */
  private take(line: string): void {
    const text = line.trimEnd();
    if (text === '') return;
    if (text.startsWith('╷')) this.inError = true;
    const plain = text.replace(/^[╷│╵]\s?/, '').trimEnd();
    if (this.inError && plain !== '') this.errors.push(plain);
    if (text.startsWith('╵')) this.inError = false;
    if (plain !== '') this.onLine(plain);
  }
}
