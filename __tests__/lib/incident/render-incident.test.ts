import type { Incident } from '../../../lib/artefacts/incident';
import { renderIncident } from '../../../lib/incident/render-incident';

const at = (seconds: string): string => `2026-01-08T09:00:${seconds}Z`;
const incident: Omit<Incident, 'schemaVersion' | 'madeAt'> = {
  cluster: 'trading',
  dialect: 'aurora-mysql',
  statement: {
    executedAt: at('05.250000'),
    recordedAt: at('09.000000'),
    connectionId: '42',
    queryId: '11',
    serverHost: 'db-1',
    user: 'intern',
    host: '10.0.0.1',
    database: 'trading',
    sql: 'DELETE FROM accounts',
    kind: 'delete-without-where',
    tables: ['trading.accounts'],
  },
  transaction: { kind: 'explicit', beganAt: at('01.000000'), committedAt: at('08.500000') },
  effect: { earliestAt: at('07.500000'), latestAt: at('08.500000'), basis: 'COMMIT is stamped at its end' },
  restoreTo: at('07'),
  recordTime: { lagMs: 3750, restoreTo: at('08'), includesDamage: true },
  lostWrites: {
    beforeEffect: { transactions: 0, statements: 0, firstAt: null, lastAt: null, groups: [] },
    afterEffect: {
      transactions: 2,
      statements: 9,
      firstAt: at('09.000000'),
      lastAt: at('10.000000'),
      groups: Array.from({ length: 6 }, (_, i) => ({
        table: `trading.t${i}`,
        user: 'app',
        kind: 'insert',
        statements: 4 - Math.min(i, 3),
        firstAt: at('09.000000'),
        lastAt: at('10.000000'),
      })),
    },
  },
  candidates: [],
  coverage: {
    source: '/aws/rds/cluster/trading/audit',
    since: null,
    until: null,
    completeUntil: at('30.000000'),
    records: 1234,
    unparsed: 2,
    serverHosts: ['db-1'],
    warnings: ['something to know'],
  },
};

test('an incident as a person reads it', () => {
  expect(renderIncident(incident)).toMatchInlineSnapshot(`
   "statement    DELETE FROM accounts
                delete-without-where of trading.accounts
   by           intern@10.0.0.1, connection 42 of db-1
   logged at    2026-01-08T09:00:05.250000Z (query 11)
   transaction  began 2026-01-08T09:00:01.000000Z, committed 2026-01-08T09:00:08.500000Z
   effect       2026-01-08T09:00:07.500000Z to 2026-01-08T09:00:08.500000Z
                COMMIT is stamped at its end
   restore to   2026-01-08T09:00:07Z
   record time  3.8 s late: restoring by it would be 2026-01-08T09:00:08Z, which INCLUDES the damage
   lost writes  none between restore point and effect
                9 statements in 2 transactions (4 insert trading.t0 by app; 3 insert trading.t1 by app; 2 insert trading.t2 by app; 1 insert trading.t3 by app; 1 insert trading.t4 by app, and 1 more groups) from the effect to the end of the logs
   logs         /aws/rds/cluster/trading/audit, 1234 records, complete up to 2026-01-08T09:00:30.000000Z
                2 lines are not audit records and were not understood
   warning      something to know"
  `);
});

test('what is not known is said so', () => {
  const text = renderIncident({
    ...incident,
    transaction: { kind: 'unknown', beganAt: null, committedAt: null },
    recordTime: null,
    coverage: { ...incident.coverage, completeUntil: null, unparsed: 0, warnings: [] },
  });
  expect(text).toMatch(/^transaction +unknown: the logs do not show transactions$/m);
  expect(text).not.toMatch(/record time|complete up to|not understood|warning/);
});
