import type { RepointPlan, RestorePlan, Verification } from '../../../lib/artefacts';
import type { RepointFacts } from '../../../lib/cutover/plan-repoint';
import { planRestore } from '../../../lib/plan/plan-restore';
import { at, planFacts, planWishes } from '../plan/facts';

export const sourceEndpoint = 'trading.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com';
export const sourceReader = 'trading.cluster-ro-c9akciq32rgf.eu-central-1.rds.amazonaws.com';
export const restoredEndpoint = 'trading-d.cluster-c9akciq32rgf.eu-central-1.rds.amazonaws.com';
export const restoredReader = 'trading-d.cluster-ro-c9akciq32rgf.eu-central-1.rds.amazonaws.com';

export function restorePlan(): RestorePlan {
  const plan = planRestore(planFacts({ drill: 'd' }), planWishes());
  if (!plan.ok) throw new Error(plan.refusal.message);
  return { schemaVersion: 1, ...plan.value };
}

export function verification(over: Partial<Verification> = {}): Verification {
  return {
    schemaVersion: 1,
    drill: 'd',
    madeAt: '2026-01-08T11:00:00Z',
    madeFrom: { 'incident.json': 'a'.repeat(64), 'restore-plan.json': 'b'.repeat(64) },
    startedAt: '2026-01-08T10:59:00Z',
    tookMs: 60_000,
    verdict: 'pass',
    restored: {
      clusterIdentifier: 'trading-d',
      endpoint: restoredEndpoint,
      readerEndpoint: restoredReader,
      port: 3307,
    },
    checks: [{ name: 'damage-absent', title: 'the rows are back', verdict: 'pass', evidence: [], tookMs: 5 }],
    notProven: [],
    ...over,
  };
}

export function failedVerification(): Verification {
  return verification({
    verdict: 'fail',
    checks: [{ name: 'damage-absent', title: 'the rows are back', verdict: 'fail', evidence: [], tookMs: 5 }],
  });
}

export function repointPlan(over: Partial<RepointPlan> = {}): RepointPlan {
  return {
    schemaVersion: 1,
    drill: 'd',
    madeAt: '2026-01-08T11:05:00Z',
    madeFrom: { 'restore-plan.json': 'b'.repeat(64), 'verification.json': 'c'.repeat(64) },
    account: '123456789012',
    region: 'eu-central-1',
    direction: 'forward',
    targets: [target('/trading/db/host')],
    ...over,
  };
}

export function target(
  name: string,
  over: Partial<RepointPlan['targets'][number]> = {},
): RepointPlan['targets'][number] {
  return {
    kind: 'ssm-parameter',
    name,
    type: 'String',
    oldValue: sourceEndpoint,
    newValue: restoredEndpoint,
    ...over,
  };
}

export function repointFacts(over: Partial<RepointFacts> = {}): RepointFacts {
  return {
    restorePlan: restorePlan(),
    restorePlanSha256: 'b'.repeat(64),
    verification: verification(),
    verificationSha256: 'c'.repeat(64),
    account: '123456789012',
    region: 'eu-central-1',
    parameters: [{ name: '/trading/db/host', type: 'String', value: sourceEndpoint }],
    previous: undefined,
    now: at('2026-01-08T11:05:00Z'),
    ...over,
  };
}
