import { WriteRecord, type Commit } from '../../../sandbox/scenario/write-record';

const at = (seconds: number): number => Date.UTC(2026, 0, 15, 10, 0, 0) + seconds * 1000;
const commit = (orderId: number, seconds: number): Commit => ({ orderId, accountId: 7, at: at(seconds) });

test('counts the writes of each database, with the first and the last commit', () => {
  const record = new WriteRecord();
  record.connected('a', at(0));
  record.committed('a', commit(1, 0));
  record.committed('a', commit(2, 0.1));
  record.failed('a');
  expect(record.toStatus(at(0.2))).toMatchObject({
    databases: [
      {
        host: 'a',
        writes: 2,
        failedWrites: 1,
        firstCommittedAt: '2026-01-15T10:00:00.000Z',
        lastCommittedAt: '2026-01-15T10:00:00.100Z',
      },
    ],
    moves: [],
    downtimes: [],
  });
});

test('a move has its downtime and what was lost, once they are known', () => {
  const record = new WriteRecord();
  expect(record.connected('a', at(0))).toEqual([]);
  record.committed('a', commit(1, 0));
  record.committed('a', commit(2, 0.1));
  const left = record.connected('b', at(3));
  expect(left.map(({ orderId }) => orderId)).toEqual([1, 2]);
  expect(record.toStatus(at(3)).moves).toMatchObject([
    { from: 'a', to: 'b', downtimeMs: null, lostWrites: null },
  ]);
  record.lost(left.slice(1));
  record.committed('b', commit(2, 3.6));
  expect(record.toStatus(at(4)).moves).toEqual([
    {
      from: 'a',
      to: 'b',
      at: '2026-01-15T10:00:03.000Z',
      downtimeMs: 3500,
      lostWrites: { count: 1, firstAt: '2026-01-15T10:00:00.100Z', lastAt: '2026-01-15T10:00:00.100Z' },
    },
  ]);
  // only what the database that is left now had confirmed
  expect(record.connected('a', at(5)).map(({ at: time }) => time)).toEqual([at(3.6)]);
});

test('a connection that was renewed is no move', () => {
  const record = new WriteRecord();
  record.connected('a', at(0));
  record.committed('a', commit(1, 0));
  expect(record.connected('a', at(1))).toEqual([]);
  expect(record.toStatus(at(1)).moves).toEqual([]);
});

test('a downtime shows while it lasts, and when it is over', () => {
  const record = new WriteRecord();
  record.connected('a', at(0));
  record.committed('a', commit(1, 0));
  expect(record.toStatus(at(1)).downtimes).toEqual([]);
  const from = '2026-01-15T10:00:00.000Z';
  expect(record.toStatus(at(2)).downtimes).toEqual([{ from, to: null, durationMs: 2000 }]);
  record.committed('a', commit(2, 5));
  expect(record.toStatus(at(5.5)).downtimes).toEqual([
    { from, to: '2026-01-15T10:00:05.000Z', durationMs: 5000 },
  ]);
});
