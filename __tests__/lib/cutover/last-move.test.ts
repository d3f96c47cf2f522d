import { ARTEFACTS } from '../../../lib/artefacts/artefact';
import type { Swap } from '../../../lib/artefacts/swap';
import { isExchanged, restoredNow, sourcesNow } from '../../../lib/cutover/clusters-now';
import { lastMove, type MoveFacts } from '../../../lib/cutover/last-move';
import type { NamedCluster } from '../../../lib/cutover/plan-swap';
import { dnsTarget, repointPlan, restorePlan, target } from './facts';

const PLAN = 'a'.repeat(64);
const [{ source, restored }] = restorePlan().clusters;
const RETIRED = `${source.clusterIdentifier}-retired-20260108`;

function swap(over: Partial<Swap> = {}): Swap {
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
      step(source.resourceId, source.clusterIdentifier, RETIRED),
      step('cluster-NEW', restored.clusterIdentifier, source.clusterIdentifier),
    ],
    ...over,
  };
}

function step(resourceId: string, from: string, to: string): Swap['steps'][number] {
  return { kind: 'cluster', resourceId, from, to, fromEndpoint: null, toEndpoint: null, endedAt: null };
}

function facts(over: Partial<MoveFacts> = {}): MoveFacts {
  return {
    restorePlan: restorePlan(),
    repoint: undefined,
    runs: [],
    swap: undefined,
    now: '2026-01-08T12:00:00Z',
    ...over,
  };
}

const run = (over: object = {}): MoveFacts['runs'][number] => ({
  plan: PLAN,
  direction: 'forward',
  plannedAt: '2026-01-08T11:05:00Z',
  startedAt: '2026-01-08T11:08:00Z',
  endedAt: '2026-01-08T11:09:00Z',
  steps: [],
  ...over,
});
const repoint = { value: repointPlan({ targets: [target('/h'), dnsTarget()] }), sha256: PLAN };
const swapped = { value: swap(), sha256: 'f'.repeat(64) };

describe('what last moved the application', () => {
  test('is a repoint: since its journal ended, for as long as a DNS record may be remembered', () => {
    expect(lastMove(facts({ repoint, runs: [run()] }))).toMatchObject({
      value: {
        by: 'repoint',
        madeFrom: { 'repoint-plan.json': PLAN },
        since: '2026-01-08T11:09:00Z',
        ttlSeconds: 30,
        reachedAfter: restorePlan().restoreTo,
      },
    });
  });

  test('is a swap where nothing was repointed', () => {
    expect(lastMove(facts({ swap: swapped }))).toEqual({
      ok: true,
      value: {
        by: 'swap',
        madeFrom: { 'swap.json': swapped.sha256 },
        direction: 'forward',
        since: '2026-01-08T11:06:00Z',
        ttlSeconds: 5,
        reachedAfter: '2026-01-08T11:01:00Z',
      },
    });
  });

  test.each([
    ['2026-01-08T11:00:59.999999Z', 'swap'],
    ['2026-01-08T11:01:00.000001Z', 'repoint'],
  ])('is the later of both: a repoint that was planned at %s', (madeAt, by) => {
    const both = facts({
      repoint: { ...repoint, value: { ...repoint.value, madeAt } },
      runs: [run()],
      swap: swapped,
    });
    expect(lastMove(both)).toMatchObject({ value: { by } });
  });

  test.each([
    ['nothing-moved', facts(), 'npm run plan-repoint'],
    ['repoint-unfinished', facts({ repoint, runs: [run({ endedAt: null })] }), 'npm run apply'],
    ['swap-unfinished', facts({ swap: { ...swapped, value: swap({ endedAt: null }) } }), 'npm run swap'],
    [
      'swap-unfinished',
      facts({
        swap: { ...swapped, value: swap({ direction: 'back', startedAt: null, endedAt: null }) },
        repoint,
      }),
      'npm run undo',
    ],
    [
      'swap-unfinished',
      facts({ swap: { ...swapped, value: swap({ direction: 'back', endedAt: null }) } }),
      'npm run undo',
    ],
  ])('is refused as %s', (reason, asked, hint) => {
    expect(lastMove(asked)).toMatchObject({
      ok: false,
      refusal: { reason, hint: expect.stringContaining(hint) as string },
    });
  });
});

describe('clusters under exchanged names', () => {
  const named = (identifier: string, resourceId: string): NamedCluster => ({
    identifier,
    resourceId,
    status: 'available',
    endpoint: `${identifier}.example.com`,
    members: [],
  });

  test('are found by what RDS calls them whatever their name is', () => {
    const names = {
      clusters: [named(source.clusterIdentifier, 'cluster-NEW'), named(RETIRED, source.resourceId)],
      instances: [],
    };
    expect(sourcesNow(restorePlan(), names)).toMatchObject([
      { clusterIdentifier: RETIRED, endpoint: `${RETIRED}.example.com`, port: source.port },
    ]);
    expect(restoredNow(restorePlan(), swap(), names)).toMatchObject([
      { clusterIdentifier: source.clusterIdentifier, port: restored.port },
    ]);
  });

  test('are not taken for one that has the name and is another', () => {
    const names = { clusters: [named(source.clusterIdentifier, 'cluster-FOREIGN')], instances: [] };
    expect(sourcesNow(restorePlan(), names)).toEqual([undefined]);
    expect(restoredNow(restorePlan(), swap(), names)).toEqual([undefined]);
  });

  test.each([
    ['forward', null, true],
    ['forward', '2026-01-08T11:06:00Z', true],
    ['back', null, true],
    ['back', '2026-01-08T11:06:00Z', false],
  ] as const)('stand: %s, ended at %s: %s', (direction, endedAt, expected) => {
    expect(isExchanged(swap({ direction, endedAt }))).toBe(expected);
  });
});
