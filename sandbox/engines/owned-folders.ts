import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes `<parent>/<prefix><owner>`, a folder whose name says which process owns it. A folder is
 * thus never without an owner, however early its process is killed, and `sweepFolders` can tell
 * what dead processes left behind from what living ones use.
 */
export async function createOwnedFolder(parent: string, prefix = ''): Promise<string> {
  const folder = path.join(parent, `${prefix}${ownName()}`);
  await mkdir(parent, { recursive: true });
  await mkdir(folder);
  return folder;
}

/** Removes the folders of `createOwnedFolder` whose process is dead; leaves everything else. */
export async function sweepFolders(parent: string, prefix = ''): Promise<void> {
  const names = existsSync(parent) ? await readdir(parent) : [];
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    if (ownerIsDead(name.slice(prefix.length))) {
      // another process may be sweeping too, or the folder may belong to another user: leave it then
      await rm(path.join(parent, name), { recursive: true, force: true, maxRetries: 3 }).catch(
        () => undefined,
      );
    }
  }
}

/** `<boot>.<pid namespace>.<pid>.<start time>.<random>`: a pid alone is soon given to someone else. */
function ownName(): string {
  const { boot, namespace } = whereWeAre();
  const startedAt = startTimeOf(process.pid) ?? '0';
  return [boot, namespace, process.pid, startedAt, randomBytes(3).toString('hex')].join('.');
}

function ownerIsDead(name: string): boolean {
  const [boot, namespace, pid, startedAt] = name.split('.');
  if (boot === undefined || namespace === undefined || startedAt === undefined) return false;
  const here = whereWeAre();
  if (boot !== here.boot) return true;
  // of a process in another container nothing is visible from here
  return namespace === here.namespace && startTimeOf(Number(pid)) !== startedAt;
}

function whereWeAre(): { boot: string; namespace: string } {
  return {
    boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8),
    namespace: readlinkSync('/proc/self/ns/pid').replace(/\D/g, ''),
  };
}

/** The start of a living process in clock ticks since boot (proc(5), field 22 of stat); undefined where there is none. */
function startTimeOf(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // the program's name, in parentheses, may itself hold blanks and parentheses
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' ? undefined : rest[18];
}
