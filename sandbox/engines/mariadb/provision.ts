import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { unpackDebianPackages } from '../debian-packages';
import type { EngineUser } from '../engine-user';
import { createOwnedFolder } from '../owned-folders';
import { findInstalled, findUnpacked, type MariaDbInstallation } from './installation';

/** The first one names the version. */
const PACKAGES = ['mariadb-server-core', 'mariadb-server', 'mariadb-client-core', 'mariadb-client'];

/** Of 170 MB these are needed; the rest are client programs of 5 MB each. */
const NEEDED_PROGRAMS = ['mariadb', 'mariadb-binlog', 'mariadb-install-db', 'my_print_defaults', 'resolveip'];

const UNPACKED = /^mariadb-\d/;
/** Of folders in `enginesDirectory` that are still being made. */
export const UNFINISHED = 'unfinished-';

/**
 * MariaDB as installed on this machine, or as unpacked earlier into `enginesDirectory`, or else
 * unpacked there now from Debian's packages. Any number of processes may do so at once: each
 * unpacks aside, and the first to finish puts its work in place.
 * @throws Error where MariaDB is neither installed nor can be fetched
 */
export async function provisionMariaDb(
  enginesDirectory: string,
  user: EngineUser,
  onProgress: (message: string) => void,
): Promise<MariaDbInstallation> {
  const installed = await findInstalled(user);
  if (installed !== undefined) return installed;

  const root = (await newestUnpacked(enginesDirectory)) ?? (await unpack(enginesDirectory, onProgress));
  const unpacked = await findUnpacked(root, user);
  if (unpacked === undefined) throw new Error(`${root} lacks a part of MariaDB: remove it and try again`);
  return unpacked;
}

async function newestUnpacked(enginesDirectory: string): Promise<string | undefined> {
  const names = (await readdir(enginesDirectory)).filter((name) => UNPACKED.test(name));
  const newest = names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  return newest === undefined ? undefined : path.join(enginesDirectory, newest);
}

async function unpack(enginesDirectory: string, onProgress: (message: string) => void): Promise<string> {
  onProgress(`MariaDB is not installed: unpacking Debian's packages into ${enginesDirectory}`);
  const work = await createOwnedFolder(enginesDirectory, UNFINISHED);
  try {
    const [version] = await unpackDebianPackages(PACKAGES, work, (message) => {
      onProgress(`MariaDB: ${message}`);
    });
    const root = path.join(work, 'root');
    await keepNeededPrograms(path.join(root, 'usr/bin'));
    return await putInPlace(root, path.join(enginesDirectory, `mariadb-${version ?? ''}`));
  } catch (error) {
    throw new Error(
      `MariaDB is not on the PATH, and ${error instanceof Error ? error.message : String(error)}: ` +
        `install it (on Debian and Ubuntu: apt-get install ${PACKAGES.join(' ')})`,
      { cause: error },
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function keepNeededPrograms(folder: string): Promise<void> {
  const names = await readdir(folder);
  const others = names.filter((name) => !NEEDED_PROGRAMS.includes(name));
  await Promise.all(others.map((name) => rm(path.join(folder, name))));
}

/** Renames a finished folder to its final name, unless another process was first with the same. */
export async function putInPlace(folder: string, final: string): Promise<string> {
  try {
    await rename(folder, final);
  } catch (error) {
    if (!existsSync(final)) throw error;
  }
  return final;
}
