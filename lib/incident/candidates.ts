import type { Statement, StatementKind } from '../artefacts/incident';
import type { AuditRecord } from '../audit/audit-record';
import { formatInstant } from '../time';
import { qualified, tablesOf } from './lost-writes';
import { maskLiterals } from './privacy';
import type { SqlFlavour } from './sql-tokens';
import type { StatementFacts } from './statements';
import type { Fate, Write } from './fate';

/** Which statements a person means. */
export interface CandidateFilter {
  readonly kind: Exclude<StatementKind, 'other'> | 'any';
  readonly table: string | null;
  readonly user: string | null;
  /** Matches the statement's text as logged; with it, any writing statement counts. */
  readonly match: RegExp | null;
  readonly connectionId: string | null;
  readonly queryId: string | null;
}

/** A statement that may be the incident. */
export interface Candidate {
  readonly record: AuditRecord;
  readonly facts: StatementFacts;
  /** Position in its packet. */
  readonly index: number;
  /** What an EXECUTE runs; null where the record holds the statement itself. */
  readonly text: string | null;
  /** Why it is not known what an EXECUTE runs; null where it is. */
  readonly prepared: 'of-a-variable' | 'not-in-the-logs' | null;
  /** Whether the log cut its text, so that its end is unknown. */
  readonly cut: boolean;
}

/** A candidate and what became of it. */
export interface FollowedCandidate extends Candidate {
  readonly write: Write;
  readonly fate: Fate;
  /** Why it may not be one after all; null where the logs show that it destroys, or a person named it. */
  readonly doubt: 'unparsed' | 'unclear' | null;
}

/** Lengths at which audit plugins cut a statement without a mark: the defaults of server_audit_query_log_limit. */
const LOG_LIMITS = [1024, 65535, 65536];

/** Whether a person means statements of this record; `text` is what its `match` is compared with. */
export function isMeantBy(
  record: AuditRecord,
  { user, match, connectionId, queryId }: CandidateFilter,
  text: string,
): boolean {
  if (user !== null && record.user !== user) return false;
  if (connectionId !== null && record.connectionId !== connectionId) return false;
  if (queryId !== null && record.queryId !== queryId) return false;
  return match === null || match.test(text);
}

/** Null where its keywords show that it is none. */
export function toCandidate(
  statement: Omit<Candidate, 'cut'>,
  filter: CandidateFilter,
  queryLogLimit: number | null,
  flavour: SqlFlavour,
): Candidate | null {
  const cut = isCut(statement.record.object, queryLogLimit) || statement.facts.unfinished;
  const candidate: Candidate = { ...statement, cut };
  return isDestructive(candidate, filter) || mayHide(candidate, flavour) ? candidate : null;
}

/** Keywords do not look into a common table expression, a block or what a COPY or CREATE runs, which may only mention such a word. */
function mayHide({ facts, record }: Candidate, flavour: SqlFlavour): boolean {
  return (
    MAY_HIDE[flavour].includes(facts.verb) && /\b(?:delete|update|merge|truncate|drop)\b/i.test(record.object)
  );
}

/** MySQL's DO only evaluates. */
const MAY_HIDE: Readonly<Record<SqlFlavour, readonly string[]>> = {
  mysql: ['with'],
  postgresql: ['with', 'do', 'copy', 'create'],
};

/** Whether a candidate, read again, is still one, of the table that is meant. */
export function isStillMeant(candidate: Candidate, filter: CandidateFilter): boolean {
  return isDestructive(candidate, filter) && touches(candidate, filter.table);
}

/** Whether a person named the statement itself, whatever its kind. */
function isNamed({ match, queryId }: CandidateFilter): boolean {
  return match !== null || queryId !== null;
}

function isDestructive({ facts, cut }: Candidate, filter: CandidateFilter): boolean {
  // never taken as harmless, whatever a person looks for
  if (!facts.understood) return true;
  if (facts.control !== null) return false;
  if (facts.kind !== 'other') return filter.kind === 'any' || filter.kind === facts.kind;
  // a cut DELETE whose WHERE is there may still go on with OR 1=1, but that is not worth a refusal
  return isNamed(filter) && filter.kind === 'any' && (facts.writes || cut);
}

/** Why a candidate may be none after all. */
export function doubtOf({ facts }: Candidate, filter: CandidateFilter): FollowedCandidate['doubt'] {
  if (!facts.understood) return 'unparsed';
  return facts.unclear && !isNamed(filter) ? 'unclear' : null;
}

function touches({ facts, record }: Candidate, table: string | null): boolean {
  // what is not named may be the one that is meant
  if (table === null || facts.tables.length === 0) return true;
  const wanted = table.toLowerCase();
  // with a database all of its tables go
  if (facts.dropsDatabase) {
    return !wanted.includes('.') || facts.tables.some((each) => wanted.startsWith(`${each.toLowerCase()}.`));
  }
  return facts.tables.some((each) => {
    const full = qualified(each, record.database).toLowerCase();
    return full === wanted || full.endsWith(`.${wanted}`) || each.toLowerCase() === wanted;
  });
}

function isCut(sql: string, queryLogLimit: number | null): boolean {
  const most = Buffer.byteLength(sql);
  // a byte that is no UTF-8, such as the half of a character that was cut, became a character of three
  const least = most - 2 * (sql.split('\ufffd').length - 1);
  const limits = queryLogLimit === null ? LOG_LIMITS : [queryLogLimit];
  return limits.some((limit) => least <= limit && limit <= most);
}

/** The statement as artefacts and people get it. */
export function toStatement(
  { record, facts }: Pick<Candidate, 'record' | 'facts'>,
  flavour: SqlFlavour,
  showLiterals: boolean,
): Statement {
  return {
    executedAt: formatInstant(record.executedAt),
    recordedAt: record.recordedAt === null ? null : formatInstant(record.recordedAt),
    connectionId: record.connectionId,
    queryId: record.queryId,
    serverHost: record.serverHost,
    user: record.user,
    host: record.host,
    database: record.database,
    sql: showLiterals ? record.object : maskLiterals(record.object, flavour),
    kind: facts.kind,
    tables: [...tablesOf(facts, record.database, flavour)],
  };
}

/** Whether the logs prove that it changed nothing. */
export function isHarmless(fate: Fate): boolean {
  return fate.kind === 'failed' || fate.kind === 'rolled-back';
}

/** What became of a statement, for a table that a person chooses from. */
export function describeFate(fate: Fate): string {
  switch (fate.kind) {
    case 'committed':
      return fate.by === 'autocommit'
        ? 'committed by itself'
        : `committed at ${formatInstant(fate.at.executedAt)}`;
    case 'rolled-back':
      return `rolled back (${fate.by})`;
    case 'failed':
      return 'failed';
    case 'failed-midway':
      return 'failed, perhaps after it had destroyed';
    case 'open':
      return 'no end of its transaction in the logs';
    case 'not-logged':
      return 'transactions are not logged';
    case 'perhaps-failed':
      return 'committed or failed: the log does not tell';
    case 'perhaps-committed':
    case 'perhaps-rolled-back':
      return 'committed or rolled back: the log does not tell';
    case 'order-unknown':
      if (fate.at.event === 'change-user') return 'before or after a change of user: the log does not tell';
      return fate.at.isOfNoTime ? "in a zone that is not the log's" : 'in an hour that came twice';
    case 'mode-unknown':
      return 'undone or not: autocommit unknown';
  }
}
