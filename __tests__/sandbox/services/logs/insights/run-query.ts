import { compileQuery } from '../../../../../sandbox/services/logs/insights/compile-query';
import type { SourceEvent } from '../../../../../sandbox/services/logs/insights/row';

export const FIRST_MS = Date.parse('2026-01-02T03:04:05.000Z');

/** Events one second apart, the first message the earliest. */
export function eventsOf(messages: readonly string[]): SourceEvent[] {
  return messages.map((message, i) => ({
    timestamp: FIRST_MS + i * 1000,
    ingestionTime: FIRST_MS + i * 1000 + 500,
    message,
    logStream: 'writer',
    log: '000000000000:/aws/rds/cluster/trading/audit',
    pointer: `pointer-${i}`,
  }));
}

/** Runs a query over events that are given earliest first; each row as an object without `@ptr`. */
export function runQuery(
  query: string,
  events: readonly SourceEvent[],
  limit?: number,
): Record<string, string>[] {
  return runWithPointers(query, events, limit).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([field]) => field !== '@ptr')),
  );
}

export function runWithPointers(
  query: string,
  events: readonly SourceEvent[],
  limit?: number,
): Record<string, string>[] {
  const compiled = compileQuery(query, limit, { startedAtMs: FIRST_MS });
  const rows = events.toReversed().flatMap((event) => compiled.match(event) ?? []);
  const work = compiled.finish(rows);
  for (;;) {
    const { done, value } = work.next();
    if (done === true)
      return value.map((row) => Object.fromEntries(row.map((each) => [each.field, each.value])));
  }
}
