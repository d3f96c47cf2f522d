import {
  connectionKey,
  inOrder,
  isOfTimeThatCameTwice,
  isPreviouslyLogged,
  type AuditRecord,
} from '../audit/audit-record';
import { showsTransactionControl } from '../audit/delivery';
import type { LogSource, Scanned, Selection, Window } from '../audit/log-source';
import { valueOf } from '../errors';
import { epochMicros, formatInstant } from '../time';
import { CandidateFinder } from './candidate-finder';
import {
  doubtOf,
  isHarmless,
  isStillMeant,
  type Candidate,
  type CandidateFilter,
  type FollowedCandidate,
} from './candidates';
import { fetchConnectionRecords } from './connection-records';
import type { FirstTable } from './effect';
import { fetchEarlierPrepares } from './earlier-prepares';
import { PreparedStatements } from './prepared-statements';
import type { Fate } from './fate';
import { ordersOf, type OtherOrder } from './change-of-user-order';
import { withoutRepeats } from './previously-logged';
import { readAgain } from './read-again';
import { flavourOf, LEAD_MICROS, type ResolveOptions, type ResolveTools } from './resolve-tools';
import type { SqlFlavour } from './sql-tokens';
import { analyseSql, type StatementFacts } from './statements';
import { TemporaryTables } from './temporary-tables';
import { TransactionFollower } from './transactions';

export interface Followed {
  readonly candidates: readonly FollowedCandidate[];
  readonly scanned: Scanned;
  /** The record after this one on the same connection, of another statement; null where the logs have none. */
  readonly next: (record: AuditRecord) => AuditRecord | null;
  readonly firstTable: (record: AuditRecord) => FirstTable | null;
  readonly warnings: readonly string[];
  /** Whether BEGIN and COMMIT are in the logs at all. */
  readonly logsTransactionControl: boolean;
  /** CALLs in the window, each of which may run anything. */
  readonly calls: number;
  /** Destructive statements left out, since they hit nothing but temporary tables of their own session. */
  readonly temporary: number;
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
      ? { kind: 'destructive', window, of: filter }
      : {
          kind: 'matching',
          window,
          pattern: filter.match?.source ?? '',
          queryId: filter.queryId,
          of: filter,
        };
  tools.tell('looking for destructive statements');
  const finder = new CandidateFinder(flavour, filter, queryLogLimit);
  const scanned = valueOf(
    await source.fetchRecords(selection, (record) => {
      finder.take(record);
    }),
  );
  await fetchEarlierPrepares(source, finder, { window, lookBackMicros }, tools);
  const again = await readAgain(finder.candidates(), flavour);
  const warnings = [...again.warnings, ...((await source.fetchGaps?.(window)) ?? [])];
  const found = again.candidates.filter((candidate) => isStillMeant(candidate, filter));
  const strange = found.filter(({ facts, record }) => !facts.understood && !isPreviouslyLogged(record));
  if (strange.length > 0) warnings.push(`not understood, so it may have destroyed data: ${listOf(strange)}`);
  const unclear = found.filter((each) => doubtOf(each, filter) === 'unclear');
  if (unclear.length > 0) {
    warnings.push(`its WHERE may hold for every row, which its text does not tell: ${listOf(unclear)}`);
  }
  if (flavour === 'postgresql') {
    warnings.push(
      'pgaudit logs a DELETE inside a common table expression as READ,SELECT, and what a function or DO block runs only in part: a log without those classes does not show them',
    );
  }
  if (found.length === 0)
    return {
      ...{
        scanned,
        candidates: [],
        next: () => null,
        firstTable: () => null,
        warnings,
        logsTransactionControl: false,
      },
      calls: finder.calls,
      temporary: 0,
    };
  // what has looked at everything once reads files, where a narrow window saves nothing
  const isDecided =
    scanned.seen !== null
      ? null
      : (so: readonly AuditRecord[]): boolean =>
          isAllDecided(withoutRepeats(inOrder(so), window.since), found, filter, flavour);
  const gathered = await fetchConnectionRecords(source, found, { window, lookBackMicros }, tools, isDecided);
  const records = [...gathered.records];
  if (records.some(preparesTwoPhase)) {
    const ends: Selection = { kind: 'two-phase-ends', window: { since: gathered.since, until: null } };
    valueOf(await source.fetchRecords(ends, (record) => void records.push(record)));
  }
  const { records: ordered, others } = ordersOf(withoutRepeats(inOrder(records), window.since));
  for (const connection of gathered.withoutBegin) {
    warnings.push(
      `the logs do not show the begin of connection ${connection.connectionId}: autocommit is presumed on unless its COMMITs tell otherwise`,
    );
  }
  const logsTransactionControl =
    ordered.some(showsTransactionControl) || (await controlIsLogged(source, scanned, found, window));
  if (!logsTransactionControl) {
    warnings.push(
      `the logs hold no ${flavour === 'mysql' ? 'BEGIN, COMMIT or SET' : 'BEGIN or COMMIT'} of any connection: only data statements are audited, so transactions cannot be seen`,
    );
  }
  const followIn = (order: readonly AuditRecord[]): ReturnType<typeof follow> =>
    follow(order, found, filter, flavour, logsTransactionControl);
  const followed = followIn(ordered);
  if (followed.temporary > 0) {
    warnings.push(
      `left out: ${followed.temporary} destructive statement(s) that hit nothing but temporary tables of their own session`,
    );
  }
  const inThis = (order: readonly AuditRecord[]): FollowedCandidate[] => followIn(order).candidates;
  return {
    scanned,
    candidates: others.reduce((so, other) => agreed(so, other, inThis), followed.candidates),
    next: nextRecordIn(ordered),
    firstTable: firstTableIn(ordered),
    warnings,
    logsTransactionControl,
    calls: finder.calls,
    temporary: followed.temporary,
  };
}

