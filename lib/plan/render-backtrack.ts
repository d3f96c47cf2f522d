import type { Incident } from '../artefacts/incident';
import { formatDuration, formatInstant, type EpochMicros } from '../time';
import type { PlannedBacktrack } from './backtrack';

/** What a rewind would do, as a person reads it before saying so. */
export function renderBacktrack(
  { clusterIdentifier, to, earliestAt }: PlannedBacktrack,
  { statement, lostWrites: { beforeEffect, afterEffect } }: Pick<Incident, 'statement' | 'lostWrites'>,
  now: EpochMicros,
): string {
  const statements = beforeEffect.statements + afterEffect.statements;
  const transactions = beforeEffect.transactions + afterEffect.transactions;
  return [
    `Rewinds DB cluster ${clusterIdentifier} itself, in place, to ${formatInstant(to)}`,
    '',
    `  takes back  everything that was committed in the last ${formatDuration((now - to) / 1000)}: the damage (${statement.kind} by ${statement.user}), and of others' work at least ${transactions} transactions with ${statements} writing statements`,
    '  closes      every connection; the cluster does not answer for some minutes',
    '  leaves      nothing beside it to compare with or to go back to: no verification, no undo but another rewind',
    '  lands on    the nearest time that is consistent, which may not be exactly this one',
    `  reaches     back to ${formatInstant(earliestAt)} at most`,
    '',
    "A restore beside it ('npm run plan') gives the same data, and leaves the source and what was committed since.",
  ].join('\n');
}
