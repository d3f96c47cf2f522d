import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { unpackDebianPackages } from './debian-packages';
import { createOwnedFolder } from './owned-folders';

/** Of folders in the engines' directory that are still being made. */
export const UNFINISHED = 'unfinished-';

/** How an engine is found on this machine or fetched to it. */
export interface Provision<Installation> {
  /** As people call it. */
  readonly name: string;
  /** Debian's packages of it; the first one names the version. */
  readonly packages: readonly string[];
  readonly findInstalled: () => Promise<Installation | undefined>;
  readonly findUnpacked: (root: string) => Promise<Installation | undefined>;
  /** Removes from unpacked packages what is large and not needed. */
  readonly prune: (root: string) => Promise<void>;
}

/**
 * An engine as installed on this machine, or as unpacked earlier into `enginesDirectory`, or else
 * unpacked there now from Debian's packages. Any number of processes may do so at once: each
 * unpacks aside, and the first to finish puts its work in place.
 * @throws Error where the engine is neither installed nor can be fetched
 */
export async function provisionEngine<Installation>(
  engine: Provision<Installation>,
  enginesDirectory: string,
  onProgress: (message: string) => void,
): Promise<Installation> {
  const installed = await engine.findInstalled();
  if (installed !== undefined) return installed;

  const root =
    (await newestUnpacked(engine.name, enginesDirectory)) ??
    (await unpack(engine, enginesDirectory, onProgress));
  const unpacked = await engine.findUnpacked(root);
  if (unpacked === undefined)
    throw new Error(`${root} lacks a part of ${engine.name}: remove it and try again`);
  return unpacked;
}

async function newestUnpacked(name: string, enginesDirectory: string): Promise<string | undefined> {
  const prefix = `${name.toLowerCase()}-`;
  const names = (await readdir(enginesDirectory)).filter(
    (each) => each.startsWith(prefix) && /^\d/.test(each.slice(prefix.length)),
  );
  const newest = names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  return newest === undefined ? undefined : path.join(enginesDirectory, newest);
}

async function unpack<Installation>(
  { name, packages, prune }: Provision<Installation>,
  enginesDirectory: string,
  onProgress: (message: string) => void,
): Promise<string> {
  onProgress(`${name} is not installed: unpacking Debian's packages into ${enginesDirectory}`);
  const work = await createOwnedFolder(enginesDirectory, UNFINISHED);
  try {
    const [version] = await unpackDebianPackages(packages, work, (message) => {
      onProgress(`${name}: ${message}`);
    });
    const root = path.join(work, 'root');
    await prune(root);
    return await putInPlace(root, path.join(enginesDirectory, `${name.toLowerCase()}-${version ?? ''}`));
  } catch (error) {
    throw new Error(
      `${name} is not on the PATH, and ${error instanceof Error ? error.message : String(error)}: ` +
        `install it (on Debian and Ubuntu: apt-get install ${packages.join(' ')})`,
      { cause: error },
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
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

/**
 * The folders of shared libraries in unpacked packages, for LD_LIBRARY_PATH. Some packages keep theirs in
 * a folder of their own, which its users find by an absolute path (libpulse's is one).
 */
export async function libraryFolders(root: string): Promise<string[]> {
  const shared = (await Promise.all(['usr/lib', 'lib'].map((each) => foldersIn(path.join(root, each)))))
    .flat()
    .filter((folder) => path.basename(folder).includes('-linux-gnu'));
  const own = (await Promise.all(shared.map(foldersIn))).flat();
  const holding = await Promise.all(
    own.map(async (folder) => (await readdir(folder)).some((name) => /^lib.+\.so(\.|$)/.test(name))),
  );
  return [...shared, ...own.filter((_, i) => holding[i])];
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = existsSync(folder) ? await readdir(folder, { withFileTypes: true }) : [];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
}
