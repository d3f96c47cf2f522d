import { formatInstant } from '../time';
import type { CheckContext } from './check';
import { isIncidentTable } from './incident-tables';
import { fullName, type Table } from './inventory';
import { settledBefore } from './settled';

const SECOND_MICROS = 1_000_000;

/** Whether a table may rightly differ from the source's, and how that is known. */
export interface WritesSince {
  readonly kind: 'incident' | 'expected' | 'written' | 'unwritten' | 'unknown';
  readonly because: string;
}

/**
 * What is known about writes to a table of the source since the restore point: by the incident, the
 * person, the audit log, and the server itself.
 *
 * UPDATE_TIME is InnoDB's note in memory of the last transaction that changed a table. It is empty
 * after a restart until the next write, when the table fell out of the dictionary cache, and for
 * partitioned tables. Source: MySQL Reference Manual, "The INFORMATION_SCHEMA TABLES Table".
 * MariaDB 10.11 writes down when the transaction began, not when it committed (seen with a DELETE
 * that committed a second later).
 */
export function writesSince(table: Table, context: CheckContext): WritesSince {
  const { incident, restoreTo, restored, source, settings } = context;
  const name = fullName(table);
  if (isIncidentTable(incident, name, restored.database.dialect.name))
    return { kind: 'incident', because: 'the incident hit it' };
  if (settings.expectDifferent.includes(name)) {
    return { kind: 'expected', because: 'named by --expect-different' };
  }
  const { beforeEffect, afterEffect } = incident?.lostWrites ?? {};
  const lost = [...(beforeEffect?.groups ?? []), ...(afterEffect?.groups ?? [])];
  if (lost.some((group) => group.table === name)) {
    return { kind: 'written', because: 'the audit log has writes to it since the restore point' };
  }
  const { createdAt, updatedAt } = table;
  if (updatedAt !== null && updatedAt + SECOND_MICROS > settledBefore(context)) {
    return { kind: 'written', because: `last written at ${formatInstant(updatedAt)}` };
  }
  // the server cuts its times down to the second: at the restore point means after it
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
