import { connectionKey, type AuditRecord } from '../audit/audit-record';
import type { Connection, LogSource, Window } from '../audit/log-source';
import { valueOf } from '../errors';
import { epochMicros, formatInstant } from '../time';
import type { Candidate } from './candidates';
import {
  FURTHER,
  furtherBack,
  furthestBack,
  LEAD_MICROS,
  type ResolveOptions,
  type ResolveTools,
} from './resolve-tools';

const HOUR_MICROS = 3_600_000_000;
/** What is undecided after so long is asked about to the end of the logs. */
const FURTHEST_AFTER_MICROS = 8 * HOUR_MICROS;

export interface ConnectionRecords {
  readonly records: readonly AuditRecord[];
  readonly since: Window['since'];
  /** Connections whose begin the logs do not show. */
  readonly withoutBegin: readonly Connection[];
}

/**
 * Everything of the candidates' connections that may decide what became of them: back to their
 * begin, since autocommit may have been switched off long before, and on until all is decided. Where
 * a query costs by the width of its window, in steps around the candidates; files are read once.
 */
export async function fetchConnectionRecords(
  source: LogSource,
  found: readonly Candidate[],
  { window, lookBackMicros }: Pick<ResolveOptions, 'window' | 'lookBackMicros'>,
  tools: ResolveTools,
  isDecided: ((records: readonly AuditRecord[]) => boolean) | null,
): Promise<ConnectionRecords> {
  const connections = connectionsOf(found.map(({ record }) => record));
  tools.tell(`following ${connections.length} connection(s) to the end of their transactions`);
  const records: AuditRecord[] = [];
  const fetch = async (of: readonly Connection[], within: Window): Promise<void> => {
    const selection = { kind: 'connections', window: within, connections: of } as const;
    valueOf(await source.fetchRecords(selection, (record) => void records.push(record)));
  };
  const times = found.map(({ record }) => record.executedAt);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  let { since } = window;
  if (isDecided !== null && since !== null) since = epochMicros(Math.max(since, first - LEAD_MICROS));
  let until: Window['until'] = isDecided === null ? null : epochMicros(last + LEAD_MICROS);
  await fetch(connections, { since, until });

  for (const earlier of furtherBack(since, furthestBack({ window, lookBackMicros }))) {
    const missing = connections.filter((connection) => !showsBegin(connection, found, records));
    if (missing.length === 0) break;
    const of = `the begin of ${missing.length} connection(s)`;
    tools.tell(`looking back to ${formatInstant(earlier.since)} for ${of}`);
    await fetch(missing, earlier);
    ({ since } = earlier);
  }
  for (let step = LEAD_MICROS * FURTHER; until !== null && isDecided?.(records) === false; step *= FURTHER) {
    const from = epochMicros(until + 1);
    until = step > FURTHEST_AFTER_MICROS ? null : epochMicros(until + step);
    tools.tell(`looking on ${until === null ? 'to the end of the logs' : `to ${formatInstant(until)}`}`);
    await fetch(connections, { since: from, until });
  }
  const withoutBegin = connections.filter((connection) => !showsBegin(connection, found, records));
  return { records, since, withoutBegin };
}

/** The connections of these records, each once. */
export function connectionsOf(records: readonly AuditRecord[]): Connection[] {
  const connections = new Map(
    records.map((record) => [
      connectionKey(record),
      { serverHost: record.serverHost, connectionId: record.connectionId },
    ]),
  );
  return [...connections.values()];
}

/** Whether the connection's begin comes before each of its candidates. */
function showsBegin(
  connection: Connection,
  candidates: readonly Candidate[],
  records: readonly AuditRecord[],
): boolean {
  const key = connectionKey(connection);
  const begins = records.filter((record) => record.event === 'connect' && connectionKey(record) === key);
  return candidates
    .filter(({ record }) => connectionKey(record) === key)
    .every(({ record }) => begins.some(({ executedAt }) => executedAt <= record.executedAt));
}
