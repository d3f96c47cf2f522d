import { readdirSync, readFileSync } from 'node:fs';

/** Environment variable that every process of one drill run inherits, however deep in the tree it is started. */
export const RUN_MARKER = 'AURORA_RESTORE_DRILL_RUN';

/**
 * Processes of this machine whose environment carries the marker of one run, but this one. A
 * provider plugin that Terraform left behind is found as well, although its parent is gone.
 * Source: proc(5), /proc/PID/environ. Empty where there is no /proc.
 */
export function findMarkedProcesses(run: string): number[] {
  const marker = `${RUN_MARKER}=${run}`;
  return processIds().filter((pid) => pid !== process.pid && environmentOf(pid).includes(marker));
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return []; // ended meanwhile, or another user's
  }
}
