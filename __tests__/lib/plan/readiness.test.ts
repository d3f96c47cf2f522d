import { checkReadiness } from '../../../lib/plan/readiness';
import { renderReadiness } from '../../../lib/plan/readiness-line';
import { at, sourceCluster } from './facts';

const audited = {
  server_audit_logging: '1',
  server_audit_events: 'CONNECT,QUERY,TABLE',
  server_audit_incl_users: null,
  server_audit_excl_users: null,
};
const pgaudited = { shared_preload_libraries: 'pg_stat_statements, pgaudit', 'pgaudit.log': 'all' };
const least = { backupRetentionDays: 7 };
const now = at('2026-01-08T10:30:00Z');

describe('checkReadiness', () => {
  test('passes a cluster that is ready', () => {
    expect(checkReadiness(sourceCluster(), audited, now, least).map(renderReadiness).join('\n'))
      .toMatchInlineSnapshot(`
     "pass  engine: aurora-mysql 8.0.mysql_aurora.3.08.2 (provisioned)
     pass  status: available
     pass  audit log: audit, error exported to CloudWatch
     pass  auditing: server_audit_logging is on
     pass  audit events: server_audit_events is CONNECT,QUERY,TABLE
     pass  audited users: every user is audited
     pass  backup retention: 7 d
     pass  restorable window: 2026-01-01T00:00:00.000000Z to 2026-01-08T10:25:00.000000Z, 5 min behind now
     n/a   backtrack: off: a restore does without it
     pass  deletion protection: on"
    `);
  });

  test('says for each gap what to do', () => {
    const source = sourceCluster({
      engine: 'mysql',
      logExports: ['slowquery'],
      deletionProtection: false,
      earliestRestorableAt: null,
      latestRestorableAt: null,
    });
    expect(checkReadiness(source, audited, now, least).map(renderReadiness).join('\n'))
      .toMatchInlineSnapshot(`
     "FAIL  engine: mysql 8.0.mysql_aurora.3.08.2 (provisioned)
           to do: restore it by hand: this tool knows aurora-mysql and aurora-postgresql clusters with instances
     pass  status: available
     FAIL  audit log: slowquery exported to CloudWatch, not 'audit': the moment of the damage could not be found
           to do: aws rds modify-db-cluster --db-cluster-identifier trading --cloudwatch-logs-export-configuration '{"EnableLogTypes":["audit"]}'
     pass  backup retention: 7 d
     FAIL  restorable window: RDS names no restorable time
           to do: wait for the first backup to complete
     n/a   backtrack: mysql has none
     FAIL  deletion protection: off: one call could delete the cluster together with the backups that a restore needs
           to do: aws rds modify-db-cluster --db-cluster-identifier trading --deletion-protection --apply-immediately"
    `);
  });

  test('expects the log of the engine', () => {
    const postgres = sourceCluster({ engine: 'aurora-postgresql', logExports: ['postgresql'] });
    expect(checkReadiness(postgres, pgaudited, now, least)).toContainEqual({
      verdict: 'pass',
      title: 'audit log',
      finding: 'postgresql exported to CloudWatch',
    });
  });
});

describe('the audit of Aurora MySQL', () => {
  const failed = (parameters: Record<string, string | null>): string[] =>
    checkReadiness(sourceCluster(), { ...audited, ...parameters }, now, least)
      .filter(({ verdict }) => verdict === 'fail')
      .map(({ title, finding }) => `${title}: ${finding}`);

  test.each([
    [
      'is off',
      { server_audit_logging: '0' },
      'auditing: server_audit_logging is off in trading-cluster: nothing is logged',
    ],
    [
      'shows no COMMIT',
      { server_audit_events: 'CONNECT,QUERY_DML' },
      'audit events: server_audit_events is CONNECT,QUERY_DML in trading-cluster: without QUERY no COMMIT is logged',
    ],
    [
      'shows nothing',
      { server_audit_events: null },
      'audit events: server_audit_events is empty in trading-cluster: without QUERY no COMMIT is logged',
    ],
    [
      'leaves a user out',
      { server_audit_excl_users: 'etl' },
      'audited users: server_audit_excl_users is etl in trading-cluster: not everyone is logged',
    ],
    [
      'is of some users only',
      { server_audit_incl_users: 'app' },
      'audited users: server_audit_incl_users is app in trading-cluster: not everyone is logged',
    ],
  ])('fails where it %s', (_, parameters, finding) => {
    expect(failed(parameters)).toEqual([finding]);
  });

  test('passes in lower case and with blanks', () => {
    expect(failed({ server_audit_logging: 'on', server_audit_events: 'connect, query' })).toEqual([]);
  });
});

