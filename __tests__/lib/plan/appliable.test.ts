import type { RestorePlan } from '../../../lib/artefacts';
import { checkAppliable } from '../../../lib/plan/appliable';
import { planRestore } from '../../../lib/plan/plan-restore';
import { at, planFacts, planWishes } from './facts';

const before = at('2026-01-11T10:29:59Z');
const after = at('2026-01-11T10:30:00Z');
const restored = { clusterIdentifier: 'trading-2026-01-08-accounts', restoreTo: '2026-01-08T10:12:13Z' };

describe('checkAppliable', () => {
  test.each([
    ['a plan that holds', undefined, before, 'accepted'],
    ['an expired plan', undefined, after, 'plan-expired'],
    ['what was restored before the plan expired', restored, after, 'accepted'],
    ['a cluster that was imported', { ...restored, restoreTo: null }, after, 'accepted'],
    ['another cluster', { ...restored, clusterIdentifier: 'trading-x' }, before, 'restored-by-another-plan'],
    ['another time', { ...restored, restoreTo: '2026-01-08T10:12:14Z' }, before, 'restored-by-another-plan'],
  ])('answers for %s', (_, inState, now, expected) => {
    const outcome = checkAppliable(plan(), inState, now);
    expect(outcome.ok ? 'accepted' : outcome.refusal.reason).toBe(expected);
  });

  test('says what was restored and what the plan says now', () => {
    expect(checkAppliable(plan(), { ...restored, restoreTo: '2026-01-08T09:00:00Z' }, before)).toMatchObject({
      refusal: {
        message:
          "drill '2026-01-08-accounts' has restored 'trading-2026-01-08-accounts' to 2026-01-08T09:00:00Z already, but its plan now says 'trading-2026-01-08-accounts' to 2026-01-08T10:12:13Z",
      },
    });
  });
});

function plan(): RestorePlan {
  const planned = planRestore(planFacts(), planWishes());
  if (!planned.ok) throw new Error(planned.refusal.message);
  return { schemaVersion: 1, ...planned.value };
}
