import { formatInstant } from '../time';
import type { WritesAfter } from './writes-after';

/** What was written on a restored cluster since it was restored, and stays behind on the way back. */
export function renderWritesSince(cluster: string, { tables, changed, unused }: WritesAfter): string {
  const written = tables.filter(({ rows }) => rows > 0);
  const tableOf = (clock: string): string => clock.split('.').slice(0, 2).join('.');
  const blind = changed.filter((table) => !written.some(({ clock }) => tableOf(clock) === table));
  if (written.length === 0 && blind.length === 0) {
    return tables.length === 0
      ? `Writes on ${cluster} since it was restored: UNKNOWN, no column in its data tells when a row was written`
      : `Writes on ${cluster} since it was restored: none that the data shows (deletes leave no trace in it)`;
  }
  return [
    `WARNING: what was written on ${cluster} since it was restored stays behind:`,
    ...written.map(
      ({ clock, rows, lastAt }) =>
        `  ${tableOf(clock)}: ${rows} rows by ${clock}${lastAt === null ? '' : `, the last at ${formatInstant(lastAt)}`}`,
    ),
    ...blind.map((table) => `  ${table}: changed, by how much is unknown`),
    ...unused.map((text) => `  (${text})`),
    '  copy what matters before you go back; deletes leave no trace in the data',
  ].join('\n');
}
