import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { escape } from 'mysql2';
import type { DatabaseEngine, NewCluster } from '../database-cluster';
import { EngineUser } from '../engine-user';
import { createOwnedFolder, sweepFolders } from '../owned-folders';
import { provisionEngine, putInPlace, UNFINISHED } from '../provision';
import { dataDirectory, makeStorageFolders } from '../storage';
import type { Workspace } from '../workspace';
import { MariaDbCluster, type ClusterSetup } from './cluster';
import type { MariaDbInstallation } from './installation';
import { LogReader } from './log-reader';
import { mariaDbProvision } from './provision';
import { serverArguments } from './server';

/** What the master user of an Aurora cluster must not do: all else it may, and grant to others. */
const NOT_FOR_THE_MASTER = [
  'SUPER, FILE, SHUTDOWN, CREATE TABLESPACE, BINLOG ADMIN, BINLOG REPLAY, READ_ONLY ADMIN',
  'FEDERATED ADMIN, REPLICATION MASTER ADMIN, REPLICATION SLAVE ADMIN',
].join(', ');

/**
 * MariaDB as a stand-in for Aurora MySQL: found on this machine or fetched from Debian.
 * @throws Error where there is neither, or where no user but root could run it
 */
export async function openMariaDb(
  workspace: Workspace,
  onProgress: (message: string) => void = () => undefined,
): Promise<MariaDbEngine> {
  await mkdir(workspace.enginesDirectory, { recursive: true });
  await sweepFolders(workspace.enginesDirectory, UNFINISHED);
  const user = await EngineUser.for(workspace.enginesDirectory);
  const installation = await provisionEngine(mariaDbProvision(user), workspace.enginesDirectory, onProgress);
  return new MariaDbEngine(installation, user, workspace.enginesDirectory);
}

export class MariaDbEngine implements DatabaseEngine {
  readonly engine = 'aurora-mysql';
  readonly engineVersion: string;
  private readonly logReader = new LogReader();
  private template: Promise<string> | undefined;

  constructor(
    private readonly installation: MariaDbInstallation,
    private readonly user: EngineUser,
    private readonly enginesDirectory: string,
  ) {
    this.engineVersion = `${installation.version}-mariadb`;
  }

  async createCluster(options: NewCluster): Promise<MariaDbCluster> {
    const { installation, user } = this;
    const setup = {
      installation,
      user,
      directory: path.resolve(options.directory),
      address: options.address,
      adminPassword: randomBytes(18).toString('base64url'),
      logReader: this.logReader,
    };
    await makeStorageFolders(setup);
    try {
      this.template ??= this.makeTemplate();
      await user.copy(await this.template, dataDirectory(setup));
      await createUsers(setup, options);
      return await MariaDbCluster.open(setup);
    } catch (error) {
      await rm(setup.directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** A data directory with the system tables only: making one takes a second or two, copying it a few milliseconds. */
  private async makeTemplate(): Promise<string> {
    const { installation, user } = this;
    const final = path.join(this.enginesDirectory, `template-mariadb-${installation.version}-uid${user.uid}`);
    if (existsSync(final)) return final;
    const work = await createOwnedFolder(this.enginesDirectory, UNFINISHED);
    try {
      await user.own(work);
      // the script does not quote these: a folder with a blank must not be among them, data directory aside
      await user.run(
        installation.programs.installDb,
        [
          '--no-defaults',
          '--basedir=.',
          `--datadir=${path.join(work, 'data')}`,
          '--auth-root-authentication-method=normal',
          '--skip-test-db',
          '--skip-name-resolve',
          '--innodb-log-file-size=16M',
          '--debug-no-sync',
        ],
        {
          // a server that starts removes the temporary tables that it finds, in /tmp also those of others
          environment: { ...installation.environment, TMPDIR: work },
          directory: installation.baseDirectory,
        },
      );
      return await putInPlace(path.join(work, 'data'), final);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
}

/** The master user, and the one of Amazon's own that Aurora's audit logs show, for what the sandbox does itself. */
async function createUsers(setup: ClusterSetup, options: NewCluster): Promise<void> {
  const master = `${escape(options.masterUsername)}@'%'`;
  const statements = [
    'SET NAMES utf8mb4',
    // of this machine's host name, and anonymous
    "DELETE FROM mysql.global_priv WHERE User IN ('root', '') AND Host <> 'localhost'",
    "DELETE FROM mysql.proxies_priv WHERE Host <> 'localhost'",
    'FLUSH PRIVILEGES',
    "RENAME USER 'root'@'localhost' TO 'rdsadmin'@'localhost'",
    `ALTER USER 'rdsadmin'@'localhost' IDENTIFIED BY ${escape(setup.adminPassword)}`,
    `CREATE USER ${master} IDENTIFIED BY ${escape(options.masterPassword)}`,
    `GRANT ALL PRIVILEGES ON *.* TO ${master} WITH GRANT OPTION`,
    `REVOKE ${NOT_FOR_THE_MASTER} ON *.* FROM ${master}`,
  ];
  await setup.user.run(
    setup.installation.programs.server,
    [...serverArguments(setup), '--bootstrap', '--silent-startup'],
    {
      environment: setup.installation.environment,
      directory: dataDirectory(setup),
      input: statements.map((each) => `${each};\n`).join(''),
    },
  );
}
