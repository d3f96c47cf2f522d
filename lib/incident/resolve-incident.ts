import type { Incident } from '../artefacts';
import { inOrder, connectionKey, type AuditRecord } from '../audit/audit-record';
import { showsTransactionControl } from '../audit/delivery';
import type {
  Connection,
  Delivery,
  LogSource,
  Scanned,
  Selection,
  SourceRefusal,
  Window,
} from '../audit/log-source';
import { accept, refuse, RefusalError, valueOf, type Outcome } from '../errors';
import { epochMicros, formatInstant, formatWholeSecond, wholeSecondBefore, type EpochMicros } from '../time';
import {
  candidatesIn,
  toStatement,
  type Candidate,
  type CandidateFilter,
  type FollowedCandidate,
} from './candidates';
import { chooseIncident, type Chosen, type Pick as Picked } from './choose-incident';
import { effectOf, endOf, type Effect } from './effect';
import { LostWritesCounter, type LostWrites } from './lost-writes';
import type { ResolveRefusal } from './refusals';
import type { SqlFlavour } from './sql-tokens';
import { analyseSql } from './statements';
import { TransactionFollower, type Fate, type Write } from './transactions';

export interface ResolveOptions {
  readonly cluster: string;
  readonly window: Window;
  readonly filter: CandidateFilter;
  readonly pick: Picked | null;
  readonly marginMicros: number;
  readonly queryLogLimit: number | null;
  readonly showLiterals: boolean;
  /** How far before the window to look for the begin of the incident's connection. */
  readonly lookBackMicros: number;
  /** Whether to wait for records that may still be arriving. */
  readonly wait: boolean;
}

/** What a resolution needs from the world besides the logs. */
export interface ResolveTools {
  readonly tell: (progress: string) => void;
  /** Waits before the logs are asked again. */
  readonly pause: () => Promise<void>;
  /** Called with each lost write in the order of commits; their text is as logged. */
  readonly exportWrite?: (write: Write, committedAt: EpochMicros) => void;
}

type Resolved = Omit<Incident, 'schemaVersion' | 'madeAt'>;
interface Gathered {
  delivery: Delivery;
  scanned: Scanned;
  candidates: FollowedCandidate[];
  next: NextRecord;
  warnings: string[];
}
type NextRecord = (record: AuditRecord) => AuditRecord | null;

/** Transactions that began before the restore point and committed after it are followed from so long before. */
const LEAD_MICROS = 15 * 60 * 1_000_000;

/**
 * Finds the damaging statement, follows its connection to the instant of effect, and decides the
 * restore point; or says why the logs do not prove one. Asks the source again while records may
 * still be arriving.
 */
export async function resolveIncident(
  source: LogSource,
  options: ResolveOptions,
  tools: ResolveTools,
): Promise<Outcome<Resolved, ResolveRefusal>> {
  try {
    return await resolve(source, options, tools);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return refuse({ ...(error.refusal as SourceRefusal), candidates: [] });
  }
}

async function resolve(
  source: LogSource,
  options: ResolveOptions,
  tools: ResolveTools,
): Promise<Outcome<Resolved, ResolveRefusal>> {
  const gathered = await gatherComplete(source, options, tools);
  const completeUntil = completeUntilOf(gathered) ?? epochMicros(0);
  const flavour = flavourOf(source);
  const chosen = chooseIncident(gathered.candidates, options.pick, flavour, options.showLiterals);
  if (!chosen.ok) return chosen;
  const { marginMicros } = options;
  const effects = chosen.value.map((each) => ({
    ...each,
    effect: effectOf(each.write, each.fate, { marginMicros, next: gathered.next, completeUntil }),
  }));
  const [incident] = effects.toSorted((a, b) => a.effect.earliestAt - b.effect.earliestAt);
  if (incident === undefined) throw new Error('an incident without a statement was chosen');
  const restoreTo = wholeSecondBefore(incident.effect.earliestAt);
  const damage = new Set(chosen.value.map(({ record }) => identityOf(record)));
  const lostWrites = await countLostWrites(source, options, tools, {
    restoreTo,
    effect: incident.effect,
    damage,
  });
  return accept({
    cluster: options.cluster,
    dialect: source.dialect,
    statement: toStatement(incident, flavour, options.showLiterals),
    transaction: transactionOf(incident),
    effect: {
      earliestAt: formatInstant(incident.effect.earliestAt),
      latestAt: formatInstant(incident.effect.latestAt),
      basis: incident.effect.basis,
    },
    restoreTo: formatWholeSecond(restoreTo),
    recordTime: recordTimeOf(incident, incident.effect),
    lostWrites,
    candidates: gathered.candidates.map((each) => toStatement(each, flavour, options.showLiterals)),
    coverage: coverageOf(source, options, gathered),
  });
}

export function flavourOf({ dialect }: Pick<LogSource, 'dialect'>): SqlFlavour {
  return dialect === 'pgaudit' ? 'postgresql' : 'mysql';
}

