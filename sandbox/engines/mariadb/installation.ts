import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { EngineUser } from '../engine-user';
import { libraryFolders } from '../provision';

/** MariaDB's programs on this machine, and what it takes to run them. */
export interface MariaDbInstallation {
  /** As the server itself says, such as `10.11.11`. */
  readonly version: string;
  /** The folder that holds `share/mysql` and, with its programs, `bin` and `sbin`. */
  readonly baseDirectory: string;
  readonly pluginDirectory: string;
  readonly programs: Readonly<Record<Program, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

type Program = keyof typeof PROGRAMS;
const PROGRAMS = {
  server: 'mariadbd',
  installDb: 'mariadb-install-db',
  client: 'mariadb',
  binlog: 'mariadb-binlog',
};

/** The installation on the PATH, if it is complete. System folders count too: a user's PATH often lacks sbin. */
export function findInstalled(user: EngineUser): Promise<MariaDbInstallation | undefined> {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/local/sbin', '/usr/sbin'];
  return findIn(
    folders.filter((each) => path.isAbsolute(each)),
    {},
    user,
  );
}

/** The installation in Debian packages that were unpacked into `root`. */
export async function findUnpacked(root: string, user: EngineUser): Promise<MariaDbInstallation | undefined> {
  const folders = ['usr/sbin', 'usr/bin'].map((each) => path.join(root, each));
  return findIn(folders, { LD_LIBRARY_PATH: (await libraryFolders(root)).join(':') }, user);
}

async function findIn(
  folders: readonly string[],
  environment: Readonly<Record<string, string>>,
  user: EngineUser,
): Promise<MariaDbInstallation | undefined> {
  const find = (name: string): string | undefined =>
    folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
  const server = find(PROGRAMS.server);
  const installDb = find(PROGRAMS.installDb);
  const client = find(PROGRAMS.client);
  const binlog = find(PROGRAMS.binlog);
  if (server === undefined || installDb === undefined || client === undefined || binlog === undefined) {
    return undefined;
  }
  const baseDirectory = path.dirname(path.dirname(realpathSync(server)));
  const help = await user.run(
    server,
    ['--no-defaults', `--basedir=${baseDirectory}`, '--verbose', '--help'],
    { environment, directory: '/' },
  );
  const version = /Ver (\d+[.]\d+[.]\d+)-MariaDB/.exec(help)?.[1];
  const pluginDirectory = /^plugin-dir +(.*?) *$/m.exec(help)?.[1];
  if (version === undefined || pluginDirectory === undefined) {
    throw new Error(`${server} does not say its version and plugin directory as MariaDB does`);
  }
  if (!existsSync(path.join(pluginDirectory, 'server_audit.so'))) return undefined;
  return {
    version,
    baseDirectory,
    pluginDirectory,
    programs: { server, installDb, client, binlog },
    environment,
  };
}
