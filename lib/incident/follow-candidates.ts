import { connectionKey, inOrder, type AuditRecord } from '../audit/audit-record';
import { showsTransactionControl } from '../audit/delivery';
import type { Connection, LogSource, Scanned, Selection, Window } from '../audit/log-source';
import { valueOf } from '../errors';
import { epochMicros, formatInstant } from '../time';
import { candidatesIn, type Candidate, type FollowedCandidate } from './candidates';
import { flavourOf, LEAD_MICROS, type ResolveOptions, type ResolveTools } from './resolve-tools';
import type { SqlFlavour } from './sql-tokens';
import { analyseSql } from './statements';
import { TransactionFollower } from './transactions';

export interface Followed {
  readonly candidates: readonly FollowedCandidate[];
  readonly scanned: Scanned;
  /** The record after this one on the same connection, of another statement; null where the logs have none. */
  readonly next: (record: AuditRecord) => AuditRecord | null;
  readonly warnings: readonly string[];
  /** Whether BEGIN and COMMIT are in the logs at all. */
  readonly logsTransactionControl: boolean;
}

/** Finds the candidates and follows their connections through all that the logs hold of them. */
export async function followCandidates(
  source: LogSource,
  { window, filter, queryLogLimit, lookBackMicros }: ResolveOptions,
  tools: ResolveTools,
): Promise<Followed> {
  const flavour = flavourOf(source);
  const selection: Selection =
    filter.match === null && filter.queryId === null
      ? { kind: 'destructive', window }
      : { kind: 'matching', window, pattern: filter.match?.source ?? '', queryId: filter.queryId };
  tools.tell('looking for destructive statements');
  const found: Candidate[] = [];
  const scanned = valueOf(
    await source.fetchRecords(selection, (record) => {
      for (const candidate of candidatesIn(record, flavour, filter, queryLogLimit)) found.push(candidate);
    }),
  );
  const warnings: string[] = [];
  const strange = found.filter(({ facts }) => !facts.understood);
  if (strange.length > 0) {
    const first = strange[0]?.record;
    warnings.push(
      `${strange.length} statements are not understood and may have destroyed data, the first at ${first === undefined ? '?' : formatInstant(first.executedAt)} (query ${first?.queryId ?? '?'})`,
    );
  }
  if (flavour === 'postgresql') {
    warnings.push(
      'pgaudit logs a DELETE inside a common table expression as READ,SELECT, and what a function or DO block runs only in part: a log without those classes does not show them',
    );
  }
  if (found.length === 0)
    return { scanned, candidates: [], next: () => null, warnings, logsTransactionControl: false };
  const connections = connectionsOf(found);
  tools.tell(`following ${connections.length} connection(s) to the end of their transactions`);
  let since = window.since;
  let records = await connectionRecords(source, connections, { since, until: null });
  const furthest = since === null ? null : epochMicros(since - lookBackMicros);
  // autocommit may have been switched off long before: look back to the connection's CONNECT, further each time
  for (let step = 3_600_000_000; since !== null && furthest !== null && since > furthest; step *= 4) {
    const missing = connections.filter((connection) => !showsBegin(connection, found, records));
    if (missing.length === 0) break;
    const earlier = epochMicros(Math.max(since - step, furthest));
    tools.tell(`looking back to ${formatInstant(earlier)} for the begin of ${missing.length} connection(s)`);
    records = [
      ...(await connectionRecords(source, missing, { since: earlier, until: epochMicros(since - 1) })),
      ...records,
    ];
    since = earlier;
  }
  if (records.some(preparesTwoPhase)) {
    valueOf(
      await source.fetchRecords({ kind: 'two-phase-ends', window: { since, until: null } }, (record) => {
        records.push(record);
      }),
    );
  }
  const ordered = inOrder(records);
  for (const connection of connections.filter((each) => !showsBegin(each, found, ordered))) {
    warnings.push(
      `the logs do not show the begin of connection ${connection.connectionId}: autocommit is presumed on unless its COMMITs tell otherwise`,
    );
  }
  const logsTransactionControl =
    ordered.some(showsTransactionControl) || (await controlIsLogged(source, scanned, found));
  if (!logsTransactionControl) {
    warnings.push(
      'the logs hold no BEGIN, COMMIT or SET of any connection: only data statements are audited, so transactions cannot be seen',
    );
  }
  return {
    scanned,
    candidates: follow(inOrder(ordered), found, flavour, logsTransactionControl),
    next: nextRecordIn(ordered),
    warnings,
    logsTransactionControl,
  };
}

