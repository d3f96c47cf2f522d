import type { ReadinessLine } from './readiness-line';
import type { SourceCluster } from './source-cluster';

/** Value of each parameter of a cluster parameter group; null where it has none. */
export type ClusterParameters = Readonly<Record<string, string | null>>;

/**
 * Whether the audit log will show the damage and its COMMIT. Aurora MySQL logs what
 * `server_audit_events` holds: COMMIT and ROLLBACK come with QUERY only, and a user that
 * `server_audit_excl_users` or an `…_incl_users` without it hides is not there at all.
 * Source: Aurora User Guide, "Using Advanced Auditing with an Aurora MySQL DB cluster".
 */
export function checkAuditing(source: SourceCluster, parameters: ClusterParameters): ReadinessLine[] {
  return source.engine === 'aurora-mysql'
    ? [logging(source, parameters), events(source, parameters), hiddenUsers(source, parameters)]
    : [];
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

function isOn(value: string | null | undefined): boolean {
  return ['1', 'ON'].includes((value ?? '').toUpperCase());
}

function setting(group: string, name: string, value: string): string {
  return `aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name ${group} --parameters "ParameterName=${name},ParameterValue=${value},ApplyMethod=immediate"`;
}
