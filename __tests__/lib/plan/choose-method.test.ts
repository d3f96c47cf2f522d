import { chooseMethod, needsSnapshots, parseMethod, type MethodWish } from '../../../lib/plan/choose-method';
import type { SourceCluster } from '../../../lib/plan/source-cluster';
import { at, backedUpCluster, snapshot, sourceCluster } from './facts';

const restoreTo = at('2026-01-08T10:12:13Z');
const now = at('2026-01-08T10:30:00Z');
const tooOld = { earliestRestorableAt: at('2026-01-08T10:20:00Z') };
const tooRecent = { latestRestorableAt: at('2026-01-08T10:12:13Z') };
const noWindow = { earliestRestorableAt: null, latestRestorableAt: null };
const byTime: MethodWish = { kind: 'point-in-time' };
const bySnapshot: MethodWish = { kind: 'snapshot', snapshot: undefined };

const weekly = snapshot({ identifier: 'weekly', arn: 'arn:weekly', createdAt: at('2026-01-04T03:00:00Z') });
const nightly = snapshot();
const after = snapshot({ identifier: 'after', createdAt: at('2026-01-08T10:12:13Z') });
const making = snapshot({ identifier: 'making', status: 'creating', createdAt: null });
const postgres = snapshot({
  identifier: 'other-engine',
  createdAt: at('2026-01-08T00:00:00Z'),
  cluster: backedUpCluster({ engine: 'aurora-postgresql' }),
});
const foreign = snapshot({
  identifier: 'foreign',
  arn: 'arn:foreign',
  createdAt: at('2026-01-08T01:00:00Z'),
  cluster: backedUpCluster({ identifier: 'orders' }),
});
const all = [weekly, after, nightly, making, postgres];

/** The chosen way, or why there is none, in a word or two. */
function chosen(source: Partial<SourceCluster>, wish?: MethodWish, snapshots = all): string {
  const method = chooseMethod(sourceCluster(source), snapshots, restoreTo, wish, now);
  if (!method.ok) return method.refusal.reason;
  return method.value.kind === 'snapshot' ? method.value.snapshot.identifier : method.value.kind;
}

test.each<[string, string, string]>([
  ['a point in time inside the window', chosen({}), 'point-in-time'],
  ['that also where asked for', chosen({}, byTime), 'point-in-time'],
  ['the newest usable snapshot where the window has moved on', chosen(tooOld), 'nightly'],
  ['that also where there never was a window', chosen(noWindow), 'nightly'],
  ['nothing else where a point in time is asked for', chosen(tooOld, byTime), 'restore-point-too-old'],
  ['nothing yet where only time is missing', chosen(tooRecent), 'restore-point-too-recent'],
  [
    'a snapshot of a deleted cluster, whose window does not grow',
    chosen({ ...tooRecent, deleted: true }),
    'nightly',
  ],
  ['a snapshot inside the window too, where asked for', chosen({}, bySnapshot), 'nightly'],
  ['the snapshot that was named', chosen({}, { kind: 'snapshot', snapshot: 'weekly' }), 'weekly'],
  [
    'the snapshot that was named by its ARN',
    chosen({}, { kind: 'snapshot', snapshot: 'arn:weekly' }),
    'weekly',
  ],
  ['no snapshot of another cluster', chosen(tooOld, undefined, [foreign, nightly]), 'nightly'],
  [
    'no snapshot where none is usable',
    chosen(tooOld, undefined, [after, making, postgres]),
    'no-usable-snapshot',
  ],
])('chooses %s', (_, found, expected) => {
  expect(found).toBe(expected);
});

test.each([
  ['after', "snapshot 'after' was made at 2026-01-08T10:12:13.000000Z, expected before the restore point"],
  ['making', "snapshot 'making' is creating, expected available"],
  ['other-engine', "snapshot 'other-engine' is of aurora-postgresql, expected aurora-mysql"],
  ['foreign', "snapshot 'foreign' is of DB cluster 'orders', expected 'trading'"],
  ['nope', "snapshot 'nope' does not exist among the 6 of 'trading'"],
])('refuses the snapshot %s by name', (name, message) => {
  const wish: MethodWish = { kind: 'snapshot', snapshot: name };
  expect(chooseMethod(sourceCluster(), [...all, foreign], restoreTo, wish, now)).toMatchObject({
    refusal: { reason: 'snapshot-not-usable', message: expect.stringContaining(message) as string },
  });
});

test('says why it does not restore in time', () => {
  expect(chooseMethod(sourceCluster(tooOld), all, restoreTo, undefined, now)).toMatchObject({
    value: {
      reason: expect.stringMatching(
        /^the newest snapshot before the restore point, since no restore in time reaches it: restore point .* is before 2026-01-08T10:20:00/,
      ) as string,
    },
  });
});

test.each<[string, Partial<SourceCluster>, MethodWish | undefined, boolean]>([
  ['inside the window', {}, undefined, false],
  ['out of it', tooOld, undefined, true],
  ['out of it, but for a point in time', tooOld, byTime, false],
  ['where a snapshot is asked for', {}, bySnapshot, true],
  ['while it is too recent', tooRecent, undefined, false],
])('whether snapshots have to be read %s', (_, source, wish, expected) => {
  expect(needsSnapshots(sourceCluster(source), restoreTo, wish, now)).toBe(expected);
});

test.each([
  ['point-in-time', byTime],
  ['snapshot', bySnapshot],
  ['snapshot:rds:trading-2026-01-07-03-10', { kind: 'snapshot', snapshot: 'rds:trading-2026-01-07-03-10' }],
])('reads --method %s', (text, expected) => {
  expect(parseMethod(text)).toEqual({ ok: true, value: expected });
});

test.each(['', 'snapshot:', 'backtrack'])('refuses --method %j', (text) => {
  expect(parseMethod(text)).toMatchObject({ refusal: { reason: 'unknown-method' } });
});
