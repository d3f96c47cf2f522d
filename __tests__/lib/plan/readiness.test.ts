import { checkReadiness } from '../../../lib/plan/readiness';
import { renderReadiness } from '../../../lib/plan/readiness-line';
import { at, sourceCluster } from './facts';

const audited = {
  server_audit_logging: '1',
  server_audit_events: 'CONNECT,QUERY,TABLE',
  server_audit_incl_users: null,
  server_audit_excl_users: null,
};
const now = at('2026-01-08T10:30:00Z');

describe('checkReadiness', () => {
  test('passes a cluster that is ready', () => {
    expect(checkReadiness(sourceCluster(), audited, now).map(renderReadiness).join('\n'))
      .toMatchInlineSnapshot(`
     "pass  engine: aurora-mysql 8.0.mysql_aurora.3.08.2 (provisioned)
     pass  audit log: audit, error exported to CloudWatch
     pass  auditing: server_audit_logging is on
     pass  audit events: server_audit_events is CONNECT,QUERY,TABLE
     pass  audited users: every user is audited
     pass  restorable window: 2026-01-01T00:00:00.000000Z to 2026-01-08T10:25:00.000000Z, 5 min behind now; backup retention 7 d
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
    expect(checkReadiness(source, audited, now).map(renderReadiness).join('\n')).toMatchInlineSnapshot(`
     "FAIL  engine: mysql 8.0.mysql_aurora.3.08.2 (provisioned)
           to do: restore it by hand: this tool knows aurora-mysql and aurora-postgresql clusters with instances
     FAIL  audit log: slowquery exported to CloudWatch, not 'audit': the moment of the damage could not be found
           to do: aws rds modify-db-cluster --db-cluster-identifier trading --cloudwatch-logs-export-configuration '{"EnableLogTypes":["audit"]}'
     FAIL  restorable window: RDS names no restorable time
           to do: wait for the first backup to complete
     n/a   backtrack: mysql has none
     FAIL  deletion protection: off: one call could delete the cluster together with the backups that a restore needs
           to do: aws rds modify-db-cluster --db-cluster-identifier trading --deletion-protection --apply-immediately"
    `);
  });

  test('expects the log of the engine', () => {
    const postgres = sourceCluster({ engine: 'aurora-postgresql', logExports: ['postgresql'] });
    expect(checkReadiness(postgres, {}, now)).toContainEqual({
      verdict: 'pass',
      title: 'audit log',
      finding: 'postgresql exported to CloudWatch',
    });
  });
});

describe('the audit of Aurora MySQL', () => {
  const failed = (parameters: Record<string, string | null>): string[] =>
    checkReadiness(sourceCluster(), { ...audited, ...parameters }, now)
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
  expect(checkReadiness(sourceCluster({ backtrackWindowSeconds: 86_400 }), audited, now)).toContainEqual({
    verdict: 'pass',
    title: 'backtrack',
    finding: 'on, 1 d back',
  });
});
