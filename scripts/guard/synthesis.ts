import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const MAIN = path.resolve(__dirname, '../../main.ts');

/**
 * Synthesizes one stack of a drill as cdktf would, by the same program, into `outputDirectory`. Answers
 * with the program's exit code; what it has to say, such as why it refuses, it says itself.
 */
export async function synthesize(
  drill: string,
  stack: string,
  outputDirectory: string,
  signal: AbortSignal,
): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, MAIN], {
    env: { ...process.env, DRILL: drill, STACK: stack, CDKTF_OUTDIR: outputDirectory },
    stdio: ['ignore', 'ignore', 'inherit'],
    signal,
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
