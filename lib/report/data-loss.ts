import type { Incident } from '../artefacts/incident';
import { earlierOf, laterOf, msBetween } from './words';

type Part = Incident['lostWrites']['beforeEffect'];

/** The recovery point objective as realised: what the restore gives up. */
export interface DataLoss {
  /** From what the restored data is as of to the latest instant at which the damage can have become visible. */
  readonly beforeEffectMs: number;
  /** Of that, the time before the restore point, in which nothing is counted: not 0 where a snapshot was restored. */
  readonly uncountedBeforeMs: number;
  readonly statements: number;
  readonly transactions: number;
  readonly parts: readonly LossPart[];
  /** Up to when the audit log was read; writes on the old cluster after that are not in any count. */
  readonly countedUntil: string | null;
  /** Time after `countedUntil` in which the application still wrote to the old cluster; null where unknown. */
  readonly uncountedMs: number | null;
}

export interface LossPart {
  readonly when: 'before the damage' | 'after the damage';
  readonly statements: number;
  readonly transactions: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** Most statements first. */
  readonly groups: Part['groups'];
}

/**
 * `broughtOverAt`: when the application left the old cluster, null where nothing records it.
 * `dataAt`: what the restored data is as of; the restore point unless a snapshot was restored.
 */
export function measureLoss(
  incident: Incident,
  broughtOverAt: string | null,
  dataAt = incident.restoreTo,
): DataLoss {
  const { beforeEffect, afterEffect } = incident.lostWrites;
  const countedUntil = endOfCounts(incident);
  return {
    beforeEffectMs: msBetween(dataAt, incident.effect.latestAt),
    uncountedBeforeMs: Math.max(0, msBetween(dataAt, incident.restoreTo)),
    statements: beforeEffect.statements + afterEffect.statements,
    transactions: beforeEffect.transactions + afterEffect.transactions,
    parts: [part('before the damage', beforeEffect), part('after the damage', afterEffect)],
    countedUntil,
    uncountedMs:
      broughtOverAt === null || countedUntil === null
        ? null
        : Math.max(0, msBetween(countedUntil, broughtOverAt)),
  };
}

/** Where the logs were read to, or were complete to if that is earlier; never before what was counted. */
function endOfCounts({ coverage, lostWrites, effect }: Incident): string | null {
  const ends = [coverage.until, coverage.completeUntil].filter((end) => end !== null);
  const counted = [effect.latestAt, lostWrites.afterEffect.lastAt].filter((end) => end !== null);
  if (ends.length === 0) return lostWrites.afterEffect.lastAt;
  return [ends.reduce(earlierOf), ...counted].reduce(laterOf);
}

function part(when: LossPart['when'], { groups, ...totals }: Part): LossPart {
  return { when, ...totals, groups: [...groups].sort((a, b) => b.statements - a.statements) };
}
