import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findMarkedProcesses, RUN_MARKER } from '../../lib/drill/marked-processes';

jest.setTimeout(20 * 60_000);

const directory = mkdtempSync(path.join(tmpdir(), 'watchdog-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const watchdogModule = path.resolve(__dirname, '../../lib/drill/watchdog.ts');

/** A program like the drill: starts the watchdog, then a child of a child that ignores polite signals. */
function startProgram(run: string, then: string): { pid: number; ended: Promise<void> } {
  const file = path.join(directory, `${run}.ts`);
  writeFileSync(
    file,
    `import { spawn } from 'node:child_process';
     import { startWatchdog } from ${JSON.stringify(watchdogModule)};
     const watchdog = startWatchdog(${JSON.stringify(run)});
     const env = { ...process.env, ${RUN_MARKER}: ${JSON.stringify(run)} };
     spawn('sh', ['-c', 'trap "" TERM HUP INT; sh -c "trap \\'\\' TERM; sleep 300" & sleep 300'], { env, stdio: 'ignore', detached: true });
     setTimeout(() => { ${then} }, 1000);
     setInterval(() => undefined, 1000);`,
  );
  const child = spawn(process.execPath, ['--import', 'tsx', file], { stdio: 'inherit' });
  if (child.pid === undefined) throw new Error('the program did not start');
  return {
    pid: child.pid,
    ended: new Promise((resolve) =>
      child.once('exit', () => {
        resolve();
      }),
    ),
  };
}

async function waitUntil(condition: () => boolean, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not true within ${withinMs} ms`);
    await sleep(50);
  }
}

describe('the watchdog', () => {
  it('ends what a killed program left behind, however deep and stubborn', async () => {
    const run = randomUUID();
    const program = startProgram(run, '');
    await waitUntil(() => findMarkedProcesses(run).length >= 3, 20_000);
    process.kill(program.pid, 'SIGKILL');
    await program.ended;
    await waitUntil(() => findMarkedProcesses(run).length === 0, 20_000);
    expect(findMarkedProcesses(run)).toEqual([]);
  });

  it('leaves everything alone once it was told to stand down', async () => {
    const run = randomUUID();
    const program = startProgram(run, 'watchdog.standDown(); setTimeout(() => process.exit(0), 300);');
    await program.ended;
    await sleep(5000);
    const left = findMarkedProcesses(run);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    expect(left.length).toBeGreaterThanOrEqual(3);
  });
});
