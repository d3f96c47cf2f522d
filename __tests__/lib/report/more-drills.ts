import type { PlannedCluster } from '../../../lib/artefacts/restore-plan';
import type { VerifiedCluster } from '../../../lib/artefacts/verification';
import {
  ABORTED,
  DRILL,
  EARNEST,
  FAILED,
  HOSTILE,
  INCIDENT,
  PASSED,
  PLANNED,
  RESTORE_PLAN,
  VERIFICATION,
  VERIFIED,
  type Drill,
} from './fixtures';

export const ARRIVAL: NonNullable<Drill['arrival']> = {
  drill: DRILL,
  madeAt: '2026-01-15T10:06:20.000000Z',
  by: 'repoint',
  direction: 'forward',
  verdict: 'arrived',
  since: '2026-01-15T10:06:10.000000Z',
  arrivedAt: '2026-01-15T10:06:20.000000Z',
  ttlSeconds: 30,
  sessions: { left: 'none', reached: '1 of trading_app from 10.0.0.7' },
  writes: {
    lastOnLeftAt: '2026-01-15T10:06:09.500000Z',
    firstOnReachedAt: '2026-01-15T10:06:11.250000Z',
    gapMs: 1750,
    stranded: 1203,
    evidence: ['by trading.orders.placed_at'],
  },
};

export const SWAP: NonNullable<Drill['swap']> = {
  drill: DRILL,
  madeAt: '2026-01-15T10:06:00.000000Z',
  account: '123456789012',
  region: 'eu-central-1',
  direction: 'forward',
  startedAt: '2026-01-15T10:06:03.000000Z',
  endedAt: '2026-01-15T10:06:10.000000Z',
  adoptedAt: '2026-01-15T10:06:15.000000Z',
  steps: [
    {
      kind: 'cluster',
      resourceId: 'cluster-OLD',
      from: 'trading',
      to: 'trading-retired-20260115',
      fromEndpoint: 'trading.cluster-c9akciq32.eu-central-1.rds.amazonaws.com',
      toEndpoint: null,
      endedAt: '2026-01-15T10:06:05.000000Z',
    },
    {
      kind: 'cluster',
      resourceId: 'cluster-NEW',
      from: 'trading-rehearsal-20260115-100150',
      to: 'trading',
      fromEndpoint: 'trading-rehearsal-20260115-100150.cluster-c9akciq32.eu-central-1.rds.amazonaws.com',
      toEndpoint: 'trading.cluster-c9akciq32.eu-central-1.rds.amazonaws.com',
      endedAt: '2026-01-15T10:06:10.000000Z',
    },
  ],
};

export const FENCE: NonNullable<Drill['fence']> = {
  drill: DRILL,
  madeAt: '2026-01-15T10:06:04.000000Z',
  state: 'set',
  setAt: '2026-01-15T10:06:04.000000Z',
  liftedAt: null,
  clusters: [{ by: 'revoke', clusterIdentifier: 'trading', accounts: [{ user: 'trading_app', host: '%' }] }],
};

const { timeline: _timeline, ...UNMEASURED } = PASSED;
const { repointPlan: _repointPlan, ...UNMOVED } = UNMEASURED;

/** As a pipeline does it: each step on another machine, people approving in between, no measured steps. */
export const PIPELINE: Drill = {
  ...UNMEASURED,
  restorePlan: { ...RESTORE_PLAN, madeAt: '2026-01-15T10:04:00.000000Z' },
  verification: {
    ...VERIFICATION,
    startedAt: '2026-01-15T11:20:00.000000Z',
    madeAt: '2026-01-15T11:20:02.300000Z',
  },
  repointPlan: { ...required(PASSED.repointPlan), madeAt: '2026-01-15T11:21:00.000000Z' },
  fence: { ...FENCE, setAt: '2026-01-15T11:49:00.000000Z' },
  arrival: {
    ...ARRIVAL,
    since: '2026-01-15T11:50:00.000000Z',
    arrivedAt: '2026-01-15T11:50:20.000000Z',
    madeAt: '2026-01-15T11:50:20.000000Z',
    writes: {
      ...ARRIVAL.writes,
      lastOnLeftAt: '2026-01-15T11:49:00.500000Z',
      firstOnReachedAt: '2026-01-15T11:50:11.250000Z',
      gapMs: 70_750,
    },
  },
};

/** Brought over by the names. */
export const SWAPPED: Drill = { ...UNMOVED, swap: SWAP, arrival: { ...ARRIVAL, by: 'swap' } };

