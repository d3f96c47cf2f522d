import { createHash } from 'node:crypto';
import {
  onlyRow,
  QueryError,
  textOf,
  type Database,
  type DatabaseUser,
  type Grant,
  type WriterState,
} from './database';

/**
 * RDS's own, which differ from cluster to cluster: no more than these, since a team may call its roles
 * alike. Source: Aurora User Guide, "Understanding PostgreSQL roles and permissions", for
 * `rds_superuser`, `rds_replication` and `rds_password`; the others by the code of tools that skip them.
 */
const OF_RDS = [
  'rds_ad',
  'rds_extension',
  'rds_iam',
  'rds_password',
  'rds_replication',
  'rds_reserved',
  'rds_superuser',
  'rdsadmin',
  'rdsproxyadmin',
  'rdsrepladmin',
  'rdstopmgr',
  'rdswriteforwarduser',
];

const OURS = (alias: string): string =>
  `${alias}.nspname !~ '^pg_' AND ${alias}.nspname <> 'information_schema'`;

/** Whatever has an owner and a list of who may do what. */
const OBJECTS = `
  SELECT 'database' AS object, datdba AS owner, datacl AS acl FROM pg_database WHERE datname = current_database()
  UNION ALL SELECT 'schema ' || n.nspname, n.nspowner, n.nspacl FROM pg_namespace n WHERE ${OURS('n')}
  UNION ALL SELECT concat('relation ', c.oid::regclass), c.relowner, c.relacl
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind NOT IN ('i', 'I') AND ${OURS('n')}
  UNION ALL SELECT concat('column ', a.attrelid::regclass, '.', a.attname), c.relowner, a.attacl
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND ${OURS('n')}
  UNION ALL SELECT concat('routine ', p.oid::regprocedure), p.proowner, p.proacl
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OURS('n')}
  UNION ALL SELECT concat('type ', t.oid::regtype), t.typowner, t.typacl
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${OURS('n')}`;

/** Attributes, settings and memberships of each role; and what it owns and may do in the session's database. */
const GRANTS = `
  SELECT r.rolname AS name, NULL AS object, concat_ws(' ', r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb,
         r.rolcanlogin, r.rolreplication, r.rolbypassrls, r.rolconnlimit, r.rolvaliduntil, r.rolconfig) AS what
  FROM pg_roles r
  UNION ALL
  SELECT pg_get_userbyid(m.member), NULL, concat_ws(' ', 'member of', pg_get_userbyid(m.roleid), m.admin_option)
  FROM pg_auth_members m
  UNION ALL
  SELECT pg_get_userbyid(d.defaclrole), NULL, concat_ws(' ', 'default', d.defaclnamespace::regnamespace, d.defaclobjtype, d.defaclacl)
  FROM pg_default_acl d
  UNION ALL
  SELECT pg_get_userbyid(o.owner), o.object, 'owner' FROM (${OBJECTS}) AS o
  UNION ALL
  SELECT pg_get_userbyid(x.grantee), o.object, concat_ws(' ', x.privilege_type, x.is_grantable)
  FROM (${OBJECTS}) AS o, LATERAL aclexplode(o.acl) AS x WHERE x.grantee <> 0 AND x.grantee <> o.owner`;

/** By the name of the role. A password is the empty text wherever this user may not read any. */
export async function fetchPostgresUsers(
  database: Database,
): Promise<ReadonlyMap<string, DatabaseUser> | undefined> {
  const passwords = await fetchPasswords(database);
  const users = new Map<string, DatabaseUser & { grants: Grant[] }>();
  for (const row of await database.query(GRANTS)) {
    const name = textOf(row, 'name');
    if (name.startsWith('pg_') || OF_RDS.includes(name)) continue;
    const user = users.get(name) ?? { password: passwords.get(name) ?? '', grants: [] };
    user.grants.push({ on: row['object'] ?? null, what: textOf(row, 'what') });
    users.set(name, user);
  }
  return users;
}

async function fetchPasswords(database: Database): Promise<ReadonlyMap<string, string>> {
  try {
    const rows = await database.query('SELECT rolname AS name, rolpassword AS password FROM pg_authid');
    return new Map(rows.map((row) => [textOf(row, 'name'), sha256(row['password'] ?? '')]));
  } catch (error) {
    // few may read them
    if (error instanceof QueryError && error.code === 'insufficient_privilege') return new Map();
    throw error;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export async function fetchPostgresWriterState(database: Database): Promise<WriterState> {
  const row = onlyRow(
    await database.query(`
      SELECT pg_is_in_recovery() AS replica, reset_val AS "readOnly"
      FROM pg_settings WHERE name = 'default_transaction_read_only'`),
  );
  return {
    closedBy: [
      ...(row['replica'] === 't' ? ['it is a replica'] : []),
      ...(row['readOnly'] === 'on' ? ['default_transaction_read_only'] : []),
    ],
    eventsRun: false,
  };
}