/** Asks until every record up to the window's end has arrived, as far as the delivery's lag tells. */
async function gatherComplete(
  source: LogSource,
  options: ResolveOptions,
  tools: ResolveTools,
): Promise<Gathered> {
  for (;;) {
    const delivery = valueOf(await source.fetchDelivery());
    const { completeUntil, newestAt, growing } = delivery;
    const until = options.window.until;
    if (!growing || !options.wait || until === null || (completeUntil !== null && completeUntil >= until)) {
      return gather(source, options, tools, delivery);
    }
    tools.tell(
      completeUntil === null
        ? 'no audit record has arrived yet'
        : `audit logs are complete up to ${formatInstant(completeUntil)} (newest record ${newestAt === null ? 'none' : formatInstant(newestAt)}); waiting for ${formatInstant(until)}`,
    );
    await tools.pause();
  }
}

async function gather(
  source: LogSource,
  { window, filter, queryLogLimit, lookBackMicros }: ResolveOptions,
  tools: ResolveTools,
  delivery: Delivery,
): Promise<Gathered> {
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
  if (found.length === 0) return { delivery, scanned, candidates: [], next: () => null, warnings };
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
    delivery,
    scanned,
    candidates: follow(inOrder(ordered), found, flavour, logsTransactionControl),
    next: nextRecordIn(ordered),
    warnings,
  };
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

function identityOf(record: AuditRecord): string {
  return JSON.stringify([record.executedAt, connectionKey(record), record.queryId, record.object]);
}

function nextRecordIn(records: readonly AuditRecord[]): NextRecord {
  return (record) => {
    const at = records.indexOf(record);
    const own = (each: AuditRecord): boolean =>
      connectionKey(each) === connectionKey(record) && each.queryId !== record.queryId;
    return at === -1 ? null : (records.slice(at + 1).find(own) ?? null);
  };
}

function transactionOf({ record, fate }: Chosen): Resolved['transaction'] {
  if (fate.kind === 'not-logged') return { kind: 'unknown', beganAt: null, committedAt: null };
  const committedAt = formatInstant(fate.at.executedAt);
  if (fate.by === 'autocommit') return { kind: 'autocommit', beganAt: null, committedAt };
  return { kind: 'explicit', beganAt: formatInstant((fate.began ?? record).executedAt), committedAt };
}

/** What trusting the log's own record time would have given. */
function recordTimeOf({ record, fate }: Chosen, effect: Effect): Resolved['recordTime'] {
  const visible = fate.kind === 'committed' ? fate.at : record;
  if (visible.recordedAt === null) return null;
  const restoreTo = wholeSecondBefore(visible.recordedAt);
  return {
    lagMs: (visible.recordedAt - visible.executedAt) / 1000,
    restoreTo: formatWholeSecond(restoreTo),
    includesDamage: restoreTo >= effect.latestAt,
  };
}

async function countLostWrites(
  source: LogSource,
  { window }: ResolveOptions,
  tools: ResolveTools,
  decided: { restoreTo: EpochMicros; effect: Effect; damage: ReadonlySet<string> },
): Promise<LostWrites> {
  const flavour = flavourOf(source);
  const counter = new LostWritesCounter(decided.restoreTo, decided.effect, (record) =>
    decided.damage.has(identityOf(record)),
  );
  const records: AuditRecord[] = [];
  tools.tell(`counting what was written after ${formatWholeSecond(decided.restoreTo)}`);
  const since = epochMicros(decided.restoreTo - LEAD_MICROS);
  valueOf(
    await source.fetchRecords({ kind: 'writes', window: { since, until: window.until } }, (record) =>
      records.push(record),
    ),
  );
  const follower = new TransactionFollower({
    flavour,
    logsTransactionControl: records.some(showsTransactionControl),
    settle: (writes: readonly Write[], fate: Fate) => {
      for (const write of counter.take(writes, fate)) {
        tools.exportWrite?.(write, fate.kind === 'committed' ? endOf(fate.at) : endOf(write.record));
      }
    },
  });
  for (const record of inOrder(records)) {
    follower.take(record, record.event === 'statement' ? analyseSql(record.object, flavour) : []);
  }
  follower.end();
  return counter.result();
}

/** Up to when the logs are known: what a delivery promises, or the end of the files. */
function completeUntilOf({ delivery, scanned }: Gathered): EpochMicros | null {
  return delivery.completeUntil ?? scanned.seen?.newestAt ?? null;
}

function coverageOf(source: LogSource, { window }: ResolveOptions, gathered: Gathered): Resolved['coverage'] {
  const { delivery, scanned } = gathered;
  const instant = (at: EpochMicros | null): string | null => (at === null ? null : formatInstant(at));
  return {
    source: source.name,
    since: instant(window.since),
    until: instant(window.until),
    completeUntil: instant(completeUntilOf(gathered)),
    records: scanned.records,
    unparsed: scanned.unparsed,
    serverHosts: [...new Set([...delivery.serverHosts, ...(scanned.seen?.serverHosts ?? [])])].sort(),
    warnings: gathered.warnings,
  };
}