test('backtrack is shown as an option where it is on', () => {
  expect(
    checkReadiness(sourceCluster({ backtrackWindowSeconds: 86_400 }), audited, now, least),
  ).toContainEqual({
    verdict: 'pass',
    title: 'backtrack',
    finding: 'on, 1 d back',
  });
});

test('a backup retention below the least one fails', () => {
  const [line] = checkReadiness(sourceCluster({ backupRetentionDays: 1 }), audited, now, least).filter(
    ({ title }) => title === 'backup retention',
  );
  expect(line).toEqual({
    verdict: 'fail',
    title: 'backup retention',
    finding: '1 d, expected at least 7 d',
    remedy:
      'aws rds modify-db-cluster --db-cluster-identifier trading --backup-retention-period 7 --apply-immediately',
  });
});

describe('the audit of Aurora PostgreSQL', () => {
  const source = sourceCluster({ engine: 'aurora-postgresql', logExports: ['postgresql'] });
  const lines = (parameters: Record<string, string | null>): string[] =>
    checkReadiness(source, { ...pgaudited, ...parameters }, now, least)
      .filter(({ title }) => title.startsWith('audit'))
      .filter(({ verdict }) => verdict === 'fail')
      .map(renderReadiness);

  test.each(['all', 'write, ddl, misc', 'READ,WRITE,DDL,MISC', 'all,-read'])('passes with %s', (log) => {
    expect(lines({ 'pgaudit.log': log })).toEqual([]);
  });

  test('fails where pgaudit is not loaded, and says how to load it beside the others', () => {
    expect(lines({ shared_preload_libraries: 'pg_stat_statements' })).toEqual([
      `FAIL  auditing: shared_preload_libraries is pg_stat_statements in trading-cluster, without pgaudit: nothing is logged
      to do: aws rds modify-db-cluster-parameter-group --db-cluster-parameter-group-name trading-cluster --parameters "ParameterName=shared_preload_libraries,ParameterValue='pg_stat_statements,pgaudit',ApplyMethod=pending-reboot", reboot the instances, then CREATE EXTENSION pgaudit in the database`,
    ]);
  });

  test('fails where the group that loads it waits for a reboot', () => {
    const pending = [
      'cluster parameter group trading-cluster on trading-b',
      'parameter group x on trading-a',
    ];
    expect(checkReadiness(source, pgaudited, now, least, pending)).toContainEqual({
      verdict: 'fail',
      title: 'auditing',
      finding:
        'pgaudit is in trading-cluster, but not loaded before a reboot: cluster parameter group trading-cluster on trading-b',
      remedy: 'aws rds reboot-db-instance --db-instance-identifier trading-b',
    });
  });

  test('says how to look at what RDS does not tell of roles', () => {
    expect(checkReadiness(source, pgaudited, now, least)).toContainEqual(
      expect.objectContaining({
        verdict: 'not-applicable',
        title: 'audited users',
        finding: expect.stringContaining('FROM pg_db_role_setting') as string,
      }),
    );
  });

  test.each([
    [null, null, 'pgaudit.log is empty in trading-cluster, without write, ddl, misc'],
    ['ddl,write', null, 'pgaudit.log is ddl,write in trading-cluster, without misc'],
    ['all,-misc', null, 'pgaudit.log is all,-misc in trading-cluster, without misc'],
    [
      'none',
      'rds_pgaudit',
      'without write, ddl, misc; what is granted to pgaudit.role rds_pgaudit is logged, but no DROP and no COMMIT',
    ],
  ])('fails where pgaudit.log is %s', (log, role, finding) => {
    const [line] = lines({ 'pgaudit.log': log, 'pgaudit.role': role });
    expect(line).toContain(`FAIL  audit events: `);
    expect(line).toContain(finding);
  });
});

test.each([
  ['2026-01-08T09:30:00Z', 'pass'],
  ['2026-01-05T10:30:00Z', 'fail'],
])('a cluster that can be restored up to %s: %s', (latest, verdict) => {
  const source = sourceCluster({ latestRestorableAt: at(latest) });
  expect(checkReadiness(source, audited, now, least)).toContainEqual(
    expect.objectContaining({ title: 'restorable window', verdict }),
  );
});

test.each([
  ['available', 'pass'],
  ['failing-over', 'warn'],
  ['upgrading', 'warn'],
  ['stopped', 'warn'],
  ['inaccessible-encryption-credentials', 'fail'],
])('a cluster that is %s: %s', (status, verdict) => {
  expect(checkReadiness(sourceCluster({ status }), audited, now, least)).toContainEqual(
    expect.objectContaining({ title: 'status', verdict }),
  );
});
