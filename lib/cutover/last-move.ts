import type { Arrival } from '../artefacts/arrival';
import type { RepointJournal } from '../artefacts/repoint-journal';
import type { RepointPlan } from '../artefacts/repoint-plan';
import type { RestorePlan } from '../artefacts/restore-plan';
import type { Swap } from '../artefacts/swap';
import { accept, refuse, valueOf, type Outcome, type Refusal } from '../errors';
import { parseInstant } from '../time';
import { moveBeganAt } from './run-journal';

/** What last brought the application over, or back. */
export interface Move extends Pick<Arrival, 'by' | 'madeFrom' | 'direction' | 'since' | 'ttlSeconds'> {
  /** What the application wrote on the cluster that it reaches, it wrote after this. */
  readonly reachedAfter: string;
}

export interface MoveFacts {
  readonly restorePlan: RestorePlan;
  readonly repoint: Stored<RepointPlan> | undefined;
  /** Of the repoint's journal. */
  readonly runs: RepointJournal['runs'];
  readonly swap: Stored<Swap> | undefined;
  /** ISO 8601 UTC. */
  readonly now: string;
}

interface Stored<T> {
  readonly value: T;
  /** Of its file. */
  readonly sha256: string;
}

export type MoveRefusal = Refusal<'nothing-moved' | 'repoint-unfinished' | 'swap-unfinished'>;

/** For how long resolvers remember where a cluster's endpoint leads. Source: Aurora MySQL Database Administrator's Handbook, "DNS endpoints". */
const ENDPOINT_TTL_SECONDS = 5;

/** The later one of a repoint and a swap, once it was carried out to its end. */
export function lastMove(facts: MoveFacts): Outcome<Move, MoveRefusal> {
  const { repoint, swap, restorePlan } = facts;
  // the way back is kept before its first step, and then no move of before counts
  if (swap?.value.direction === 'back' && swap.value.startedAt === null) return bySwap(swap);
  if (swap !== undefined && swap.value.startedAt !== null) {
    const startedAt = valueOf(parseInstant(swap.value.startedAt));
    if (repoint === undefined || valueOf(parseInstant(repoint.value.madeAt)) < startedAt) return bySwap(swap);
  }
  if (repoint !== undefined) return byRepoint(repoint, facts);
  return refuse({
    reason: 'nothing-moved',
    message: `drill '${restorePlan.drill}' has neither a repoint plan nor a swap: nothing brings the application over`,
    hint: `plan a repoint: npm run plan-repoint -- --drill ${restorePlan.drill}; or exchange the names: npm run swap -- --drill ${restorePlan.drill}`,
  });
}

function bySwap({ value: swap, sha256 }: Stored<Swap>): Outcome<Move, MoveRefusal> {
  const { drill, direction, startedAt, endedAt } = swap;
  if (startedAt === null || endedAt === null) {
    return refuse({
      reason: 'swap-unfinished',
      message: `the names of drill '${drill}' are being ${direction === 'forward' ? 'exchanged' : 'taken back'}`,
      hint: `finish that first: npm run ${direction === 'forward' ? 'swap' : 'undo'} -- --drill ${drill} --execute`,
    });
  }
  return accept({
    by: 'swap',
    madeFrom: { 'swap.json': sha256 },
    direction,
    since: endedAt,
    ttlSeconds: ENDPOINT_TTL_SECONDS,
    reachedAfter: startedAt,
  });
}

function byRepoint(
  { value: repoint, sha256 }: Stored<RepointPlan>,
  { restorePlan, runs, now }: MoveFacts,
): Outcome<Move, MoveRefusal> {
  const { drill, direction, targets, madeAt } = repoint;
  const carriedOut = runs.find(({ plan }) => plan === sha256);
  if (carriedOut?.endedAt === null) {
    return refuse({
      reason: 'repoint-unfinished',
      message: `the repoint of drill '${drill}' was begun and not finished`,
      hint: `finish it: npm run guard -- --drill ${drill} --stack repoint, then npm run apply -- --drill ${drill} --stack repoint`,
    });
  }
  return accept({
    by: 'repoint',
    madeFrom: { 'repoint-plan.json': sha256 },
    direction,
    since: carriedOut?.endedAt ?? now,
    ttlSeconds: Math.max(0, ...targets.map((target) => ('ttlSeconds' in target ? target.ttlSeconds : 0))),
    reachedAfter: moveBeganAt(runs) ?? (direction === 'forward' ? restorePlan.restoreTo : madeAt),
  });
}
