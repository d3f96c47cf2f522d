import { isPreviouslyLogged } from '../audit/audit-record';
import { accept, refuse, type Outcome } from '../errors';
import { formatInstant } from '../time';
import { describeFate, isHarmless, toStatement, type FollowedCandidate } from './candidates';
import type { RefusedCandidate, ResolveReason, ResolveRefusal } from './refusals';
import type { SqlFlavour } from './sql-tokens';
import type { Fate } from './fate';

/** Numbers of the table of candidates, from 1; `all` for every one that is not proven harmless. */
export type Pick = 'all' | readonly number[];

/** A statement of the incident whose effect the logs bound. */
export interface Chosen extends FollowedCandidate {
  readonly fate: Extract<Fate, { kind: 'committed' | 'not-logged' }>;
}

const HIDDEN_FROM_PGAUDIT =
  '; pgaudit logs a DELETE inside a SELECT (WITH … DELETE) as reading: where its class read is not logged, the log does not show one';

/** Decides which candidates are the incident: the only one, or those that a person picked; otherwise why none. */
export function chooseIncident(
  candidates: readonly FollowedCandidate[],
  pick: Pick | null,
  flavour: SqlFlavour,
  showLiterals: boolean,
): Outcome<readonly Chosen[], ResolveRefusal> {
  const shown: RefusedCandidate[] = candidates.map((candidate, i) => ({
    ...toStatement(candidate, flavour, showLiterals),
    number: i + 1,
    fate: describeFate(candidate.fate),
  }));
  const no = (reason: ResolveReason, message: string, hint: string): Outcome<never, ResolveRefusal> =>
    refuse({ reason, message, hint, candidates: shown });

  if (candidates.length === 0) {
    return no(
      'nothing-found',
      'no destructive statement matches in the logs of this window',
      `widen --since or the filters; name any other statement by --match or --query-id${flavour === 'postgresql' ? HIDDEN_FROM_PGAUDIT : ''}`,
    );
  }
  const meant = pick === null ? lively(candidates) : picked(candidates, pick);
  if (meant === null || meant.length === 0) {
    return no(
      'no-such-pick',
      `--pick names no candidate: there are ${candidates.length}`,
      'pick a number of the table',
    );
  }
  if (pick === null && meant.length > 1) {
    return no(
      'ambiguous',
      `${meant.length} destructive statements match: ${times(meant)}`,
      'name the one that is meant by --pick N, several of one session or user by --pick 1,2 or --pick all, or narrow by --table, --user, --since',
    );
  }
  if (!isOneActor(meant)) {
    return no(
      'several-sessions',
      'the picked statements are of several sessions and users',
      'pick statements of one session or one user',
    );
  }
  const chosen: Chosen[] = [];
  for (const candidate of meant) {
    const objection = objectionTo(candidate, pick !== null);
    if (objection !== null) return no(...objection);
    const fate = 'otherwise' in candidate.fate ? candidate.fate.otherwise : candidate.fate;
    if (fate.kind === 'committed' || fate.kind === 'not-logged') chosen.push({ ...candidate, fate });
  }
  return accept(chosen);
}

/** Candidates that may have changed something, those that are certain first; all of them where none may. */
function lively(candidates: readonly FollowedCandidate[]): readonly FollowedCandidate[] {
  const alive = candidates.filter(({ fate }) => !isHarmless(fate));
  const clear = alive.filter(({ doubt }) => doubt === null);
  if (clear.length > 0) return clear;
  return alive.length > 0 ? alive : candidates.slice(-1);
}

function picked(candidates: readonly FollowedCandidate[], pick: Pick): readonly FollowedCandidate[] | null {
  if (pick === 'all') return lively(candidates);
  const meant = pick.map((number) => candidates[number - 1]);
  return meant.every((each) => each !== undefined) ? meant : null;
}

function isOneActor(candidates: readonly FollowedCandidate[]): boolean {
  const sessions = new Set(
    candidates.map(({ record }) => JSON.stringify([record.serverHost, record.connectionId])),
  );
  const users = new Set(candidates.map(({ record }) => record.user));
  return sessions.size === 1 || users.size === 1;
}