function listOf(candidates: readonly Candidate[]): string {
  const first = candidates
    .slice(0, 3)
    .map(({ record }) => `query ${record.queryId ?? '?'} at ${formatInstant(record.executedAt)}`);
  return first.join(', ') + (candidates.length > 3 ? `, and ${candidates.length - 3} more` : '');
}

function preparesTwoPhase({ event, object }: AuditRecord): boolean {
  return event === 'statement' && /\b(?:xa\s+prepare|prepare\s+transaction)\b/i.test(object);
}

/** Whether transactions can be seen at all: where the source has not looked at everything, around the statements, then in all of the window. */
async function controlIsLogged(
  source: LogSource,
  scanned: Scanned,
  found: readonly Candidate[],
  window: Window,
): Promise<boolean> {
  if (scanned.seen !== null) return scanned.seen.showsTransactionControl;
  const times = found.map(({ record }) => record.executedAt);
  const around = {
    since: epochMicros(Math.min(...times) - LEAD_MICROS),
    until: epochMicros(Math.max(...times) + LEAD_MICROS),
  };
  for (const within of [around, window]) {
    const shown: AuditRecord[] = [];
    valueOf(
      await source.fetchRecords({ kind: 'control', window: within }, (record) => void shown.push(record)),
    );
    if (shown.length > 0) return true;
  }
  return false;
}

/** Whether nothing that is still to come can change what became of the candidates. */
function isAllDecided(
  records: readonly AuditRecord[],
  found: readonly Candidate[],
  filter: CandidateFilter,
  flavour: SqlFlavour,
): boolean {
  const next = nextRecordIn(records);
  const followed = follow(records, found, filter, flavour, true);
  return followed.candidates.every(({ fate }) => {
    if (fate.kind === 'open') return false;
    if (fate.kind !== 'committed') return true;
    // what is stamped at its start ends before the connection's next record
    return fate.proven && (fate.at.stamped === 'end' || next(fate.at) !== null);
  });
}

