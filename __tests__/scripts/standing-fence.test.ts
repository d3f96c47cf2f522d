import { ARTEFACTS } from '../../lib/artefacts/artefact';
import type { Fence } from '../../lib/artefacts/fence';
import type { FenceWish } from '../../lib/cutover/fence';
import { standingFence } from '../../scripts/repoint/fence';

const fence = (clusters: Fence['clusters'], over: Partial<Fence> = {}): Fence => ({
  schemaVersion: ARTEFACTS.fence.version,
  drill: 'd',
  madeAt: '2026-01-08T12:00:00Z',
  madeFrom: { 'restore-plan.json': 'a'.repeat(64) },
  state: 'set',
  setAt: '2026-01-08T12:00:00Z',
  liftedAt: null,
  clusters,
  ...over,
});
const locked = fence([
  { by: 'revoke', clusterIdentifier: 'trading', accounts: [{ user: 'app_a', host: '%' }] },
]);
const isolated = fence([
  {
    by: 'security-group',
    clusterIdentifier: 'trading',
    securityGroupIds: ['sg-1'],
    isolatedGroupId: 'sg-9',
  },
]);
const group = (isolatedGroupId: string): FenceWish => ({ by: 'security-group', isolatedGroupId });

test.each<[string, Fence | undefined, FenceWish | undefined, Fence | undefined]>([
  ['none', undefined, group('sg-9'), undefined],
  ['a lifted one', fence(locked.clusters, { state: 'lifted' }), group('sg-9'), undefined],
  ['one that was asked for no further', locked, undefined, locked],
  ['one of other users', locked, { by: 'revoke', users: ['app_b'] }, locked],
  ['one by the same group', isolated, group('sg-9'), isolated],
])('the fence to go on with, after %s', (_, standing, asked, expected) => {
  expect(standingFence('d', standing, asked)).toBe(expected);
});

test.each<[string, Fence, FenceWish | undefined, string]>([
  ['by another group', isolated, group('sg-8'), "drill 'd' has a fence by security-group sg-9 already"],
  ['by another way', locked, group('sg-9'), "drill 'd' has a fence by revoke already"],
  [
    'that is being lifted',
    fence(locked.clusters, { state: 'lifting' }),
    undefined,
    "drill 'd' has a fence that was being lifted already",
  ],
])('a fence %s is refused, with the way to lift it', (_, standing, asked, message) => {
  expect(() => standingFence('d', standing, asked)).toThrow(
    expect.objectContaining({
      refusal: {
        reason: 'other-fence',
        message,
        hint: 'lift that first: npm run fence -- --drill d --lift --execute',
      },
    }) as Error,
  );
});
