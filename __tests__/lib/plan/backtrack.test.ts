import { planBacktrack } from '../../../lib/plan/backtrack';
import type { SourceCluster } from '../../../lib/plan/source-cluster';
import { at, restorePlan, sourceCluster } from './facts';

const on = { backtrackWindowSeconds: 86_400, earliestBacktrackAt: at('2026-01-07T10:30:00Z') };
const to = at('2026-01-08T10:12:13Z');
const now = at('2026-01-08T10:30:00Z');

test.each<[string, Partial<SourceCluster>, string]>([
  ['inside the window', on, 'accepted'],
  ['where backtrack is off', {}, 'backtrack-off'],
  [
    'before the window',
    { ...on, earliestBacktrackAt: at('2026-01-08T10:12:14Z') },
    'out-of-backtrack-window',
  ],
  ['while the cluster is being modified', { ...on, status: 'modifying' }, 'not-available'],
  ['where the engine has none', { engine: 'aurora-postgresql' }, 'backtrack-off'],
])('a rewind %s', (_, source, expected) => {
  const planned = planBacktrack(sourceCluster(source), to, now);
  expect(planned.ok ? 'accepted' : planned.refusal.reason).toBe(expected);
});

test('a rewind to the future is refused', () => {
  expect(planBacktrack(sourceCluster(on), now, now)).toMatchObject({ ok: false });
});

test('is an option in the plan, with its exact command, where the window reaches', () => {
  expect(restorePlan({ source: sourceCluster(on) }).clusters[0].backtrack).toEqual({
    earliestAt: '2026-01-07T10:30:00.000000Z',
    to: '2026-01-08T10:12:13Z',
    command: 'npm run backtrack -- --drill d --cluster trading --execute --yes-rewind trading',
  });
  expect(restorePlan().clusters[0].backtrack).toBeNull();
});
