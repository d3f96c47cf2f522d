import { ARTEFACTS } from '../../../lib/artefacts/artefact';
import type { RestorePlan } from '../../../lib/artefacts/restore-plan';
import type { Swap } from '../../../lib/artefacts/swap';
import { namesDeclared, namesNow } from '../../../lib/cutover/names-now';
import type { Outcome } from '../../../lib/errors';
import { restorePlan } from './facts';

const plan = restorePlan();
const [{ source, restored }] = plan.clusters;
const RETIRED = `${source.clusterIdentifier}-retired-20260108`;

function swap(over: Partial<Swap>): Swap {
  const step = (from: string, to: string): Swap['steps'][number] => ({
    kind: 'cluster',
    resourceId: `cluster-${from}`,
    from,
    to,
    fromEndpoint: null,
    toEndpoint: null,
    endedAt: null,
  });
  return {
    schemaVersion: ARTEFACTS.swap.version,
    drill: 'd',
    madeAt: '2026-01-08T11:00:00Z',
    madeFrom: { 'restore-plan.json': 'b'.repeat(64) },
    account: '123456789012',
    region: 'eu-central-1',
    direction: 'forward',
    startedAt: '2026-01-08T11:01:00Z',
    endedAt: '2026-01-08T11:06:00Z',
    adoptedAt: null,
    steps: [
      step(source.clusterIdentifier, RETIRED),
      step(restored.clusterIdentifier, source.clusterIdentifier),
    ],
    ...over,
  };
}

function shown(outcome: Outcome<RestorePlan>): string {
  if (!outcome.ok) return outcome.refusal.reason;
  const [cluster] = outcome.value.clusters;
  return `${cluster.source.clusterIdentifier}, ${cluster.restored.clusterIdentifier}`;
}

const PLANNED = `${source.clusterIdentifier}, ${restored.clusterIdentifier}`;
const EXCHANGED = `${RETIRED}, ${source.clusterIdentifier}`;
const kept = { startedAt: null, endedAt: null } as const;

test.each<[string, Swap | undefined, string, string]>([
  ['without a swap', undefined, PLANNED, PLANNED],
  ['with one that is kept, and not begun', swap(kept), 'swap-unfinished', PLANNED],
  ['with one under way', swap({ endedAt: null }), 'swap-unfinished', 'swap-unfinished'],
  ['with one that has ended', swap({}), EXCHANGED, EXCHANGED],
  [
    'with a way back that is kept, and not begun',
    swap({ ...kept, direction: 'back' }),
    'swap-unfinished',
    EXCHANGED,
  ],
  [
    'with a way back under way',
    swap({ direction: 'back', endedAt: null }),
    'swap-unfinished',
    'swap-unfinished',
  ],
  ['with one that was taken back', swap({ direction: 'back' }), PLANNED, PLANNED],
])('the names %s', (_, standing, now, declared) => {
  expect(shown(namesNow(plan, standing))).toBe(now);
  expect(shown(namesDeclared(plan, standing))).toBe(declared);
});