/** Why the logs do not prove an answer for this statement; null where they do. */
function objectionTo(
  { record, facts, cut, fate, doubt, prepared }: FollowedCandidate,
  isPicked: boolean,
): [ResolveReason, string, string] | null {
  if (isPicked && 'otherwise' in fate) return null;
  const name = `query ${record.queryId ?? '?'} of connection ${record.connectionId}`;
  if (!isPicked && doubt === 'unclear') {
    return [
      'unclear-condition',
      `whether the WHERE of ${name} holds for every row cannot be seen from its text`,
      'if it is the incident, say --pick with its number; read it with --show-literals',
    ];
  }
  if (!isPicked && prepared !== null && !isHarmless(fate)) {
    return [
      'unparsed-statement',
      prepared === 'of-a-variable'
        ? `${name} executes the text of a variable, which the log does not hold: it may have destroyed data`
        : `${name} executes what was prepared before the logs that were looked at: it may have destroyed data`,
      prepared === 'of-a-variable'
        ? 'look at the data; if it is the incident, say --pick with its number'
        : 'find its PREPARE with a longer --look-back, or with older log files; if it is the incident, say --pick with its number',
    ];
  }
  if (!isPicked && isPreviouslyLogged(record)) {
    return [
      'unparsed-statement',
      `${name} stands in the logs only as <previously logged>: its text was logged before what was looked at, so it may have destroyed data`,
      'resolve with an earlier --since, or with older log files; if it is the incident, say --pick with its number',
    ];
  }
  if (!isPicked && doubt === 'unparsed') {
    return [
      'unparsed-statement',
      `${name} is not understood, so it may have destroyed data`,
      'read it with --show-literals; if it is the incident, say --pick with its number',
    ];
  }
  if (!isPicked && cut && facts.kind !== 'drop' && facts.kind !== 'truncate') {
    return [
      'truncated-statement',
      `the log cut the text of ${name}: whether a WHERE follows cannot be seen`,
      'if it is the incident all the same, say --pick with its number; raise server_audit_query_log_limit',
    ];
  }
  switch (fate.kind) {
    case 'committed':
    case 'not-logged':
      return null;
    case 'rolled-back':
      return [
        'rolled-back',
        `${name} was rolled back at ${formatInstant(fate.at.executedAt)} (${fate.by}): it changed nothing`,
        'look for another statement: widen --since or the filters',
      ];
    case 'failed':
      return [
        'failed-statement',
        `${name} failed${record.errorCode === null ? '' : ` with error ${record.errorCode}`}: it changed nothing`,
        'look for another statement: widen --since or the filters',
      ];
    case 'failed-midway':
      return [
        'outcome-unknown',
        `${name} failed${record.errorCode === null ? '' : ` with error ${record.errorCode}`}, but is not undone as a whole: what it had destroyed by then is gone`,
        'look whether the tables are there; if they are not, say --pick with its number',
      ];
    case 'open':
      return [
        'still-open',
        `the transaction of ${name} has no end in the logs: it may still commit, or its end may not have arrived`,
        'end that session if it still runs, then resolve again',
      ];
    case 'perhaps-failed':
      return [
        'outcome-unknown',
        `whether ${name} failed or another statement did, at ${formatInstant(fate.at.executedAt)}, cannot be seen in the log`,
        'look at the data; if it is the incident, say --pick with its number',
      ];
    case 'perhaps-committed':
      return [
        'outcome-unknown',
        `${name} was rolled back unless query ${fate.at.queryId ?? '?'} at ${formatInstant(fate.at.executedAt)} had committed it: the log does not tell what that ran`,
        'look at the data; if it is the incident, say --pick with its number',
      ];
    case 'perhaps-rolled-back':
      return [
        'outcome-unknown',
        `${name} was committed unless the error ${String(fate.at.errorCode)} of query ${fate.at.queryId ?? '?'} at ${formatInstant(fate.at.executedAt)} had rolled all back: the log does not tell`,
        'look at the data; if it is the incident, say --pick with its number',
      ];
    case 'order-unknown':
      if (fate.at.event === 'change-user') {
        return [
          'outcome-unknown',
          `whether the change of user at ${formatInstant(fate.at.executedAt)} rolled ${name} back cannot be told: ${
            fate.at.recordedAt === null
              ? 'the log holds it several times, and may hold lines twice'
              : 'CloudWatch does not keep the order of the records of one second'
          }`,
          fate.at.recordedAt === null
            ? 'look at the data, or resolve from log files of which each line is given once'
            : 'resolve from the log files of the instance, which keep it: --source file --log-file PATH',
        ];
      }
      if (fate.at.isOfNoTime) {
        return [
          'ambiguous-time',
          `query ${fate.at.queryId ?? '?'} of connection ${record.connectionId} is logged at a local time that does not exist in the zone of --server-timezone: the log is of another zone, and all of its times are other ones`,
          "say the server's own zone by --server-timezone (SELECT @@system_time_zone)",
        ];
      }
      return [
        'ambiguous-time',
        `the transaction of ${name} lies in an hour that came twice, as clocks were put back: the log does not tell in which order its statements ran`,
        'cut the log where its time goes back, and resolve each part with a zone of its own, such as --server-timezone Etc/GMT-2',
      ];
    case 'mode-unknown':
      return [
        'transaction-mode-unknown',
        `what followed ${name} at ${formatInstant(fate.at.executedAt)} undid it or not, by the session's autocommit or by where its comments end, which the logs do not tell`,
        "look further back for the connection's begin with --look-back, or look at the data",
      ];
  }
}

function times(candidates: readonly FollowedCandidate[]): string {
  const [first, last] = [candidates[0], candidates.at(-1)];
  if (first === undefined || last === undefined) return '';
  return `from ${formatInstant(first.record.executedAt)} to ${formatInstant(last.record.executedAt)}`;
}
