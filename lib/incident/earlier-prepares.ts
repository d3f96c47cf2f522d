import { connectionKey, type AuditRecord } from '../audit/audit-record';
import type { LogSource, Window } from '../audit/log-source';
import { valueOf } from '../errors';
import { epochMicros, formatInstant } from '../time';
import type { CandidateFinder } from './candidate-finder';
import { connectionsOf } from './connection-records';
import { furtherBack, furthestBack, type ResolveOptions, type ResolveTools } from './resolve-tools';

/**
 * Looks for what the EXECUTEs run whose PREPARE the finder has not seen: in the window, of which only
 * some statements may have been asked for, then back to the begin of their connections, in steps.
 */
export async function fetchEarlierPrepares(
  source: LogSource,
  finder: CandidateFinder,
  { window, lookBackMicros }: Pick<ResolveOptions, 'window' | 'lookBackMicros'>,
  tools: ResolveTools,
): Promise<void> {
  const begins: AuditRecord[] = [];
  const missing = (): AuditRecord[] =>
    finder.unprepared().filter((record) => !begins.some((begin) => isBefore(begin, record)));
  const fetch = async (of: readonly AuditRecord[], within: Window): Promise<void> => {
    const selection = { kind: 'connections', window: within, connections: connectionsOf(of) } as const;
    valueOf(
      await source.fetchRecords(selection, (record) => {
        if (record.event === 'connect') begins.push(record);
        finder.takeEarlier(record);
      }),
    );
  };
  const first = missing();
  if (first.length === 0) return;
  const last = epochMicros(Math.max(...first.map(({ executedAt }) => executedAt)));
  tools.tell(`looking for what ${first.length} EXECUTE(s) run`);
  await fetch(first, { since: window.since, until: last });
  for (const earlier of furtherBack(window.since, furthestBack({ window, lookBackMicros }))) {
    const of = missing();
    if (of.length === 0) return;
    tools.tell(`looking back to ${formatInstant(earlier.since)} for what ${of.length} EXECUTE(s) run`);
    await fetch(of, earlier);
  }
}

function isBefore(begin: AuditRecord, record: AuditRecord): boolean {
  return connectionKey(begin) === connectionKey(record) && begin.executedAt <= record.executedAt;
}
