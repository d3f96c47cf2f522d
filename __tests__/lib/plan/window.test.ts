import { checkWindow } from '../../../lib/plan/window';
import { at, sourceCluster } from './facts';

const now = at('2026-01-08T10:30:00Z');
const source = sourceCluster({
  earliestRestorableAt: at('2026-01-01T00:00:00Z'),
  latestRestorableAt: at('2026-01-08T10:25:00Z'),
});

describe('checkWindow', () => {
  test.each(['2026-01-01T00:00:00Z', '2026-01-08T10:24:59Z'])('accepts %s', (restoreTo) => {
    expect(checkWindow(source, at(restoreTo), now)).toEqual({
      ok: true,
      value: {
        earliestAt: source.earliestRestorableAt,
        latestAt: source.latestRestorableAt,
        checkedAt: now,
      },
    });
  });

  test.each([
    ['2025-12-31T23:59:59Z', 'restore-point-too-old'],
    // RDS wants a time before the latest restorable one, not at it
    ['2026-01-08T10:25:00Z', 'restore-point-too-recent'],
    ['2026-01-08T10:29:59Z', 'restore-point-too-recent'],
    ['2026-01-08T10:30:00Z', 'restore-point-in-future'],
  ])('refuses %s as %s', (restoreTo, reason) => {
    expect(checkWindow(source, at(restoreTo), now)).toMatchObject({ ok: false, refusal: { reason } });
  });

  test('refuses a cluster that RDS cannot restore yet', () => {
    const fresh = sourceCluster({ earliestRestorableAt: null, latestRestorableAt: null });
    expect(checkWindow(fresh, at('2026-01-08T10:00:00Z'), now)).toMatchObject({
      ok: false,
      refusal: { reason: 'no-restorable-window' },
    });
  });

  test('says by how much a restore point is too recent', () => {
    expect(checkWindow(source, at('2026-01-08T10:27:05Z'), now)).toMatchObject({
      refusal: {
        message:
          "restore point 2026-01-08T10:27:05.000000Z is not restorable yet: the latest restorable time of 'trading' is 2026-01-08T10:25:00.000000Z, 2 min 5 s earlier",
      },
    });
  });
});
