import { checkReadiness, renderReadiness } from '../../../lib/plan/readiness';
import { at, sourceCluster } from './facts';

const now = at('2026-01-08T10:30:00Z');

describe('checkReadiness', () => {
  test('passes a cluster that is ready', () => {
    expect(checkReadiness(sourceCluster(), now).map(renderReadiness).join('\n')).toMatchInlineSnapshot(`
     "pass  engine: aurora-mysql 8.0.mysql_aurora.3.08.2 (provisioned)
     pass  audit log: audit, error exported to CloudWatch
     pass  restorable window: 2026-01-01T00:00:00.000000Z to 2026-01-08T10:25:00.000000Z, 5 min behind now; backup retention 7 d
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
    expect(checkReadiness(source, now).map(renderReadiness).join('\n')).toMatchInlineSnapshot(`
     "FAIL  engine: mysql 8.0.mysql_aurora.3.08.2 (provisioned)
           to do: restore it by hand: this tool knows aurora-mysql and aurora-postgresql clusters with instances
     FAIL  audit log: slowquery exported to CloudWatch, not 'audit': the moment of the damage could not be found
           to do: aws rds modify-db-cluster --db-cluster-identifier trading --cloudwatch-logs-export-configuration '{"EnableLogTypes":["audit"]}'
     FAIL  restorable window: RDS names no restorable time
           to do: wait for the first backup to complete
     FAIL  deletion protection: off: one call could delete the cluster together with the backups that a restore needs
           to do: aws rds modify-db-cluster --db-cluster-identifier trading --deletion-protection --apply-immediately"
    `);
  });

  test('expects the log of the engine', () => {
    const postgres = sourceCluster({ engine: 'aurora-postgresql', logExports: ['postgresql'] });
    expect(checkReadiness(postgres, now)).toContainEqual({
      verdict: 'pass',
      title: 'audit log',
      finding: 'postgresql exported to CloudWatch',
    });
  });
});
