import type { ReadinessLine } from './readiness-line';
import type { SourceCluster } from './source-cluster';

/** Value of each parameter of a cluster parameter group; null where it has none. */
export type ClusterParameters = Readonly<Record<string, string | null>>;

/**
 * Whether the audit log will show the damage and its COMMIT. Aurora MySQL logs what
 * `server_audit_events` holds: COMMIT and ROLLBACK come with QUERY only, and a user that
 * `server_audit_excl_users` or an `…_incl_users` without it hides is not there at all.
 * Source: Aurora User Guide, "Using Advanced Auditing with an Aurora MySQL DB cluster".
 *
 * Aurora PostgreSQL logs by pgaudit the classes of statements that `pgaudit.log` names: WRITE has
 * DELETE, UPDATE and TRUNCATE, DDL has DROP, and MISC has COMMIT and ROLLBACK.
 * Source: pgaudit's README, "pgaudit.log"; Aurora User Guide, "Using pgAudit to log database activity".
 */
export function checkAuditing(
  source: SourceCluster,
  parameters: ClusterParameters,
  pendingReboots: readonly string[] = [],
): ReadinessLine[] {
  switch (source.engine) {
    case 'aurora-mysql':
      return [logging(source, parameters), events(source, parameters), hiddenUsers(source, parameters)];
    case 'aurora-postgresql':
      return [
        inEffect(source, pgauditLoaded(source, parameters), pendingReboots),
        pgauditClasses(source, parameters),
        HIDDEN_ROLES,
      ];
    default:
      return [];
  }
}

/** What a role or a database sets for itself is told by the database alone. */
const HIDDEN_ROLES: ReadinessLine = {
  verdict: 'not-applicable',
  title: 'audited users',
  finding:
    "RDS does not tell what ALTER ROLE or ALTER DATABASE … SET pgaudit.log hides; look in each cluster with: SELECT setdatabase, setrole::regrole, setconfig FROM pg_db_role_setting WHERE setconfig::text LIKE '%pgaudit%'",
};

/** A library is loaded when the server starts: a parameter group that waits for that has none of it in effect. */
function inEffect(
  { parameterGroup, instances }: SourceCluster,
  line: ReadinessLine,
  pendingReboots: readonly string[],
): ReadinessLine {
  const pending = pendingReboots.filter((one) => one.includes(` ${parameterGroup} on `));
  if (line.verdict !== 'pass' || pending.length === 0) return line;
  const waiting = instances.flatMap(({ identifier }) =>
    identifier !== null && pending.some((one) => one.endsWith(` on ${identifier}`)) ? [identifier] : [],
  );
  return {
    verdict: 'fail',
    title: line.title,
    finding: `pgaudit is in ${parameterGroup}, but not loaded before a reboot: ${pending.join(', ')}`,
    remedy: waiting
      .map((identifier) => `aws rds reboot-db-instance --db-instance-identifier ${identifier}`)
      .join(' && '),
  };
}

function logging({ parameterGroup }: SourceCluster, parameters: ClusterParameters): ReadinessLine {
  const title = 'auditing';
  const name = 'server_audit_logging';
  if (isOn(parameters[name])) return { verdict: 'pass', title, finding: `${name} is on` };
  return {
    verdict: 'fail',
    title,
    finding: `${name} is off in ${parameterGroup}: nothing is logged`,
    remedy: setting(parameterGroup, name, '1'),
  };
}

function events({ parameterGroup }: SourceCluster, parameters: ClusterParameters): ReadinessLine {
  const title = 'audit events';
  const name = 'server_audit_events';
  const found = (parameters[name] ?? '').split(',').map((event) => event.trim().toUpperCase());
  const shown = `${name} is ${parameters[name] ?? 'empty'}`;
  if (found.includes('QUERY')) return { verdict: 'pass', title, finding: shown };
  return {
    verdict: 'fail',
    title,
    finding: `${shown} in ${parameterGroup}: without QUERY no COMMIT is logged`,
    remedy: setting(parameterGroup, name, "'CONNECT,QUERY,TABLE'"),
  };
}

function hiddenUsers({ parameterGroup }: SourceCluster, parameters: ClusterParameters): ReadinessLine {
  const title = 'audited users';
  const hiding = ['server_audit_incl_users', 'server_audit_excl_users'].filter(
    (name) => (parameters[name] ?? '').trim() !== '',
  );
  const [first] = hiding;
  if (first === undefined) return { verdict: 'pass', title, finding: 'every user is audited' };
  const values = hiding.map((name) => `${name} is ${parameters[name] ?? ''}`).join(', ');
  return {
    verdict: 'fail',
    title,
    finding: `${values} in ${parameterGroup}: not everyone is logged`,
    remedy: `aws rds reset-db-cluster-parameter-group --db-cluster-parameter-group-name ${parameterGroup} --parameters ${hiding.map((name) => `ParameterName=${name},ApplyMethod=immediate`).join(' ')}`,
  };
}

function pgauditLoaded({ parameterGroup }: SourceCluster, parameters: ClusterParameters): ReadinessLine {
  const title = 'auditing';
  const name = 'shared_preload_libraries';
  const libraries = listOf(parameters[name]);
  if (libraries.includes('pgaudit')) return { verdict: 'pass', title, finding: 'pgaudit is loaded' };
  return {
    verdict: 'fail',
    title,
    finding: `${name} is ${parameters[name] ?? 'empty'} in ${parameterGroup}, without pgaudit: nothing is logged`,
    remedy: `${setting(parameterGroup, name, `'${[...libraries, 'pgaudit'].join(',')}'`, 'pending-reboot')}, reboot the instances, then CREATE EXTENSION pgaudit in the database`,
  };
}

const NEEDED_CLASSES = ['write', 'ddl', 'misc'];
const ALL_CLASSES = ['read', 'write', 'function', 'role', 'ddl', 'misc', 'misc_set'];

function pgauditClasses({ parameterGroup }: SourceCluster, parameters: ClusterParameters): ReadinessLine {
  const title = 'audit events';
  const name = 'pgaudit.log';
  const shown = `${name} is ${parameters[name] ?? 'empty'}`;
  const logged = new Set<string>();
  for (const word of listOf(parameters[name])) {
    const off = word.startsWith('-');
    const named = off ? word.slice(1) : word;
    for (const one of named === 'all' ? ALL_CLASSES : [named]) {
      if (off) logged.delete(one);
      else logged.add(one);
    }
  }
  const missing = NEEDED_CLASSES.filter((one) => !logged.has(one));
  if (missing.length === 0) return { verdict: 'pass', title, finding: shown };
  const role = parameters['pgaudit.role'] ?? '';
  const objects =
    role === '' ? '' : `; what is granted to pgaudit.role ${role} is logged, but no DROP and no COMMIT`;
  return {
    verdict: 'fail',
    title,
    finding: `${shown} in ${parameterGroup}, without ${missing.join(', ')}${objects}`,
    remedy: setting(parameterGroup, name, "'write,ddl,misc'"),
  };
}

function listOf(value: string | null | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');
}

function isOn(value: string | null | undefined): boolean {
  return ['1', 'ON'].includes((value ?? '').toUpperCase());
}

function setting(
  group: string,
  name: string,
  value: string,
  apply: 'immediate' | 'pending-reboot' = 'immediate',
): string {
  return `aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name ${group} --parameters "ParameterName=${name},ParameterValue=${value},ApplyMethod=${apply}"`;
}
