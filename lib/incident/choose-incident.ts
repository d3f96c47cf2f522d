import { accept, refuse, type Outcome } from '../errors';
import { formatInstant } from '../time';
import { describeFate, isHarmless, toStatement, type FollowedCandidate } from './candidates';
import type { RefusedCandidate, ResolveReason, ResolveRefusal } from './refusals';
import type { SqlFlavour } from './sql-tokens';
import type { Fate } from './transactions';

/** Numbers of the table of candidates, from 1; `all` for every one that is not proven harmless. */
export type Pick = 'all' | readonly number[];

/** A statement of the incident whose effect the logs bound. */
export interface Chosen extends FollowedCandidate {
  readonly fate: Extract<Fate, { kind: 'committed' | 'not-logged' }>;
}

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
      'widen --since or the filters; name any other statement by --match or --query-id',
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
    const { fate } = candidate;
    if (fate.kind === 'committed' || fate.kind === 'not-logged') chosen.push({ ...candidate, fate });
  }
  return accept(chosen);
}

/** Candidates that may have changed something, those that are understood first; all of them where none may. */
function lively(candidates: readonly FollowedCandidate[]): readonly FollowedCandidate[] {
  const alive = candidates.filter(({ fate }) => !isHarmless(fate));
  const clear = alive.filter(({ facts }) => facts.understood);
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
  { record, facts, cut, fate }: FollowedCandidate,
  isPicked: boolean,
): [ResolveReason, string, string] | null {
  const name = `query ${record.queryId ?? '?'} of connection ${record.connectionId}`;
  if (!isPicked && !facts.understood) {
    return [
      'unparsed-statement',
      `${name} is not understood, so it may have destroyed data`,
      'read it with --show-literals; if it is the incident, say --pick 1',
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
    case 'open':
      return [
        'still-open',
        `the transaction of ${name} has no end in the logs: it may still commit, or its end may not have arrived`,
        'end that session if it still runs, then resolve again',
      ];
    case 'mode-unknown':
      return [
        'transaction-mode-unknown',
        `a ROLLBACK followed ${name}, and the logs do not tell whether autocommit had committed it before`,
        "look further back for the connection's begin with --look-back, or look at the data",
      ];
  }
}

function times(candidates: readonly FollowedCandidate[]): string {
  const [first, last] = [candidates[0], candidates.at(-1)];
  if (first === undefined || last === undefined) return '';
  return `from ${formatInstant(first.record.executedAt)} to ${formatInstant(last.record.executedAt)}`;
}