/** The restore point was outside of the restorable window. */
export const SNAPSHOT: Drill = {
  ...PASSED,
  restorePlan: {
    ...RESTORE_PLAN,
    clusters: [
      {
        ...PLANNED,
        method: {
          kind: 'snapshot',
          reason: 'the restore point is before the restorable window; this is the newest snapshot before it',
          snapshot: {
            identifier: 'rds:trading-2026-01-15-03-10',
            arn: 'arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:rds:trading-2026-01-15-03-10',
            type: 'automated',
            createdAt: '2026-01-15T03:10:11.202000Z',
            engineVersion: '8.0.mysql_aurora.3.08.0',
          },
        },
        dataAt: '2026-01-15T03:10:11.202000Z',
        loses: 'what others committed in the 6 h 52 min before the damage',
      },
    ],
  },
};

const LEDGER: PlannedCluster = {
  ...PLANNED,
  source: {
    ...PLANNED.source,
    clusterIdentifier: 'trading-ledger',
    resourceId: 'cluster-7LEDGER5Z3N4K6J7L8P9R0S1T2',
    arn: 'arn:aws:rds:eu-central-1:123456789012:cluster:trading-ledger',
    endpoint: 'trading-ledger.cluster-c9akciq32.eu-central-1.rds.amazonaws.com',
    readerEndpoint: null,
  },
  restored: {
    ...PLANNED.restored,
    clusterIdentifier: 'trading-ledger-rehearsal-20260115-100150',
    instances: PLANNED.restored.instances.map((instance) => ({
      ...instance,
      identifier: 'trading-ledger-rehearsal-20260115-100150-1',
      modelledOn: 'trading-ledger-1',
    })),
  },
  differences: [],
};

const VERIFIED_LEDGER: VerifiedCluster = {
  ...VERIFIED,
  source: 'trading-ledger',
  restored: {
    ...VERIFIED.restored,
    clusterIdentifier: LEDGER.restored.clusterIdentifier,
    endpoint: 'trading-ledger-rehearsal-20260115-100150.cluster-c9akciq32.eu-central-1.rds.amazonaws.com',
  },
  checks: VERIFIED.checks.filter(({ name }) => name !== 'damage-absent'),
};

/** Two clusters to the same instant. */
export const TWO_CLUSTERS: Drill = {
  ...PASSED,
  incident: INCIDENT,
  restorePlan: { ...RESTORE_PLAN, clusters: [PLANNED, LEDGER] },
  verification: { ...VERIFICATION, clusters: [VERIFIED, VERIFIED_LEDGER] },
};

const { verification: _verification, ...UNVERIFIED } = SNAPSHOT;
const [DELETED]: readonly PlannedCluster[] = [
  { ...PLANNED, source: { ...PLANNED.source, deleted: true, endpoint: null, readerEndpoint: null } },
];
const BACK: NonNullable<Drill['swap']> = { ...SWAP, direction: 'back' };
const { timeline: _failedTimeline, ...FAILED_UNMEASURED } = FAILED;

/** Every way in which a drill of these tests went, by a name for people. */
export const ALL_DRILLS: Readonly<Record<string, Drill>> = {
  passed: PASSED,
  failed: FAILED,
  aborted: ABORTED,
  earnest: EARNEST,
  pipeline: PIPELINE,
  snapshot: SNAPSHOT,
  swapped: SWAPPED,
  'two-clusters': TWO_CLUSTERS,
  hostile: HOSTILE,
  resolved: { incident: INCIDENT },
  planned: { incident: INCIDENT, restorePlan: RESTORE_PLAN },
  'snapshot-planned': { ...UNVERIFIED, timeline: required(ABORTED.timeline) },
  'deleted-source': { ...PASSED, restorePlan: { ...RESTORE_PLAN, clusters: [required(DELETED)] } },
  fenced: { ...PASSED, fence: FENCE, arrival: ARRIVAL },
  'fenced-only': { ...UNMOVED, fence: FENCE },
  'fence-lifted': {
    ...UNMOVED,
    fence: { ...FENCE, state: 'lifted', liftedAt: '2026-01-15T10:07:00.000000Z' },
  },
  'failed-after-fence': { ...FAILED, fence: FENCE },
  'interrupted-after-swap': {
    ...UNMOVED,
    swap: SWAP,
    fence: FENCE,
    timeline: {
      ...required(PASSED.timeline),
      steps: required(PASSED.timeline)
        .steps.slice(0, 11)
        .map((step, i) => (i === 10 ? { ...step, result: 'interrupted' } : step)),
    },
  },
  'swapped-back': { ...UNMOVED, swap: BACK },
  'swap-begun': { ...UNMOVED, swap: { ...SWAP, endedAt: null, adoptedAt: null } },
  'failed-pipeline': FAILED_UNMEASURED,
  overridden: {
    ...FAILED_UNMEASURED,
    repointPlan: {
      ...required(PASSED.repointPlan),
      overriddenVerification: { reason: 'the check is wrong', instead: 'the verification failed' },
    },
    arrival: ARRIVAL,
  },
  'way-back': {
    ...UNMEASURED,
    repointPlan: { ...required(PASSED.repointPlan), direction: 'back' },
  },
};

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the fixture lacks a part');
  return value;
}
