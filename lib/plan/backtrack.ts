import { accept, refuse, type Outcome, type Refusal } from '../errors';
import { formatDuration, formatInstant, type EpochMicros } from '../time';
import type { SourceCluster } from './source-cluster';

export type BacktrackRefusal = Refusal<'backtrack-off' | 'out-of-backtrack-window' | 'not-available'>;

export interface PlannedBacktrack {
  readonly clusterIdentifier: string;
  readonly to: EpochMicros;
  readonly earliestAt: EpochMicros;
}

/**
 * Whether the source itself could be rewound to the restore point. That is quick, and takes back
 * what everyone has committed since; nothing is left to compare with, or to go back to.
 * Source: Aurora User Guide, "Backtracking an Aurora DB cluster": Aurora MySQL only, switched on
 * when the cluster was made, at most 72 hours.
 */
export function planBacktrack(
  source: Pick<
    SourceCluster,
    'identifier' | 'engine' | 'status' | 'backtrackWindowSeconds' | 'earliestBacktrackAt'
  >,
  to: EpochMicros,
  now: EpochMicros,
): Outcome<PlannedBacktrack, BacktrackRefusal> {
  const { identifier, engine, status, backtrackWindowSeconds, earliestBacktrackAt: earliestAt } = source;
  const name = `DB cluster '${identifier}'`;
  if (backtrackWindowSeconds === 0 || earliestAt === null) {
    return refuse({
      reason: 'backtrack-off',
      message:
        engine === 'aurora-mysql'
          ? `backtrack is off for ${name}, and can only be switched on for a new or restored cluster`
          : `${engine} has no backtrack`,
      hint: "restore beside it: 'npm run plan'",
    });
  }
  if (status !== 'available') {
    return refuse({
      reason: 'not-available',
      message: `${name} is ${status}, expected available`,
      hint: 'wait until it is available again',
    });
  }
  if (to < earliestAt || to >= now) {
    return refuse({
      reason: 'out-of-backtrack-window',
      message: `${name} can be rewound to ${formatInstant(earliestAt)} at the earliest (window ${formatDuration(backtrackWindowSeconds * 1000)}), not to ${formatInstant(to)}`,
      hint: "restore beside it: 'npm run plan'",
    });
  }
  return accept({ clusterIdentifier: identifier, to, earliestAt });
}
