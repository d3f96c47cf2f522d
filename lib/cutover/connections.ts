import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { QueryError, textOf, type Database, type Row } from '../verify/database';

/** One session on a database server, as the server tells of it. */
export interface Session {
  readonly id: string;
  readonly user: string;
  /** Where the client is, without its port. */
  readonly host: string;
  readonly command: string;
}

/** Accounts by which the server, RDS and replication work for themselves. Source: Aurora's and MySQL's documentation. */
const OF_THE_SERVER: readonly string[] = [
  'rdsadmin',
  'rdsrepladmin',
  'rdsproxyadmin',
  'rdstopmgr',
  'event_scheduler',
  'system user',
  'unauthenticated user',
];
const NO_CLIENT = /^(binlog dump|daemon|slave|replica)/i;

/** Every client's session but this one. PostgreSQL tells a worker of its own from a client, but not to everybody. */
const SESSIONS: Readonly<Record<Database['dialect']['name'], string>> = {
  mysql:
    'SELECT ID AS id, USER AS usr, HOST AS host, COMMAND AS command FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID()',
  postgresql: `SELECT pid AS id, usename AS usr, host(client_addr) AS host, state AS command FROM pg_stat_activity
     WHERE pid <> pg_backend_pid() AND (backend_type = 'client backend' OR backend_type IS NULL AND usename IS NOT NULL)`,
};

/**
 * Sessions of applications: not this one, nor those of the server, of RDS and of replication. A user
 * needs PROCESS on MySQL to see those of others.
 */
export async function fetchApplicationSessions(database: Database): Promise<Session[]> {
  const rows = await database.query(SESSIONS[database.dialect.name]);
  return rows.map(toSession).filter(isApplication);
}

export function isApplication({ user, command }: Session): boolean {
  return !OF_THE_SERVER.includes(user) && !NO_CLIENT.test(command);
}

/**
 * Whether this user sees the sessions of others: to one that does not, a busy MySQL server looks idle.
 * PostgreSQL shows everybody that there is a session, and whose.
 */
export async function checkSeesSessions(
  database: Database,
): Promise<Outcome<undefined, Refusal<'sees-no-sessions'>>> {
  if (database.dialect.name !== 'mysql') return accept(undefined);
  try {
    // needs PROCESS, as the sessions of others do, by whichever role it comes
    await database.query('SHOW ENGINE INNODB STATUS');
    return accept(undefined);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return refuse({
      reason: 'sees-no-sessions',
      message: `the database user may not see the sessions of others on the ${database.side} cluster (${error.code}): it would look idle`,
      hint: 'grant PROCESS to the user of DRILL_DB_USER, or name another one',
    });
  }
}

/** The sessions of these users; of every user where none is named. */
export function ofUsers(sessions: readonly Session[], users: readonly string[]): Session[] {
  return sessions.filter(({ user }) => users.length === 0 || users.includes(user));
}

/** `3 of trading_app from 10.0.0.7, 1 of batch from 10.0.0.9`. */
export function describeSessions(sessions: readonly Session[]): string {
  const counts = new Map<string, number>();
  for (const { user, host } of sessions) {
    const whose = `${user} from ${host}`;
    counts.set(whose, (counts.get(whose) ?? 0) + 1);
  }
  return counts.size === 0 ? 'none' : [...counts].map(([whose, count]) => `${count} of ${whose}`).join(', ');
}

function toSession(row: Row): Session {
  return {
    id: textOf(row, 'id'),
    user: row['usr'] ?? '',
    host: (row['host'] ?? '').replace(/:\d+$/, ''),
    command: row['command'] ?? '',
  };
}
