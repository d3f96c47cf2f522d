import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** The last lines of both streams, for a person who asks what went wrong. */
  readonly lastLines: readonly string[];
}

const LAST_LINES = 15;

/**
 * Runs one command in a process group of its own, everything it prints going to `logFile`. When
 * `signal` aborts, the group gets SIGINT, as by Ctrl-C at its own terminal, and after a grace SIGKILL.
 * @throws Error where the command cannot be started, or was interrupted
 */
export async function runCommand(
  command: readonly [string, ...string[]],
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly logFile: string;
    readonly signal: AbortSignal;
    /** Called with each line, stripped of terminal colours. */
    readonly onLine: (line: string) => void;
  },
): Promise<CommandResult> {
  options.signal.throwIfAborted();
  mkdirSync(path.dirname(options.logFile), { recursive: true });
  const log = createWriteStream(options.logFile);
  log.write(`$ ${command.join(' ')}\n`);
  const [file, ...args] = command;
  const child = spawn(file, args, { env: options.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const lastLines: string[] = [];
  let stdout = '';
  const onLine = (line: string): void => {
    const plain = stripVTControlCharacters(line).trimEnd();
    if (plain === '') return;
    lastLines.push(plain);
    if (lastLines.length > LAST_LINES) lastLines.shift();
    options.onLine(plain);
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.pipe(log, { end: false });
    readLines(stream, onLine);
  }
  child.stdout.on('data', (chunk: string) => (stdout += chunk));
  const stop = (): void => {
    signalGroup(child.pid, 'SIGINT');
    setTimeout(() => {
      signalGroup(child.pid, 'SIGKILL');
    }, 5000).unref();
  };
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        resolve(code ?? 1);
      });
    });
    options.signal.throwIfAborted();
    return { exitCode, stdout, lastLines };
  } finally {
    options.signal.removeEventListener('abort', stop);
    await new Promise<void>((resolve) => log.end(resolve));
  }
}

function readLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.on('data', (chunk: Buffer | string) => {
    const lines = (rest + String(chunk)).split(/\r?\n|\r/);
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  stream.on('end', () => {
    onLine(rest);
  });
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // the group has ended
  }
}
