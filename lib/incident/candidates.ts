import type { Statement, StatementKind } from '../artefacts';
import type { AuditRecord } from '../audit/audit-record';
import { formatInstant } from '../time';
import { qualified } from './lost-writes';
import { maskLiterals } from './privacy';
import type { SqlFlavour } from './sql-tokens';
import { analyseSql, type StatementFacts } from './statements';
import type { Fate, Write } from './transactions';

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
  /** Whether the log cut its text, so that its end is unknown. */
  readonly cut: boolean;
}

/** A candidate and what became of it. */
export interface FollowedCandidate extends Candidate {
  readonly write: Write;
  readonly fate: Fate;
}

/** Lengths at which audit plugins cut a statement without a mark: the defaults of server_audit_query_log_limit. */
const LOG_LIMITS = [1024, 65535, 65536];

/** The statements of one record that may be the incident. */
export function candidatesIn(
  record: AuditRecord,
  flavour: SqlFlavour,
  filter: CandidateFilter,
  queryLogLimit: number | null,
): Candidate[] {
  if (record.event !== 'statement' || !isMeantBy(record, filter)) return [];
  const cut = isCut(record.object, queryLogLimit);
  return analyseSql(record.object, flavour)
    .map((facts) => ({ record, facts, cut: cut || facts.unfinished }))
    .filter((candidate) => isDestructive(candidate, filter) && touches(candidate, filter.table));
}

function isMeantBy(record: AuditRecord, { user, match, connectionId, queryId }: CandidateFilter): boolean {
  if (user !== null && record.user !== user) return false;
  if (connectionId !== null && record.connectionId !== connectionId) return false;
  if (queryId !== null && record.queryId !== queryId) return false;
  return match === null || match.test(record.object);
}

function isDestructive({ facts, cut }: Candidate, filter: CandidateFilter): boolean {
  if (!facts.understood) return filter.kind === 'any';
  if (facts.control !== null) return false;
  const named = filter.match !== null || filter.queryId !== null;
  if (facts.kind !== 'other') return filter.kind === 'any' || filter.kind === facts.kind;
  // a cut DELETE whose WHERE is there may still go on with OR 1=1, but that is not worth a refusal
  return named && filter.kind === 'any' && (facts.writes || cut);
}

function touches({ facts, record }: Candidate, table: string | null): boolean {
  if (table === null) return true;
  const wanted = table.toLowerCase();
  return facts.tables.some((each) => {
    const full = qualified(each, record.database).toLowerCase();
    return full === wanted || full.endsWith(`.${wanted}`) || each.toLowerCase() === wanted;
  });
}

function isCut(sql: string, queryLogLimit: number | null): boolean {
  const length = Buffer.byteLength(sql);
  return (queryLogLimit === null ? LOG_LIMITS : [queryLogLimit]).includes(length);
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
    tables: facts.tables.map((table) => qualified(table, record.database)),
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
    case 'open':
      return 'no end of its transaction in the logs';
    case 'not-logged':
      return 'transactions are not logged';
    case 'mode-unknown':
      return 'ROLLBACK followed, autocommit unknown';
  }
}
