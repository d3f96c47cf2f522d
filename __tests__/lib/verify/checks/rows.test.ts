import { judgeCounts } from '../../../../lib/verify/checks/row-counts';
import { judgeRows } from '../../../../lib/verify/checks/row-contents';
import type { ComparedRows } from '../../../../lib/verify/compare-rows';
import type { WritesSince } from '../../../../lib/verify/writes-since';

type Kind = WritesSince['kind'];
const writes = (kind: Kind): WritesSince => ({ kind, because: 'some reason' });

test.each<[restored: number, source: number, kind: Kind, verdict: string]>([
  [5, 5, 'unwritten', 'pass'],
  [0, 0, 'unwritten', 'pass'],
  [4, 5, 'unwritten', 'fail'],
  [6, 5, 'unwritten', 'fail'],
  [4, 5, 'written', 'pass'],
  [0, 5, 'written', 'fail'],
  [0, 5, 'unknown', 'fail'],
  [0, 5, 'incident', 'pass'],
  [0, 5, 'expected', 'pass'],
  [5, 0, 'written', 'pass'],
])('%i rows restored, %i on the source, and the table is %s: %s', (restored, source, kind, verdict) => {
  expect(judgeCounts(restored, source, writes(kind)).verdict).toBe(verdict);
});

test.each<[what: string, rows: Partial<ComparedRows>, kind: Kind, verdict: string]>([
  ['no difference', {}, 'unwritten', 'pass'],
  ['a different row', { different: 1 }, 'unwritten', 'fail'],
  ['a row on the restored side alone', { onlyRestored: 1 }, 'unwritten', 'fail'],
  ['a row on the source alone', { onlySource: 1 }, 'unwritten', 'fail'],
  ['a row on the source alone', { onlySource: 1 }, 'written', 'pass'],
  ['an old row on the source alone', { onlySource: 9, onlySourceOld: 1 }, 'written', 'fail'],
  ['an old row on the source alone', { onlySource: 9, onlySourceOld: 1 }, 'incident', 'fail'],
  ['an old row on the source alone', { onlySource: 9, onlySourceOld: 1 }, 'expected', 'pass'],
  ['a row that differs', { different: 1 }, 'written', 'pass'],
  ['a row that differs and was not changed', { different: 1, differentUnchanged: 1 }, 'written', 'fail'],
  ['rows that the source lost', { onlyRestored: 100 }, 'incident', 'pass'],
])('%s %j, and the table is %s: %s', (_what, rows, kind, verdict) => {
  const none = {
    looked: 100,
    different: 0,
    onlyRestored: 0,
    onlySource: 0,
    differentUnchanged: 0,
    onlySourceOld: 0,
  };

  expect(judgeRows({ ...none, ...rows }, writes(kind)).verdict).toBe(verdict);
});