function follow(
  records: readonly AuditRecord[],
  candidates: readonly Candidate[],
  filter: CandidateFilter,
  flavour: SqlFlavour,
  logsTransactionControl: boolean,
): { readonly candidates: FollowedCandidate[]; readonly temporary: number } {
  const byPlace = new Map(candidates.map((each) => [placeOf(each.record, each.index), each]));
  const byFacts = new Map(candidates.map((each) => [each.facts, each]));
  const followed: FollowedCandidate[] = [];
  const follower = new TransactionFollower({
    flavour,
    logsTransactionControl,
    settle: (writes, fate) => {
      for (const write of writes) {
        const candidate = byFacts.get(write.facts);
        if (candidate === undefined) continue;
        followed.push({ ...candidate, record: write.record, write, fate, doubt: doubtOf(candidate, filter) });
      }
    },
  });
  const tables = new TemporaryTables(flavour);
  const temporary = new Set<StatementFacts>();
  // another user has none of them, and the second of the change may not tell its place
  const changed = new Set(records.filter(({ event }) => event === 'change-user').map(connectionKey));
  const prepared = new PreparedStatements();
  const withPrepared = (record: AuditRecord, statements: StatementFacts[]): StatementFacts[] => {
    if (flavour !== 'mysql') return statements;
    return statements.map((facts, index) => {
      const text = facts.verb === 'execute' ? prepared.textOf({ record, index }) : undefined;
      return (typeof text === 'string' ? analyseSql(text, flavour)[0] : undefined) ?? facts;
    });
  };
  const times = new Set(candidates.map(({ record }) => record.executedAt));
  const statementsOf = (record: AuditRecord): readonly StatementFacts[] => {
    const statements = withPrepared(record, analyseSql(record.object, flavour));
    if (!times.has(record.executedAt)) return statements;
    return statements.map((facts, i) => byPlace.get(placeOf(record, i))?.facts ?? facts);
  };
  for (const record of records) {
    if (flavour === 'mysql') prepared.take(record);
    const statements = record.event === 'statement' ? statementsOf(record) : [];
    for (const facts of statements) {
      if (!byFacts.has(facts) || changed.has(connectionKey(record))) continue;
      if (tables.hold(record, facts)) temporary.add(facts);
    }
    tables.take(record, statements);
    follower.take(record, statements);
  }
  follower.end();
  const never = new Map(records.flatMap((each) => (each.isOfNoTime ? [[connectionKey(each), each]] : [])));
  const twice = records.filter((record) => isOfTimeThatCameTwice(record));
  const lasting = followed
    .filter(({ facts }) => !temporary.has(facts))
    .map((each): FollowedCandidate => {
      const at = never.get(connectionKey(each.record));
      return at === undefined ? each : { ...each, fate: { kind: 'order-unknown', at } };
    })
    .map((each) => (twice.length === 0 ? each : withoutOrder(each, twice, flavour)))
    .toSorted((a, b) => a.record.executedAt - b.record.executedAt);
  return { candidates: lasting, temporary: temporary.size };
}

/** What became of a candidate is known only where it is the same in the other order. */
function agreed(
  candidates: readonly FollowedCandidate[],
  { change, records }: OtherOrder,
  inThis: (order: readonly AuditRecord[]) => readonly FollowedCandidate[],
): FollowedCandidate[] {
  const fates = new Map((records === null ? [] : inThis(records)).map((each) => [whichOf(each), each.fate]));
  return candidates.map((each): FollowedCandidate => {
    if (connectionKey(each.record) !== connectionKey(change)) return each;
    const other = fates.get(whichOf(each));
    if (other !== undefined && isSameFate(each.fate, other)) return each;
    return { ...each, fate: { kind: 'order-unknown', at: change } };
  });
}

function whichOf({ record, index }: FollowedCandidate): string {
  return placeOf(record, index);
}

function isSameFate(a: Fate, b: Fate): boolean {
  if (isHarmless(a) && isHarmless(b)) return true;
  const endOf = (fate: Fate): readonly unknown[] => [
    fate.kind,
    ...('at' in fate ? [fate.at] : []),
    ...(fate.kind === 'committed' ? [fate.by, fate.proven, fate.began] : []),
  ];
  const [ends, others] = [endOf(a), endOf(b)];
  return ends.every((each, i) => each === others[i]);
}

/** What stands alone needs no order; where its connection began or ended transactions in that hour, it does. */
function withoutOrder(
  followed: FollowedCandidate,
  twice: readonly AuditRecord[],
  flavour: SqlFlavour,
): FollowedCandidate {
  const at = twice.find(
    (record) =>
      record !== followed.record &&
      connectionKey(record) === connectionKey(followed.record) &&
      record.event === 'statement' &&
      analyseSql(record.object, flavour).some(
        ({ control, commitsBefore }) => control !== null || commitsBefore,
      ),
  );
  return at === undefined ? followed : { ...followed, fate: { kind: 'order-unknown', at } };
}

function placeOf(record: AuditRecord, index: number): string {
  return `${identityOf(record)} ${index}`;
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

function firstTableIn(records: readonly AuditRecord[]): (record: AuditRecord) => FirstTable | null {
  return (record) => {
    const own = records.filter((each) => connectionKey(each) === connectionKey(record));
    const at = own.findIndex(({ event, queryId }) => event === 'table' && queryId === record.queryId);
    const first = own[at];
    return first === undefined ? null : { record: first, previous: own[at - 1] ?? null };
  };
}
