import { checkAppliable } from '../../../lib/plan/appliable';
import { at, ledgerCluster, restorePlan, snapshot, snapshotPlan } from './facts';

const before = at('2026-01-11T10:29:59Z');
const after = at('2026-01-11T10:30:00Z');
const drill = '2026-01-08-accounts';
const restored = { clusterIdentifier: 'trading-2026-01-08-accounts', origin: '2026-01-08T10:12:13Z' };

const ledger = { ...restored, clusterIdentifier: 'ledger-2026-01-08-accounts' };
const two = restorePlan({ drill, further: [{ source: ledgerCluster() }] });

describe('checkAppliable', () => {
  test.each([
    ['a plan that holds', [], before, 'accepted'],
    ['an expired plan', [], after, 'plan-expired'],
    ['what was restored before the plan expired', [restored], after, 'accepted'],
    ['one of two clusters, whose apply was cut short', [ledger], after, 'accepted'],
    ['a cluster that was imported', [{ ...restored, origin: null }], after, 'accepted'],
    [
      'another cluster',
      [{ ...restored, clusterIdentifier: 'trading-x' }],
      before,
      'restored-by-another-plan',
    ],
    [
      'another cluster beside one of the plan',
      [restored, { ...ledger, clusterIdentifier: 'orders-x' }],
      before,
      'restored-by-another-plan',
    ],
    ['another time', [{ ...restored, origin: '2026-01-08T10:12:14Z' }], before, 'restored-by-another-plan'],
  ])('answers for %s', (_, inState, now, expected) => {
    const outcome = checkAppliable(two, inState, now);
    expect(outcome.ok ? 'accepted' : outcome.refusal.reason).toBe(expected);
  });

  test('answers for a snapshot, by its ARN', () => {
    const byNightly = { ...restored, clusterIdentifier: 'trading-d', origin: snapshot().arn };
    expect(checkAppliable(snapshotPlan(), [byNightly], after).ok).toBe(true);
    expect(checkAppliable(snapshotPlan(), [{ ...byNightly, origin: 'arn:other' }], after)).toMatchObject({
      refusal: { message: expect.stringContaining("'trading-d' from arn:other already") as string },
    });
  });

  test('says what was restored and what the plan says now', () => {
    const found = { ...restored, origin: '2026-01-08T09:00:00Z' };
    expect(checkAppliable(restorePlan({ drill }), [found], before)).toMatchObject({
      refusal: {
        message:
          "drill '2026-01-08-accounts' has restored 'trading-2026-01-08-accounts' to 2026-01-08T09:00:00Z already, but its plan now says 'trading-2026-01-08-accounts' to 2026-01-08T10:12:13Z",
      },
    });
  });
});
