import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Measured {
  readonly seconds: number;
  /** Peak resident memory in bytes; null where the system does not tell. */
  readonly peakBytes: number | null;
  readonly stdout: string;
}

/** Whether a program is on the PATH. */
export function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v "$1"`, 'sh', program]).status === 0;
}

/** Runs a program to its end and measures it; null where it fails. */
export function measure(program: string, args: readonly string[]): Promise<Measured | null> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    let peakBytes: number | null = null;
    const timer = setInterval(() => {
      peakBytes = peakOf(child.pid) ?? peakBytes;
    }, 25);
    const end = (code: number | null): void => {
      clearInterval(timer);
      const seconds = (performance.now() - startedAt) / 1000;
      resolve(code === 0 ? { seconds, peakBytes, stdout: Buffer.concat(output).toString() } : null);
    };
    child.once('error', () => {
      end(null);
    });
    child.once('close', end);
  });
}

/** Linux keeps the highest resident size of each process. */
function peakOf(pid: number | undefined): number | null {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
    return match === null ? null : Number(match[1]) * 1024;
  } catch {
    return null;
  }
}
