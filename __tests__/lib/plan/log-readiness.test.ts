import { checkLogGroup } from '../../../lib/plan/log-readiness';
import type { LogGroup } from '../../../lib/plan/log-groups';
import { at, sourceCluster, sourceInstance } from './facts';

const now = at('2026-01-08T10:30:00Z');
const source = sourceCluster({
  backupRetentionDays: 14,
  instances: [
    sourceInstance({ identifier: 'trading-1', isWriter: true }),
    sourceInstance({ identifier: 'trading-10', isWriter: false }),
  ],
});

function group(over: Partial<LogGroup> = {}): LogGroup {
  return {
    name: '/aws/rds/cluster/trading/audit',
    retentionDays: 30,
    streams: [
      { name: 'trading-1.audit.log.0.2026-01-08-10-00.0', lastRecordAt: at('2026-01-08T10:29:00Z') },
      { name: 'trading-10', lastRecordAt: at('2026-01-08T09:30:00Z') },
    ],
    ...over,
  };
}

test('a log that is kept long enough, and that every instance writes, passes', () => {
  expect(checkLogGroup(source, group(), now)).toEqual([
    { verdict: 'pass', title: 'log retention', finding: '/aws/rds/cluster/trading/audit is kept for 30 d' },
    { verdict: 'pass', title: 'log records', finding: 'every instance has written within the last 1 h' },
  ]);
});

test('a log that nobody made fails', () => {
  expect(checkLogGroup(source, undefined, now)).toMatchObject([
    {
      verdict: 'fail',
      finding: 'there is no /aws/rds/cluster/trading/audit: nothing was ever exported to it',
    },
  ]);
  const postgresql = { ...source, engine: 'aurora-postgresql' };
  expect(checkLogGroup(postgresql, undefined, now)[0]?.finding).toContain('trading/postgresql');
});

test.each([
  [7, 'fail', 14],
  [null, 'warn', 90],
] as const)('a log that is kept for %s days: %s, and %s are proposed', (retentionDays, verdict, days) => {
  expect(checkLogGroup(source, group({ retentionDays }), now)[0]).toMatchObject({
    verdict,
    remedy: `aws logs put-retention-policy --log-group-name /aws/rds/cluster/trading/audit --retention-in-days ${days}`,
  });
});

test("an instance whose name begins like another's is not taken for it", () => {
  const streams = [{ name: 'trading-10', lastRecordAt: at('2026-01-08T10:29:00Z') }];
  expect(checkLogGroup(source, group({ streams }), now)[1]).toMatchObject({
    verdict: 'fail',
    finding: 'no recent record in /aws/rds/cluster/trading/audit of trading-1 (never)',
  });
});

test.each([
  ['the writer', 'trading-1', 'fail', 'no recent record in /aws/rds/cluster/trading/audit of trading-1'],
  [
    'a reader on which nobody works',
    'trading-10',
    'warn',
    'the writer has written lately; no recent record in /aws/rds/cluster/trading/audit of trading-10',
  ],
])('%s, silent for more than a day: %s, %s', (_, silent, verdict, finding) => {
  const streams = ['trading-1', 'trading-10'].map((name) => ({
    name,
    lastRecordAt: at(name === silent ? '2026-01-07T10:29:00Z' : '2026-01-08T10:29:00Z'),
  }));
  const line = checkLogGroup(source, group({ streams }), now)[1];
  expect(line).toMatchObject({ verdict });
  expect(line?.finding).toContain(`${finding} (last at 2026-01-07T10:29:00.000000Z)`);
});

test('a reader that has never written is a note, of what to do where somebody works on it', () => {
  const streams = [{ name: 'trading-1.0', lastRecordAt: at('2026-01-08T10:29:00Z') }];
  expect(checkLogGroup(source, group({ streams }), now)[1]).toMatchObject({
    verdict: 'warn',
    finding: expect.stringContaining('of trading-10 (never), which only reads') as string,
    remedy: 'where somebody works on trading-10, run a statement there and see that it arrives',
  });
});

test('records of a cluster without a writer cannot pass', () => {
  const stopped = { ...source, instances: [] };
  expect(checkLogGroup(stopped, group(), now)[1]).toMatchObject({ verdict: 'fail' });
});
