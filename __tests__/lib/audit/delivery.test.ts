import type { AuditRecord } from '../../../lib/audit/audit-record';
import { auroraMysql } from '../../../lib/audit/aurora-mysql';
import { deliveryOf, showsTransactionControl } from '../../../lib/audit/delivery';
import { epochMicros } from '../../../lib/time';

const START = 1_767_862_800_000_000;
const SECOND = 1_000_000;

/** A record that happened so many seconds after the start and reached the log so many seconds later. */
function record(at: number, lag: number, host = 'db-1'): AuditRecord {
  const text = `${START + at * SECOND},${host},app,10.0.0.1,7,1,QUERY,trading,'SELECT 1',0`;
  const parsed = auroraMysql.parse({
    text,
    recordedAt: epochMicros(START + (at + lag) * SECOND),
    stream: '',
  });
  if (typeof parsed === 'string') throw new Error(text);
  return parsed;
}

const at = (seconds: number): number => START + seconds * SECOND;

test.each([
  ['no less than two seconds before the newest arrival', [record(100, 0.5), record(90, 0.5)], 101, 98.5],
  ['twice the greatest lag before the newest arrival', [record(100, 1), record(80, 10)], 102, 81],
  ['two minutes ago where nothing new has come for long: the database is idle', [record(100, 1)], 400, 280],
])('the logs are taken to be complete up to %s', (_rule, records, now, expected) => {
  const { completeUntil } = deliveryOf(records, epochMicros(at(now)));
  expect(completeUntil).toBe(at(expected));
});

test('tells the newest record, the servers and the greatest lag', () => {
  const records = [record(100, 1, 'db-2'), record(90, 4, 'db-1')];
  expect(deliveryOf(records, epochMicros(at(110)))).toMatchObject({
    newestAt: at(100),
    lagMs: 4000,
    growing: true,
    serverHosts: ['db-1', 'db-2'],
  });
});

test.each([
  ['COMMIT', true],
  ['/* x */ set autocommit=0', true],
  ['/*!50001 COMMIT */', true],
  ['/**/ BEGIN', true],
  ['INSERT INTO t VALUES (1)', false],
])('%s shows that transactions are audited: %s', (object, expected) => {
  expect(showsTransactionControl({ event: 'statement', object, queryId: '7' })).toBe(expected);
});

test.each([
  ['SET search_path TO x', false],
  ['/* x */ set a to b', false],
  ['COMMENT ON TABLE t IS NULL', false],
  ['BEGIN', true],
])('%s, logged by pgaudit, shows that transactions are audited: %s', (object, expected) => {
  expect(showsTransactionControl({ event: 'statement', object, queryId: '7.1' })).toBe(expected);
});

test('comments without end do not hold it up', () => {
  const object = `${'/*a*/'.repeat(5000)} INSERT`;
  expect(showsTransactionControl({ event: 'statement', object, queryId: '7' })).toBe(false);
});
