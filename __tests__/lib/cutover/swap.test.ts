import fc from 'fast-check';
import {
  describeSwapStep,
  planSwap,
  stepsToTake,
  type NamedClusters,
  type SwapBody,
  type SwapFacts,
  type SwapStep,
} from '../../../lib/cutover/plan-swap';
import { runSwap, turned, type SwapTools } from '../../../lib/cutover/run-swap';
import { ARTEFACTS } from '../../../lib/artefacts/artefact';
import type { Swap } from '../../../lib/artefacts/swap';
import { valueOf } from '../../../lib/errors';
import { epochMicros } from '../../../lib/time';
import { at } from '../plan/facts';
import { failedVerification, restoredEndpoint, restorePlan, sourceEndpoint, verification } from './facts';

const plan = restorePlan();
const [planned] = plan.clusters;
const OLD = planned.source.clusterIdentifier;
const NEW = planned.restored.clusterIdentifier;
const OLD_ID = planned.source.resourceId;
const OLD_INSTANCES = ['trading-a', 'trading-b'];
const NEW_INSTANCES = planned.restored.instances.map(({ identifier }) => identifier);

const withMembers = (): typeof plan => ({
  ...plan,
  clusters: [
    {
      ...planned,
      restored: {
        ...planned.restored,
        instances: planned.restored.instances.map((instance, i) => ({
          ...instance,
          modelledOn: OLD_INSTANCES[i] ?? null,
        })),
      },
    },
  ],
});

/** An account whose renames take a few looks to show, first the name and then the endpoint. */
class FakeRds {
  readonly renames: string[] = [];
  private readonly pending: { looks: number; apply: () => void }[] = [];
  private readonly names: {
    clusters: {
      identifier: string;
      resourceId: string;
      status: string;
      endpoint: string;
      members: string[];
    }[];
    instances: { identifier: string; resourceId: string; status: string }[];
  } = {
    clusters: [
      {
        identifier: OLD,
        resourceId: planned.source.resourceId,
        status: 'available',
        endpoint: sourceEndpoint,
        members: [...OLD_INSTANCES],
      },
      {
        identifier: NEW,
        resourceId: 'cluster-NEW',
        status: 'available',
        endpoint: restoredEndpoint,
        members: [...NEW_INSTANCES],
      },
    ],
    instances: [...OLD_INSTANCES, ...NEW_INSTANCES].map((identifier) => ({
      identifier,
      resourceId: `db-${identifier}`,
      status: 'available',
    })),
  };

  /** RDS answers so many renames with a fault first. */
  refusals = 0;
  /** Nothing comes to its end any more. */
  stuck = false;

  constructor(private readonly looks = 2) {}

  drop(resourceId: string): void {
    const { clusters } = this.names;
    clusters.splice(
      clusters.findIndex((one) => one.resourceId === resourceId),
      1,
    );
  }

  add(identifier: string): void {
    this.names.clusters.push({
      identifier,
      resourceId: 'cluster-FOREIGN',
      status: 'available',
      endpoint: endpointOf(identifier),
      members: [],
    });
  }

  fetch = (): Promise<NamedClusters> => {
    if (this.stuck) return Promise.resolve(structuredClone(this.names));
    for (const change of this.pending.splice(0)) {
      if (change.looks === 0) change.apply();
      else this.pending.push({ ...change, looks: change.looks - 1 });
    }
    return Promise.resolve(structuredClone(this.names));
  };

  rename = ({ kind, from, to }: SwapStep): Promise<'begun' | 'not-now'> => {
    if (this.refusals-- > 0) return Promise.resolve('not-now');
    const all = kind === 'cluster' ? this.names.clusters : this.names.instances;
    if (all.some(({ identifier }) => identifier === to)) throw new Error(`${to} exists already`);
    const found = all.find(({ identifier }) => identifier === from);
    if (found?.status !== 'available') throw new Error(`${from} is not available`);
    this.renames.push(`${from} → ${to}`);
    found.status = 'renaming';
    this.pending.push({
      looks: this.looks,
      apply: () => {
        found.identifier = to;
        for (const { members } of this.names.clusters)
          members.splice(0, Infinity, ...members.map((name) => (name === from ? to : name)));
        found.status = 'available';
        this.pending.push({
          looks: this.looks,
          apply: () => {
            if ('endpoint' in found) found.endpoint = endpointOf(to);
          },
        });
      },
    });
    return Promise.resolve('begun');
  };

