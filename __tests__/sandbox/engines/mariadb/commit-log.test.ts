import { CommitLog } from '../../../../sandbox/engines/mariadb/commit-log';

describe('CommitLog', () => {
  const log = new CommitLog();
  for (const [i, stampedAt] of [100, 200, 201, 900].entries()) {
    log.append(1, { endPosition: i, gtid: `0-1-${i}` }, stampedAt);
  }

  it.each([
    [99, undefined],
    [100, '0-1-0'],
    [199, '0-1-0'],
    [200, '0-1-1'],
    [201, '0-1-2'],
    [899, '0-1-2'],
    [5000, '0-1-3'],
  ])('knows the last commit at or before %i', (at, gtid) => {
    expect(log.lastUntil(at)?.gtid).toBe(gtid);
  });
});
