import { checkNotExchanged, checkOldThere, checkStillVerified } from '../../../lib/cutover/still-there';
import { ARTEFACTS } from '../../../lib/artefacts/artefact';
import type { Swap } from '../../../lib/artefacts/swap';
import { restorePlan, sourceEndpoint, verifiedCluster } from './facts';

const swap: Swap = {
  schemaVersion: ARTEFACTS.swap.version,
  drill: 'd',
  madeAt: '2026-01-08T11:00:00Z',
  madeFrom: { 'restore-plan.json': 'b'.repeat(64) },
  account: '123456789012',
  region: 'eu-central-1',
  direction: 'forward',
  startedAt: '2026-01-08T11:01:00Z',
  endedAt: null,
  adoptedAt: null,
  steps: [],
};

test('a config is not repointed while names are exchanged, or being exchanged', () => {
  expect(checkNotExchanged('d', undefined)).toMatchObject({ ok: true });
  expect(checkNotExchanged('d', swap)).toMatchObject({ refusal: { reason: 'names-exchanged' } });
  const back: Swap = { ...swap, direction: 'back', endedAt: '2026-01-08T12:00:00Z' };
  expect(checkNotExchanged('d', back)).toMatchObject({ ok: true });
});

test('only what was verified is repointed to', () => {
  const { restored } = verifiedCluster();
  expect(checkStillVerified([restored], [restored])).toMatchObject({ ok: true });
  const moved = { ...restored, endpoint: 'trading-d.elsewhere.example.com' };
  expect(checkStillVerified([restored], [moved])).toMatchObject({ refusal: { reason: 'verified-another' } });
});

test('a config that led to a cluster which was deleted before the drill gets that back', () => {
  const plan = restorePlan();
  const [cluster] = plan.clusters;
  const deleted: typeof plan = {
    ...plan,
    clusters: [{ ...cluster, source: { ...cluster.source, deleted: true } }],
  };
  expect(checkOldThere(deleted, { clusters: [], instances: [] })).toMatchObject({ ok: true });
});

test('there is no way back to a cluster that is gone, or whose name another one has', () => {
  const [{ source }] = restorePlan().clusters;
  const named = {
    identifier: source.clusterIdentifier,
    resourceId: source.resourceId,
    status: 'available',
    endpoint: sourceEndpoint,
    members: [],
  };
  const now = (...clusters: (typeof named)[]): ReturnType<typeof checkOldThere> =>
    checkOldThere(restorePlan(), { clusters, instances: [] });
  expect(now(named)).toMatchObject({ ok: true });
  expect(now()).toMatchObject({ refusal: { reason: 'cluster-gone' } });
  expect(now({ ...named, resourceId: 'cluster-FOREIGN' })).toMatchObject({
    refusal: { reason: 'cluster-gone' },
  });
});
