import {
  onlyRow,
  QueryError,
  textOf,
  type Database,
  type DatabaseUser,
  type Grant,
  type WriterState,
} from './database';

/** The servers' own, and RDS's users and Aurora's roles, which differ from cluster to cluster: no more than these, since a team may call its users alike. */
const NOT_OURS =
  /^(rdsadmin|rdsrepladmin|rdsproxyadmin|rdstopmgr|rds_superuser_role|AWS_[A-Z0-9_]+_ACCESS|(mysql|mariadb)[.].*|event_scheduler)$/;
const UNREADABLE = [
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
];

/** By `'user'@'host'`. */
export async function fetchMysqlUsers(
  database: Database,
): Promise<ReadonlyMap<string, DatabaseUser> | undefined> {
  try {
    const rows = await database.query(
      `SELECT User AS user, Host AS host, SHA2(COALESCE(authentication_string, ''), 256) AS password FROM mysql.user`,
    );
    const users = new Map<string, DatabaseUser>();
    for (const row of rows) {
      const [user, host] = [textOf(row, 'user'), textOf(row, 'host')];
      if (NOT_OURS.test(user)) continue;
      // MariaDB's roles have no host
      const grants =
        host === ''
          ? await database.query('SHOW GRANTS FOR ?', [user])
          : await database.query('SHOW GRANTS FOR ?@?', [user, host]);
      users.set(`'${user}'@'${host}'`, {
        password: textOf(row, 'password'),
        grants: grants.flatMap((grant) => Object.values(grant)).map(grantOf),
      });
    }
    return users;
  } catch (error) {
    if (error instanceof QueryError && UNREADABLE.includes(error.code)) return undefined;
    throw error;
  }
}

/** MariaDB shows the password's hash among the grants; it is compared on its own. */
function grantOf(line: string | null): Grant {
  const what = (line ?? '').replace(/ IDENTIFIED (BY PASSWORD|VIA) .*?(?= WITH GRANT OPTION| REQUIRE|$)/, '');
  return { on: null, what };
}

export async function fetchMysqlWriterState(database: Database): Promise<WriterState> {
  const row = onlyRow(
    await database.query(
      'SELECT @@GLOBAL.read_only AS readOnly, @@GLOBAL.innodb_read_only AS innodbReadOnly, @@GLOBAL.event_scheduler AS events',
    ),
  );
  const isOn = (column: string): boolean => !['0', 'OFF'].includes(textOf(row, column));
  return {
    closedBy: [
      ...(isOn('readOnly') ? ['read_only'] : []),
      ...(isOn('innodbReadOnly') ? ['innodb_read_only'] : []),
    ],
    eventsRun: textOf(row, 'events') === 'ON',
  };
}