function preparesTwoPhase({ event, object }: AuditRecord): boolean {
  return event === 'statement' && /\b(?:xa\s+prepare|prepare\s+transaction)\b/i.test(object);
}

/** Whether transactions can be seen at all: where the source has not looked at everything, around the statements. */
async function controlIsLogged(
  source: LogSource,
  scanned: Scanned,
  found: readonly Candidate[],
): Promise<boolean> {
  if (scanned.seen !== null) return scanned.seen.showsTransactionControl;
  const times = found.map(({ record }) => record.executedAt);
  const window = {
    since: epochMicros(Math.min(...times) - LEAD_MICROS),
    until: epochMicros(Math.max(...times) + LEAD_MICROS),
  };
  let shown = false;
  valueOf(
    await source.fetchRecords({ kind: 'control', window }, () => {
      shown = true;
    }),
  );
  return shown;
}

async function connectionRecords(
  source: LogSource,
  connections: readonly Connection[],
  window: Window,
): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  valueOf(
    await source.fetchRecords({ kind: 'connections', window, connections }, (record) => records.push(record)),
  );
  return records;
}

function connectionsOf(candidates: readonly Candidate[]): Connection[] {
  const connections = new Map(
    candidates.map(({ record }) => [
      connectionKey(record),
      { serverHost: record.serverHost, connectionId: record.connectionId },
    ]),
  );
  return [...connections.values()];
}

/** Whether the connection's begin, or a BEGIN that makes it irrelevant, comes before each of its candidates. */
function showsBegin(
  connection: Connection,
  candidates: readonly Candidate[],
  records: readonly AuditRecord[],
): boolean {
  const own = records.filter((record) => connectionKey(record) === connectionKey(connection));
  return candidates
    .filter(({ record }) => connectionKey(record) === connectionKey(connection))
    .every(({ record }) =>
      own.some((each) => each.event === 'connect' && each.executedAt <= record.executedAt),
    );
}

function follow(
  records: readonly AuditRecord[],
  candidates: readonly Candidate[],
  flavour: SqlFlavour,
  logsTransactionControl: boolean,
): FollowedCandidate[] {
  const cuts = new Map(
    candidates.map(({ record, facts, cut }) => [`${identityOf(record)} ${textOf(facts)}`, cut]),
  );
  const followed: FollowedCandidate[] = [];
  const follower = new TransactionFollower({
    flavour,
    logsTransactionControl,
    settle: (writes, fate) => {
      for (const write of writes) {
        const cut = cuts.get(`${identityOf(write.record)} ${textOf(write.facts)}`);
        if (cut !== undefined) followed.push({ record: write.record, facts: write.facts, cut, write, fate });
      }
    },
  });
  for (const record of records) {
    follower.take(record, record.event === 'statement' ? analyseSql(record.object, flavour) : []);
  }
  follower.end();
  return followed.toSorted((a, b) => a.record.executedAt - b.record.executedAt);
}

function textOf(facts: { verb: string; kind: string; tables: readonly string[] }): string {
  return JSON.stringify([facts.verb, facts.kind, facts.tables]);
}

export function identityOf(record: AuditRecord): string {
  return JSON.stringify([record.executedAt, connectionKey(record), record.queryId, record.object]);
}

function nextRecordIn(records: readonly AuditRecord[]): (record: AuditRecord) => AuditRecord | null {
  return (record) => {
    const at = records.indexOf(record);
    const own = (each: AuditRecord): boolean =>
      connectionKey(each) === connectionKey(record) && each.queryId !== record.queryId;
    return at === -1 ? null : (records.slice(at + 1).find(own) ?? null);
  };
}
