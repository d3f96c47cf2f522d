import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 500;

/**
 * Resolves when the process that started this one is gone. It may have been killed and had no time
 * to tell; and between npm and a script stands a shell, which outlives an npm that was killed.
 */
export function untilStarterIsGone(env: NodeJS.ProcessEnv): Promise<void> {
  const started = starters(env);
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (starters(env) === started) return;
      clearInterval(timer);
      resolve();
    }, LOOK_EVERY_MS);
    timer.unref();
  });
}

function starters(env: NodeJS.ProcessEnv): string {
  const startedByNpm = env['npm_lifecycle_event'] !== undefined;
  return startedByNpm ? `${process.ppid} ${parentOf(process.ppid)}` : String(process.ppid);
}

/** Field 4 of stat, see proc(5); empty where there is no such process or no /proc. */
function parentOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the program's name, in parentheses, may itself hold blanks and parentheses
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '';
  } catch {
    return '';
  }
}
