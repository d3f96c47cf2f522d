import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { escapeIdentifier, escapeLiteral } from 'pg';
import type { DatabaseEngine, NewCluster } from '../database-cluster';
import { EngineUser } from '../engine-user';
import { createOwnedFolder, sweepFolders } from '../owned-folders';
import { provisionEngine, putInPlace, UNFINISHED } from '../provision';
import { dataDirectory, makeStorageFolders } from '../storage';
import type { Workspace } from '../workspace';
import { PostgresCluster, type ClusterSetup } from './cluster';
import type { PostgresInstallation } from './installation';
import { postgresProvision } from './provision';
import { ADMIN, serverArguments } from './server';

/** Small segments: each restore finishes one. In megabytes. */
const WAL_SEGMENT_MB = 4;
/** Everyone by password, from anywhere; nobody through a socket of this machine. */
const WHO_MAY_CONNECT = 'host all all all scram-sha-256\n';

/**
 * PostgreSQL with pgaudit as a stand-in for Aurora PostgreSQL: found on this machine or fetched from Debian.
 * @throws Error where there is neither, or where no user but root could run it
 */
export async function openPostgres(
  workspace: Workspace,
  onProgress: (message: string) => void = () => undefined,
): Promise<PostgresEngine> {
  await mkdir(workspace.enginesDirectory, { recursive: true });
  await sweepFolders(workspace.enginesDirectory, UNFINISHED);
  const user = await EngineUser.for(workspace.enginesDirectory);
  const provision = postgresProvision(user);
  const installation = await provisionEngine(provision, workspace.enginesDirectory, onProgress);
  return new PostgresEngine(installation, user, workspace.enginesDirectory);
}

export class PostgresEngine implements DatabaseEngine {
  readonly engine = 'aurora-postgresql';
  readonly engineVersion: string;
  private template: Promise<string> | undefined;

  constructor(
    private readonly installation: PostgresInstallation,
    private readonly user: EngineUser,
    private readonly enginesDirectory: string,
  ) {
    this.engineVersion = installation.version;
  }

  async createCluster(options: NewCluster): Promise<PostgresCluster> {
    const { installation, user } = this;
    const setup = {
      installation,
      user,
      directory: path.resolve(options.directory),
      address: options.address,
      adminPassword: randomBytes(18).toString('base64url'),
    };
    await makeStorageFolders(setup);
    try {
      this.template ??= this.makeTemplate();
      await user.copy(await this.template, dataDirectory(setup));
      await createRoles(setup, options);
      return await PostgresCluster.open(setup);
    } catch (error) {
      await rm(setup.directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** A data directory with the system's databases only: making one takes a second or two, copying it a tenth. */
  private async makeTemplate(): Promise<string> {
    const { installation, user } = this;
    const name = `template-postgresql-${installation.version}-uid${user.uid}`;
    const final = path.join(this.enginesDirectory, name);
    if (existsSync(final)) return final;
    const work = await createOwnedFolder(this.enginesDirectory, UNFINISHED);
    try {
      await user.own(work);
      const data = path.join(work, 'data');
      const args = ['--encoding=UTF8', '--locale=C.UTF-8', `--wal-segsize=${WAL_SEGMENT_MB}`, '--no-sync'];
      await user.run(
        installation.programs.initDb,
        ['-D', data, `--username=${ADMIN}`, '--auth=reject', ...args],
        { environment: installation.environment, directory: '/' },
      );
      await writeFile(path.join(data, 'pg_hba.conf'), WHO_MAY_CONNECT);
      return await putInPlace(data, final);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  }
}

/** Passwords and rights: the master user is no superuser, but a member of `rds_superuser`, as on Aurora. */
async function createRoles(setup: ClusterSetup, options: NewCluster): Promise<void> {
  const master = escapeIdentifier(options.masterUsername);
  const extension = 'CREATE EXTENSION pgaudit';
  await runAlone(setup, 'postgres', [
    extension,
    `ALTER ROLE ${ADMIN} PASSWORD ${escapeLiteral(setup.adminPassword)}`,
    'CREATE ROLE rds_superuser',
    'GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO rds_superuser WITH ADMIN OPTION',
    'GRANT pg_read_all_data, pg_write_all_data TO rds_superuser WITH ADMIN OPTION',
    `CREATE ROLE ${master} LOGIN CREATEDB CREATEROLE PASSWORD ${escapeLiteral(options.masterPassword)}`,
    `GRANT rds_superuser TO ${master} WITH ADMIN OPTION`,
    `ALTER DATABASE postgres OWNER TO ${master}`,
  ]);
  // a person runs this once in each database; every new one begins as a copy of this one
  await runAlone(setup, 'template1', [extension]);
}

/** Runs statements, each without a line break, on a database whose server does not run. */
async function runAlone(setup: ClusterSetup, database: string, statements: readonly string[]): Promise<void> {
  await setup.user.run(
    setup.installation.programs.server,
    ['--single', ...serverArguments(setup, { exit_on_error: 'on', 'pgaudit.log': 'none' }), database],
    {
      environment: setup.installation.environment,
      directory: dataDirectory(setup),
      input: statements.map((each) => `${each}\n`).join(''),
    },
  );
}
