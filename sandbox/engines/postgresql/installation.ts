import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { EngineUser } from '../engine-user';
import { libraryFolders } from '../provision';

/** PostgreSQL's programs on this machine, and what it takes to run them. */
export interface PostgresInstallation {
  /** As the server itself says, such as `15.18`. */
  readonly version: string;
  readonly programs: { readonly server: string; readonly initDb: string };
  readonly environment: Readonly<Record<string, string>>;
}

/** Debian keeps every major version's programs in a folder of its own, off the PATH. */
const DEBIAN = 'usr/lib/postgresql';
/** The first one in which `pg_backup_start` and the parameters of a restore are as used here. */
const OLDEST_MAJOR = 15;
/** Where a server's modules are, seen from its programs: in Debian, and in a build of one's own. */
const MODULES = ['../lib', '../lib/postgresql'];
const NEEDED_MODULES = ['pgaudit.so', 'pg_stat_statements.so'];

/** The newest complete installation on the PATH or where Debian puts it; without pgaudit none is. */
export function findInstalled(user: EngineUser): Promise<PostgresInstallation | undefined> {
  const onPath = (process.env['PATH'] ?? '').split(':').filter((each) => path.isAbsolute(each));
  return findIn([...onPath, ...debianFolders('/')], {}, user);
}

/** The installation in Debian packages that were unpacked into `root`. */
export async function findUnpacked(
  root: string,
  user: EngineUser,
): Promise<PostgresInstallation | undefined> {
  const environment = { LD_LIBRARY_PATH: (await libraryFolders(root)).join(':') };
  return findIn(debianFolders(root), environment, user);
}

function debianFolders(root: string): string[] {
  const folder = path.join(root, DEBIAN);
  const majors = existsSync(folder) ? readdirSync(folder) : [];
  return majors.sort((a, b) => Number(b) - Number(a)).map((major) => path.join(folder, major, 'bin'));
}

async function findIn(
  folders: readonly string[],
  environment: Readonly<Record<string, string>>,
  user: EngineUser,
): Promise<PostgresInstallation | undefined> {
  for (const folder of folders) {
    const [server, initDb] = [path.join(folder, 'postgres'), path.join(folder, 'initdb')];
    if (!existsSync(server) || !existsSync(initDb) || !hasModules(server)) continue;
    const said = await user.run(server, ['--version'], { environment, directory: '/' });
    const version = /PostgreSQL\) (\d+[.]\d+)/.exec(said)?.[1];
    if (version === undefined || Number.parseInt(version, 10) < OLDEST_MAJOR) continue;
    return { version, programs: { server, initDb }, environment };
  }
  return undefined;
}

function hasModules(server: string): boolean {
  const programs = path.dirname(realpathSync(server));
  return NEEDED_MODULES.every((name) =>
    MODULES.some((folder) => existsSync(path.join(programs, folder, name))),
  );
}
