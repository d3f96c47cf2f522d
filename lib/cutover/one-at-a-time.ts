import { linkSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drillDirectory } from '../artefact-files';
import { RefusalError } from '../errors';

const FILE = 'cutover.lock';
const TURN_MS = 10_000;

/**
 * Runs what changes clusters, names or targets of a drill while no other such command of it runs on
 * this machine: two that go opposite ways would undo each other's steps. What a killed one has left
 * stands in nobody's way.
 * @throws RefusalError where another one is running
 */
export async function oneAtATime<T>(drill: string, command: string, run: () => Promise<T>): Promise<T> {
  const file = path.join(drillDirectory(drill), FILE);
  mkdirSync(path.dirname(file), { recursive: true });
  while (!claim(file, command)) {
    const holder = readHolder(file);
    if (holder === 'gone') continue;
    // a step of another command, which keeps others out for it
    if (holder.pid === process.ppid) return run();
    if (holder.pid !== undefined && isAlive(holder.pid)) {
      throw new RefusalError({
        reason: 'another-is-running',
        message: `'npm run ${holder.command}' of drill '${drill}' is running already, as process ${holder.pid}`,
        hint: `wait for it, or stop it; where that is no such process, remove ${path.relative('.', file)}`,
      });
    }
    if (!removeStale(file)) await sleep(10);
  }
  try {
    return await run();
  } finally {
    rmSync(file, { force: true });
  }
}

function claim(file: string, command: string): boolean {
  // linked into place, so that nobody reads half of it
  const aside = `${file}.${process.pid}.tmp`;
  writeFileSync(aside, `${process.pid} ${command}\n`);
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside);
  }
}

/**
 * One at a time as well: of two that find the same stale lock, the slower one would remove the lock
 * that the faster has made meanwhile. Answers whether this one had its turn.
 */
function removeStale(file: string): boolean {
  const turn = `${file}.stale`;
  try {
    mkdirSync(turn);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    forgetOldTurn(turn);
    return false;
  }
  try {
    // nobody else removes it now, and nobody makes one while it is there
    const holder = readHolder(file);
    if (holder !== 'gone' && (holder.pid === undefined || !isAlive(holder.pid))) rmSync(file);
    return true;
  } finally {
    rmdirSync(turn);
  }
}

/** A turn takes no time: one that lasts was cut short by a kill. */
function forgetOldTurn(turn: string): void {
  try {
    if (Date.now() - statSync(turn).mtimeMs > TURN_MS) rmdirSync(turn);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

/** `gone` where it is, by now; no pid where no such command has written it. */
function readHolder(file: string): { pid?: number; command: string } | 'gone' {
  try {
    const [, pid, command = ''] = /^(\d+) (.*)\n$/.exec(readFileSync(file, 'utf8')) ?? [];
    return pid === undefined ? { command } : { pid: Number(pid), command };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'gone';
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
