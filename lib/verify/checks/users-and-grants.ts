import { createHash } from 'node:crypto';
import { amount, combine, notApplicable, type Check, type Part } from '../check';
import { QueryError, textOf, type Database } from '../database';

/** Whoever could use the source must be able to use the restored cluster, with the same password. */
export const usersAndGrants: Check = {
  name: 'users-and-grants',
  title: 'every user of the source exists, with the same password and grants',
  run: async ({ restored, source, onProgress }) => {
    if (source === undefined) return notApplicable('needs the source');
    onProgress('reading users and grants');
    const [here, there] = [await fetchUsers(restored.database), await fetchUsers(source.database)];
    if (here === undefined || there === undefined) {
      return notApplicable('this user may not read mysql.user on both sides');
    }
    return combine(compareUsers(here, there));
  },
};

/** Password and grants as SHA-256: enough to compare, and nothing to keep. */
export interface DatabaseUser {
  readonly password: string;
  readonly grants: string;
}

/** The servers' own, which differ from cluster to cluster. */
const NOT_OURS = /^(rds|mysql[.]|mariadb[.]|aws_|event_scheduler$)/i;
const UNREADABLE = [
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
];

async function fetchUsers(database: Database): Promise<ReadonlyMap<string, DatabaseUser> | undefined> {
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
      users.set(`'${user}'@'${host}'`, { password: textOf(row, 'password'), grants: digest(grants) });
    }
    return users;
  } catch (error) {
    if (error instanceof QueryError && UNREADABLE.includes(error.code)) return undefined;
    throw error;
  }
}

/** MariaDB shows the password's hash among the grants; it is compared on its own. */
function digest(grants: readonly Readonly<Record<string, string | null>>[]): string {
  const lines = grants
    .flatMap((row) => Object.values(row))
    .map((line) =>
      (line ?? '').replace(/ IDENTIFIED (BY PASSWORD|VIA) .*?(?= WITH GRANT OPTION| REQUIRE|$)/, ''),
    )
    .sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

export function compareUsers(
  restored: ReadonlyMap<string, DatabaseUser>,
  source: ReadonlyMap<string, DatabaseUser>,
): Part[] {
  const differences = [...source].flatMap(([name, there]): Part[] => {
    const here = restored.get(name);
    if (here === undefined) {
      return [
        {
          verdict: 'fail',
          evidence: `${name} does not exist: made since the restore point, if the restore is right`,
        },
      ];
    }
    const what = [
      ...(here.password === there.password ? [] : ['another password']),
      ...(here.grants === there.grants ? [] : ['other grants']),
    ].join(' and ');
    return what === ''
      ? []
      : [
          {
            verdict: 'fail',
            evidence: `${name} has ${what}: changed since the restore point, if the restore is right`,
          },
        ];
  });
  const extra = [...restored.keys()]
    .filter((name) => !source.has(name))
    .map((name): Part => ({ verdict: 'pass', evidence: `${name} is gone from the source since` }));
  return [...differences, ...extra, { verdict: 'pass', evidence: `${amount(source.size, 'user')} compared` }];
}
