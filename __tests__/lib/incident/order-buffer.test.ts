import fc from 'fast-check';
import { auroraMysql } from '../../../lib/audit/aurora-mysql';
import type { AuditRecord } from '../../../lib/audit/audit-record';
import { OrderBuffer } from '../../../lib/incident/order-buffer';

const START = 1_767_862_800_000_000;

function record(at: number, query: number): AuditRecord {
  const text = `${START + at},db-1,app,10.0.0.1,7,${query},QUERY,db,'COMMIT',0`;
  const parsed = auroraMysql.parse({ text, recordedAt: null, stream: '' });
  if (typeof parsed === 'string') throw new Error(text);
  return parsed;
}

/** Hands on what has settled after every tenth record: `disorder` tells how much older than one before it a record is at the most. */
function ordered(
  times: readonly number[],
  disorder: number | null,
  capacity: number,
): { times: number[]; late: number } {
  const out: number[] = [];
  const buffer = new OrderBuffer((each) => out.push(each.executedAt - START), capacity);
  let newest = 0;
  times.forEach((at, i) => {
    newest = Math.max(newest, at);
    buffer.take(record(at, i));
    if (disorder !== null && i % 10 === 9) buffer.settled(START + newest - disorder);
  });
  buffer.end();
  return { times: out, late: buffer.late };
}

test('hands records on in order where none is further out of order than said', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 3000 }), fc.nat(500), (gaps, disorder) => {
      let at = 0;
      const times = gaps.map((gap, i) => (at += gap) + ((i * 7919) % (disorder + 1)));
      const newest = times.map((_, i) => Math.max(...times.slice(Math.max(0, i - 600), i + 1)));
      const most = Math.max(...times.map((time, i) => (newest[i] ?? 0) - time));
      expect(ordered(times, most, 10_000)).toEqual({ times: times.toSorted((a, b) => a - b), late: 0 });
    }),
    { numRuns: 30 },
  );
});

test('says how many records came too late for its room', () => {
  const { times, late } = ordered([5, 6, 7, 8, 9, 10, 11, 12, 1], null, 4);
  expect(times).toHaveLength(9);
  expect(late).toBe(1);
});

test('drops what was delivered twice', () => {
  const out: AuditRecord[] = [];
  const buffer = new OrderBuffer((each) => out.push(each));
  for (const query of [1, 1, 2]) buffer.take(record(5, query));
  buffer.end();
  expect(out.map(({ queryId }) => queryId)).toEqual(['1', '2']);
});
