import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { interrupted } from '../../lib/cli';
import { EXIT, RefusalError } from '../../lib/errors';

/**
 * Runs another step of this project as a person would; what it says goes to stderr. A Ctrl-C is passed
 * on, and its end awaited.
 * @throws RefusalError where it refuses
 */
export async function runScriptFile(name: string, args: readonly string[]): Promise<void> {
  const script = path.resolve(__dirname, '..', `${name}.ts`);
  const child = spawn(process.execPath, [...process.execArgv, script, ...args], {
    stdio: ['ignore', process.stderr, process.stderr],
  });
  const passOn = (): void => void child.kill('SIGTERM');
  interrupted.addEventListener('abort', passOn, { once: true });
  const [code] = (await once(child, 'exit')) as [number | null];
  interrupted.removeEventListener('abort', passOn);
  if (code === EXIT.ok) return;
  interrupted.throwIfAborted();
  const message = `'${name} ${args.join(' ')}' ended with exit code ${code ?? '?'}`;
  if (code !== EXIT.refused) throw new Error(message);
  throw new RefusalError({ reason: 'step-refused', message, hint: 'see the refusal above' });
}
