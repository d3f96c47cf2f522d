import { checkRepointAppliable } from '../../../lib/cutover/appliable';
import { failedVerification, repointPlan, target, verification } from './facts';

describe('checkRepointAppliable', () => {
  test.each([
    ['forward onto a verified database', repointPlan(), verification(), [], 'accepted'],
    ['forward onto one that failed', repointPlan(), failedVerification(), [], 'not-verified'],
    ['back, verified or not', repointPlan({ direction: 'back' }), failedVerification(), [], 'accepted'],
    ['again', repointPlan(), verification(), ['/trading/db/host'], 'accepted'],
    [
      'with a further target',
      repointPlan({ targets: [target('/trading/db/host'), target('/batch/db/host')] }),
      verification(),
      ['/trading/db/host'],
      'accepted',
    ],
    ['without an earlier target', repointPlan(), verification(), ['/batch/db/host'], 'target-dropped'],
  ])('answers for a repoint %s', (_, plan, verified, managed, expected) => {
    const outcome = checkRepointAppliable(plan, verified, managed);
    expect(outcome.ok ? 'accepted' : outcome.refusal.reason).toBe(expected);
  });

  test('names the checks that failed and the targets that were dropped', () => {
    expect(checkRepointAppliable(repointPlan(), failedVerification(), [])).toMatchObject({
      refusal: { message: "the verification of drill 'd' failed: damage-absent" },
    });
    expect(checkRepointAppliable(repointPlan(), verification(), ['/batch/db/host'])).toMatchObject({
      refusal: { hint: 'plan again with --ssm-parameter /batch/db/host as well' },
    });
  });
});
