import { formatInstant } from '../time';
import type { CheckContext } from './check';
import { incidentTables } from './incident-tables';
import { fullName, type Table } from './inventory';

/** Whether a table may rightly differ from the source's, and how that is known. */
export interface WritesSince {
  readonly kind: 'incident' | 'expected' | 'written' | 'unwritten' | 'unknown';
  readonly because: string;
}

/**
 * What is known about writes to a table of the source since the restore point: by the incident, the
 * person, the audit log, and the server itself.
 *
 * UPDATE_TIME is InnoDB's note in memory of the last commit that changed a table, to the second. It
 * is empty after a restart until the next write, and not kept for partitioned tables.
 * Source: MySQL Reference Manual, "The INFORMATION_SCHEMA TABLES Table".
 */
export function writesSince(table: Table, context: CheckContext): WritesSince {
  const { incident, restoreTo, source, settings } = context;
  const name = fullName(table);
  if (incidentTables(incident).includes(name)) return { kind: 'incident', because: 'the incident hit it' };
  if (settings.expectDifferent.includes(name)) {
    return { kind: 'expected', because: 'named by --expect-different' };
  }
  const { beforeEffect, afterEffect } = incident.lostWrites;
  if ([...beforeEffect.groups, ...afterEffect.groups].some((group) => group.table === name)) {
    return { kind: 'written', because: 'the audit log has writes to it since the restore point' };
  }
  const { createdAt, updatedAt } = table;
  // the server cuts its times down to the second: at the restore point means after it
  if (updatedAt !== null && updatedAt >= restoreTo) {
    return { kind: 'written', because: `last written at ${formatInstant(updatedAt)}` };
  }
  if (createdAt !== null && createdAt >= restoreTo) {
    return { kind: 'written', because: `made or rebuilt at ${formatInstant(createdAt)}` };
  }
  if (updatedAt !== null)
    return { kind: 'unwritten', because: `last written at ${formatInstant(updatedAt)}` };
  const startedAt = source?.inventory.startedAt ?? null;
  if (!table.partitioned && startedAt !== null && startedAt < restoreTo) {
    return {
      kind: 'unwritten',
      because: `not written since the source started at ${formatInstant(startedAt)}`,
    };
  }
  return { kind: 'unknown', because: 'the source does not know when it was last written' };
}
