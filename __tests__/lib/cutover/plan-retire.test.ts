import type { Arrival } from '../../../lib/artefacts/arrival';
import type { RestorePlan } from '../../../lib/artefacts/restore-plan';
import { ARTEFACTS } from '../../../lib/artefacts/artefact';
import {
  checkEnded,
  planRetire,
  type DoomedCluster,
  type RetireFacts,
} from '../../../lib/cutover/plan-retire';
import { at } from '../plan/facts';
import { restorePlan } from './facts';

const [planned] = restorePlan().clusters;
const OLD = planned.source.clusterIdentifier;
const NEW = planned.restored.clusterIdentifier;
const DAY_MS = 86_400_000;

const doomed = (over: Partial<DoomedCluster> = {}): DoomedCluster => ({
  identifier: OLD,
  resourceId: planned.source.resourceId,
  deletionProtection: false,
  instances: ['trading-a'],
  ending: false,
  snapshots: [],
  sessions: null,
  ...over,
});

const arrival = (over: Partial<Arrival> = {}): Arrival => ({
  schemaVersion: ARTEFACTS.arrival.version,
  drill: 'd',
  madeAt: '2026-01-08T12:00:00Z',
  madeFrom: { 'repoint-plan.json': 'a'.repeat(64) },
  by: 'repoint',
  direction: 'forward',
  verdict: 'arrived',
  since: '2026-01-08T11:59:00Z',
  arrivedAt: '2026-01-08T12:00:00Z',
  ttlSeconds: 0,
  sessions: { left: 'none', reached: '1 of app' },
  writes: { lastOnLeftAt: null, firstOnReachedAt: null, gapMs: null, stranded: null, evidence: [] },
  ...over,
});

const earnest = (): RestorePlan => {
  const plan = restorePlan();
  const [cluster] = plan.clusters;
  const { 'restore-drill-expires': _, ...drillTags } = cluster.restored.drillTags;
  return { ...plan, clusters: [{ ...cluster, restored: { ...cluster.restored, drillTags } }] };
};

const facts = (over: Partial<RetireFacts> = {}): RetireFacts => ({
  plan: earnest(),
  inUseBy: ['/trading/db/host'],
  arrival: arrival(),
  swap: undefined,
  find: (identifier) => (identifier === OLD ? doomed() : undefined),
  waitMs: 7 * DAY_MS,
  now: at('2026-01-16T12:00:00Z'),
  ...over,
});

describe('the end of the old cluster', () => {
  test('is planned with a final snapshot once the application has been away for long enough', () => {
    expect(planRetire(facts())).toEqual({
      ok: true,
      value: { kind: 'old', clusters: [{ ...doomed(), finalSnapshot: `${OLD}-final-20260116` }] },
    });
  });

  test.each([
    ['taken by another snapshot', { snapshots: [`${OLD}-final-20260116`] }, `${OLD}-final-20260116-2`],
    [
      'of an end that was begun the day before',
      { ending: true, deletionProtection: true, snapshots: ['mine', `${OLD}-final-20260115`] },
      `${OLD}-final-20260115`,
    ],
  ])('names its final snapshot so that the name is not %s', (_, over, finalSnapshot) => {
    expect(planRetire(facts({ find: () => doomed(over) }))).toMatchObject({
      value: { clusters: [{ finalSnapshot }] },
    });
  });

  test.each<[string, Partial<RetireFacts>, string]>([
    ['a rehearsal, whose source stays', { plan: restorePlan() }, 'drill-keeps-source'],
    ['an application that was never seen to arrive', { arrival: undefined }, 'not-arrived'],
    ['one that was seen on its way back', { arrival: arrival({ direction: 'back' }) }, 'not-arrived'],
    ['one that left a day too late', { now: at('2026-01-15T11:59:59Z') }, 'too-early'],
    ['deletion protection', { find: () => doomed({ deletionProtection: true }) }, 'deletion-protected'],
    ['open sessions', { find: () => doomed({ sessions: '2 of batch' }) }, 'connections-open'],
    ['a name that belongs to another cluster', { find: () => doomed({ resourceId: 'x' }) }, 'not-the-source'],
    ['one that is gone', { find: () => undefined }, 'nothing-to-retire'],
  ])('is refused for %s', (_, over, reason) => {
    expect(planRetire(facts(over))).toMatchObject({ ok: false, refusal: { reason } });
  });
});

describe('the end of what a drill restored', () => {
  const idle = {
    plan: restorePlan(),
    inUseBy: [],
    find: (name: string) => (name === NEW ? doomed({ identifier: NEW }) : undefined),
  };

  test('is planned while no application is on it, and never that of the source', () => {
    expect(planRetire(facts(idle))).toEqual({
      ok: true,
      value: { kind: 'restored', clusters: [doomed({ identifier: NEW })] },
    });
  });

  test('is refused while one of them is protected: its instances would go, and the cluster stay', () => {
    const find = (): DoomedCluster => doomed({ identifier: NEW, deletionProtection: true });
    expect(planRetire(facts({ ...idle, plan: earnest(), find }))).toMatchObject({
      refusal: {
        reason: 'deletion-protected',
        message: `DB cluster '${NEW}' is protected from deletion`,
        hint: expect.stringContaining(`--db-cluster-identifier ${NEW} --no-deletion-protection`) as string,
      },
    });
  });

  test('is refused while anyone is connected', () => {
    expect(planRetire(facts({ ...idle, find: () => doomed({ sessions: '1 of app' }) }))).toMatchObject({
      refusal: { reason: 'connections-open' },
    });
  });
});

describe('what was to end', () => {
  const planned = { clusters: [doomed({ identifier: NEW, resourceId: 'cluster-NEW' })] };

  test('has ended where RDS shows it no more, or another one of its name', () => {
    expect(checkEnded(planned, []).ok).toBe(true);
    expect(checkEnded(planned, [doomed({ identifier: NEW, resourceId: 'cluster-OTHER' })]).ok).toBe(true);
  });

  test('is told of where it is still there, since Terraform is content with an empty state', () => {
    expect(checkEnded(planned, planned.clusters)).toMatchObject({
      refusal: {
        reason: 'still-there',
        message: `DB cluster '${NEW}' (cluster-NEW) is still there: Terraform's state does not hold it`,
        hint: expect.stringContaining(
          `aws rds delete-db-instance --db-instance-identifier trading-a && aws rds delete-db-cluster --db-cluster-identifier ${NEW} `,
        ) as string,
      },
    });
  });
});
