import type { Incident } from '../artefacts';
import { laterOf, msBetween } from './words';

type Part = Incident['lostWrites']['beforeEffect'];

/** The recovery point objective as realised: what the restore gives up. */
export interface DataLoss {
  /** From the restore point to the latest instant at which the damage can have become visible. */
  readonly beforeEffectMs: number;
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

/** `broughtOverAt`: when the application left the old cluster, null where nothing records it. */
export function measureLoss(incident: Incident, broughtOverAt: string | null): DataLoss {
  const { beforeEffect, afterEffect } = incident.lostWrites;
  const countedUntil = incident.coverage.completeUntil ?? incident.coverage.until ?? afterEffect.lastAt;
  const counted = countedUntil === null ? null : laterOf(countedUntil, incident.effect.latestAt);
  return {
    beforeEffectMs: msBetween(incident.restoreTo, incident.effect.latestAt),
    statements: beforeEffect.statements + afterEffect.statements,
    transactions: beforeEffect.transactions + afterEffect.transactions,
    parts: [part('before the damage', beforeEffect), part('after the damage', afterEffect)],
    countedUntil: counted,
    uncountedMs:
      broughtOverAt === null || counted === null ? null : Math.max(0, msBetween(counted, broughtOverAt)),
  };
}

function part(when: LossPart['when'], { groups, ...totals }: Part): LossPart {
  return { when, ...totals, groups: [...groups].sort((a, b) => b.statements - a.statements) };
}