  /** Lets everything that is under way come to its end. */
  async settle(): Promise<NamedClusters> {
    for (let i = 0; i < 4 * (this.looks + 1); i += 1) await this.fetch();
    return this.fetch();
  }
}

const endpointOf = (name: string): string =>
  name === OLD ? sourceEndpoint : name === NEW ? restoredEndpoint : `${name}.cluster-x.rds.amazonaws.com`;

const factsOf = (names: NamedClusters, over: Partial<SwapFacts> = {}): SwapFacts => ({
  restorePlan: withMembers(),
  restorePlanSha256: 'b'.repeat(64),
  verification: verification(),
  verificationSha256: 'c'.repeat(64),
  account: plan.account,
  region: plan.region,
  names,
  inUseBy: [],
  now: at('2026-01-08T12:00:00Z'),
  ...over,
});

const plannedSwap = async (rds = new FakeRds()): Promise<SwapBody> =>
  valueOf(planSwap(factsOf(await rds.fetch()), undefined));

/** Each look at it is a second later. */
let clock = 0;

/** Runs until it ends, or is killed before or after the given number of writes of its journal. */
async function run(rds: FakeRds, swap: SwapBody, killAfter = Infinity): Promise<SwapBody> {
  let kept = swap;
  let left = killAfter;
  const tools: SwapTools = {
    names: rds,
    keep: (body) => {
      kept = body;
      if (left-- <= 0) throw new Error('killed');
    },
    now: () => epochMicros(1_767_873_600_000_000 + 1_000_000 * clock++),
    pauseMs: 0,
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  try {
    return valueOf(await runSwap(swap, tools));
  } catch (error) {
    if (error instanceof Error && error.message === 'killed') return kept;
    throw error;
  }
}

const stored = (body: SwapBody): Swap => ({ schemaVersion: ARTEFACTS.swap.version, ...body });
const byResource = ({ clusters, instances }: NamedClusters): Record<string, string> =>
  Object.fromEntries([
    ...clusters.map((one): [string, string] => [one.resourceId, `${one.identifier} ${one.endpoint ?? ''}`]),
    ...instances.map((one): [string, string] => [one.resourceId, one.identifier]),
  ]);

jest.setTimeout(20 * 60_000);

describe('a planned swap', () => {
  test('renames the instances first, then the clusters, and gives every name to one owner at a time', async () => {
    const { steps } = await plannedSwap();
    expect(steps.map(describeSwapStep)).toEqual([
      'DB instance trading-a → trading-a-retired-20260108 (it reboots)',
      'DB instance trading-b → trading-b-retired-20260108 (it reboots)',
      `DB instance ${NEW_INSTANCES[0] ?? ''} → trading-a (it reboots)`,
      ...NEW_INSTANCES.slice(1).map(
        (name, i) => `DB instance ${name} → ${OLD_INSTANCES[i + 1] ?? ''} (it reboots)`,
      ),
      `DB cluster ${OLD} → ${OLD}-retired-20260108 (its endpoints change with it)`,
      `DB cluster ${NEW} → ${OLD} (its endpoints change with it)`,
    ]);
  });

  test('goes back by the same steps in the reverse order', async () => {
    const swap = await plannedSwap();
    const back = stepsToTake(turned(stored(swap), 'back'));
    expect(back.map(({ from, to }) => [from, to])).toEqual(
      swap.steps.toReversed().map(({ from, to }) => [to, from]),
    );
  });

  test.each([
    ['a failed verification', { verification: failedVerification() }, 'not-verified'],
    ['no verification', { verification: undefined }, 'not-verified'],
    ['another account', { account: '999999999999' }, 'foreign-account'],
    ['an application that is repointed already', { inUseBy: ['/db/host'] }, 'already-repointed'],
  ])('is refused for %s', async (_, over, reason) => {
    const names = await new FakeRds().fetch();
    expect(planSwap(factsOf(names, over), undefined)).toMatchObject({ ok: false, refusal: { reason } });
  });

  test('takes a reason in place of a passed verification, and keeps it', async () => {
    const names = await new FakeRds().fetch();
    const swap = valueOf(planSwap(factsOf(names, { verification: failedVerification() }), 'it burns'));
    expect(swap.overriddenVerification).toMatchObject({ reason: 'it burns' });
  });

  test('is refused where the names belong to other clusters than those of the plan', async () => {
    const { clusters, instances } = await new FakeRds().fetch();
    const foreign = clusters.map((one) =>
      one.identifier === OLD ? { ...one, resourceId: 'cluster-OTHER' } : one,
    );
    expect(planSwap(factsOf({ clusters: foreign, instances }), undefined)).toMatchObject({
      refusal: { reason: 'not-the-source' },
    });
    const unrestored = clusters.filter(({ identifier }) => identifier !== NEW);
    expect(planSwap(factsOf({ clusters: unrestored, instances }), undefined)).toMatchObject({
      refusal: { reason: 'not-restored' },
    });
  });

  test('without the journal of one that was begun is refused wherever that one stopped', async () => {
    const { steps } = await plannedSwap();
    const retired = `${OLD}-retired-20260108`;
    for (const renames of steps.keys()) {
      const rds = new FakeRds();
      for (const step of steps.slice(0, renames + 1)) {
        await rds.rename(step);
        await rds.settle();
      }
      const planned = planSwap(factsOf(await rds.fetch(), { now: at('2026-01-09T12:00:00Z') }), undefined);
      expect(planned).toMatchObject({
        refusal: {
          reason: 'journal-lost',
          message: expect.stringContaining(
            `an instance of ${OLD_ID} is 'trading-a-retired-20260108'`,
          ) as unknown,
          hint: expect.stringContaining('bring drills/d/swap.json back') as unknown,
        },
      });
      const owner = renames === steps.length - 1 ? 'cluster-NEW' : 'nobody';
      const cluster = `DB cluster ${OLD_ID}, expected as '${OLD}', is '${retired}'; '${OLD}' is ${owner}`;
      expect(planned.ok ? '' : planned.refusal.message).toContain(renames < steps.length - 2 ? '' : cluster);
    }
  });

  test('counts on where an earlier one of the day has left the retired names', async () => {
    const { clusters, instances } = await new FakeRds().fetch();
    const left = { resourceId: 'x', status: 'available', endpoint: null, members: [] };
    const { steps } = valueOf(
      planSwap(
        factsOf({
          clusters: [
            ...clusters,
            { ...left, identifier: `${OLD}-retired-20260108` },
            { ...left, identifier: `${OLD}-retired-20260108-2` },
          ],
          instances: [...instances, { ...left, identifier: 'trading-a-retired-20260108' }],
        }),
        undefined,
      ),
    );
    expect(steps.map(({ to }) => to).filter((to) => to.includes('retired'))).toEqual([
      'trading-a-retired-20260108-2',
      'trading-b-retired-20260108',
      `${OLD}-retired-20260108-3`,
    ]);
  });

  test('tells apart names that are the same once they are cut to what RDS allows', async () => {
    const long = [1, 2, 3].map((n) => `a-very-long-name-for-the-payments-platform-instance-${n}`);
    const { clusters, instances } = await new FakeRds().fetch();
    const names = {
      clusters: clusters.map((one) => (one.identifier === OLD ? { ...one, members: long } : one)),
      instances: [
        ...instances,
        ...long.map((identifier) => ({ identifier, resourceId: `db-${identifier}`, status: 'available' })),
      ],
    };
    const to = valueOf(planSwap(factsOf(names), undefined))
      .steps.map((step) => step.to)
      .filter((name) => name.startsWith('a-very'));
    expect(to).toEqual([
      'a-very-long-name-for-the-payments-platform-ins-retired-20260108',
      'a-very-long-name-for-the-payments-platform-i-retired-20260108-2',
      'a-very-long-name-for-the-payments-platform-i-retired-20260108-3',
    ]);
    expect(Math.max(...to.map(({ length }) => length))).toBe(63);
  });
});

describe('a swap that is carried out', () => {
  test('gives the restored cluster the name and the endpoint of the old one, and deletes nothing', async () => {
    const rds = new FakeRds();
    const before = await rds.fetch();
    const done = await run(rds, await plannedSwap(rds));
    const after = await rds.fetch();
    expect(done.endedAt).not.toBeNull();
    expect(after.clusters.find(({ resourceId }) => resourceId === 'cluster-NEW')).toMatchObject({
      identifier: OLD,
      endpoint: sourceEndpoint,
    });
    expect(after.clusters).toHaveLength(before.clusters.length);
    expect(after.instances).toHaveLength(before.instances.length);
  });

  test('killed at any point and run again, ends in the same state by the same renames', async () => {
    const once = new FakeRds();
    await run(once, await plannedSwap(once));
    const expected = byResource(await once.settle());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 8 }), { maxLength: 5 }),
        fc.nat({ max: 3 }),
        async (kills, looks) => {
          const rds = new FakeRds(looks);
          let swap = await plannedSwap(rds);
          for (const kill of kills) swap = await run(rds, swap, kill);
          await run(rds, swap);
          expect(byResource(await rds.settle())).toEqual(expected);
          expect(rds.renames).toEqual(once.renames);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('killed at any point and taken back, ends where it began', async () => {
    const untouched = byResource(await new FakeRds().settle());
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 9 }),
        fc.array(fc.nat({ max: 8 }), { maxLength: 3 }),
        async (kill, kills) => {
          const rds = new FakeRds();
          let swap = await run(rds, await plannedSwap(rds), kill);
          swap = turned(stored(swap), 'back');
          for (const again of kills) swap = await run(rds, swap, again);
          const done = await run(rds, swap);
          expect(done).toMatchObject({ direction: 'back' });
          expect(byResource(await rds.settle())).toEqual(untouched);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('run again after its end, keeps the times of when it was done and renames nothing', async () => {
    const rds = new FakeRds();
    const done = await run(rds, await plannedSwap(rds));
    const { length } = rds.renames;
    expect(await run(rds, { ...done, adoptedAt: '2026-01-08T13:00:00Z' })).toEqual({
      ...done,
      adoptedAt: '2026-01-08T13:00:00Z',
    });
    expect(rds.renames).toHaveLength(length);
  });

  test('goes on, or back, from an older journal, such as one that git has: RDS decides', async () => {
    const rds = new FakeRds();
    const before = byResource(await rds.settle());
    const older = await plannedSwap(rds);
    await run(rds, await run(rds, older, 6));
    const exchanged = byResource(await rds.settle());
    const { length } = rds.renames;
    expect((await run(rds, older)).endedAt).not.toBeNull();
    expect(byResource(await rds.settle())).toEqual(exchanged);
    expect(rds.renames).toHaveLength(length);
    await run(rds, turned(stored(older), 'back'));
    expect(byResource(await rds.settle())).toEqual(before);
  });

  test('goes on where RDS does not take a rename at once', async () => {
    const rds = new FakeRds();
    rds.refusals = 7;
    const done = await run(rds, await plannedSwap(rds));
    expect(done.endedAt).not.toBeNull();
  });

  test('tells of a rename that is stuck, and goes on from there', async () => {
    const rds = new FakeRds();
    const swap = await plannedSwap(rds);
    rds.stuck = true;
    await expect(run(rds, swap)).rejects.toMatchObject({
      refusal: { reason: 'not-settled', message: expect.stringContaining('renaming') as string },
    });
    rds.stuck = false;
    expect((await run(rds, swap)).endedAt).not.toBeNull();
  });

  test('gives no name to two, where someone takes one meanwhile', async () => {
    const rds = new FakeRds();
    const swap = await plannedSwap(rds);
    rds.add(`${OLD}-retired-20260108`);
    await expect(run(rds, swap)).rejects.toMatchObject({
      refusal: { reason: 'name-taken', message: expect.stringContaining('cluster-FOREIGN') as string },
    });
    // until then it has renamed instances alone: the application is where it was
    expect((await rds.settle()).clusters.map(({ identifier }) => identifier)).toContain(OLD);
  });

  test('stops where the restored cluster is deleted meanwhile, and its way back does without', async () => {
    const rds = new FakeRds();
    const half = await run(rds, await plannedSwap(rds), 6);
    rds.drop('cluster-NEW');
    await expect(run(rds, half)).rejects.toMatchObject({ refusal: { reason: 'gone' } });
    await run(rds, turned(stored(half), 'back'));
    expect((await rds.settle()).clusters).toMatchObject([
      { resourceId: planned.source.resourceId, identifier: OLD, endpoint: sourceEndpoint },
    ]);
  });

  test('has no way back once the old cluster is gone: the restored one keeps the name', async () => {
    const rds = new FakeRds();
    const done = await run(rds, await plannedSwap(rds));
    rds.drop(planned.source.resourceId);
    await expect(run(rds, turned(stored(done), 'back'))).rejects.toMatchObject({
      refusal: { reason: 'gone', hint: expect.stringContaining('final snapshot') as string },
    });
    expect((await rds.settle()).clusters).toMatchObject([{ identifier: OLD }]);
  });

  test('stops where someone else has renamed what it was about to', async () => {
    const rds = new FakeRds();
    const swap = await plannedSwap(rds);
    const [first] = swap.steps;
    if (first === undefined) throw new Error('there is a step');
    await rds.rename({ ...first, to: 'mine-now' });
    await rds.settle();
    await expect(run(rds, swap)).rejects.toMatchObject({ refusal: { reason: 'renamed-by-others' } });
  });
});
