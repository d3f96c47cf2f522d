import type { Arrival } from '../../lib/artefacts/arrival';
import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import type { Move } from '../../lib/cutover/last-move';
import { fetchWritesAfter, sumUp, type WritesAfter } from '../../lib/cutover/writes-after';
import { valueOf } from '../../lib/errors';
import { formatDuration, formatInstant, parseInstant, type EpochMicros } from '../../lib/time';
import type { Database } from '../../lib/verify/database';
import type { Sides } from './sides';

/**
 * What the move cost, by the clocks in the data. A restored cluster holds nothing from after the
 * restore point but what was written on it since. What the application wrote on the cluster that it
 * reaches, it wrote after the move began.
 */
export async function measureWrites(
  sides: Sides,
  restorePlan: RestorePlan,
  { reachedAfter }: Move,
  clocks: readonly string[],
): Promise<Arrival['writes']> {
  const restoreTo = valueOf(parseInstant(restorePlan.restoreTo));
  const read = (on: readonly Database[], after: EpochMicros): Promise<WritesAfter[]> =>
    Promise.all(on.map((database) => fetchWritesAfter(database, after, clocks)));
  const left = await read(sides.left ?? [], restoreTo);
  const reached = await read(sides.reached, valueOf(parseInstant(reachedAfter)));
  const { lastAt, rows } = sumUp(left);
  const { firstAt } = sumUp(reached);
  return {
    lastOnLeftAt: lastAt === null ? null : formatInstant(lastAt),
    firstOnReachedAt: firstAt === null ? null : formatInstant(firstAt),
    gapMs: lastAt === null || firstAt === null ? null : (firstAt - lastAt) / 1000,
    stranded: rows,
    evidence: [
      ...[...left, ...reached].flatMap(({ tables }) => tables.map(({ clock }) => `by ${clock}`)),
      ...[...left, ...reached].flatMap(({ unused }) => unused),
      ...(sides.left === undefined ? ['the cluster that was left is fenced: its clocks were not read'] : []),
    ].filter((text, i, all) => all.indexOf(text) === i),
  };
}

/** The arrival as a person reads it. */
export function renderArrival({
  verdict,
  by,
  direction,
  sessions,
  writes,
  since,
  arrivedAt,
  ttlSeconds,
}: Arrival): string {
  const other = direction === 'forward' ? ['old', 'restored'] : ['restored', 'old'];
  const [left = '', reached = ''] = other;
  const instant = (at: string | null): string => at ?? 'unknown: no clock in the data tells';
  return [
    `The application has ${verdict === 'arrived' ? `arrived on the ${reached} cluster` : 'NOT ARRIVED'}`,
    `  ${by === 'swap' ? 'swapped at  ' : 'repointed at'}      ${since}${ttlSeconds > 0 ? `, a DNS record lives ${ttlSeconds} s` : ''}`,
    `  arrived at        ${arrivedAt ?? 'not yet'}`,
    `  sessions left on the ${left} cluster: ${sessions.left}`,
    `  sessions on the ${reached} cluster: ${sessions.reached}`,
    `  last write on the ${left} cluster:  ${instant(writes.lastOnLeftAt)}`,
    `  first write on the ${reached} cluster: ${instant(writes.firstOnReachedAt)}`,
    `  without a write   ${writes.gapMs === null ? 'unknown' : formatDuration(writes.gapMs)}`,
    `  rows written on the ${left} cluster since the restore point, which the ${reached} one lacks: ${writes.stranded ?? 'unknown'}`,
    ...writes.evidence.map((text) => `    ${text}`),
  ].join('\n');
}
