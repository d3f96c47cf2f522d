import type { LogSource, WriteTally } from '../audit/log-source';
import { valueOf } from '../errors';
import { epochMicros, formatInstant, type EpochMicros } from '../time';
import type { Effect } from './effect';
import type { LostWrites } from './lost-writes';
import { LEAD_MICROS, type ResolveOptions, type ResolveTools } from './resolve-tools';

type Part = LostWrites['afterEffect'];

/** The writes after the effect as the logs' own place counted them, and up to where each is to be followed. */
export interface Tallied {
  readonly afterEffect: Part;
  readonly followUntil: EpochMicros;
  readonly warning: string;
}

/**
 * Where writes are so many that fetching each takes long, those after the effect are counted where
 * the logs live. Their transactions are then not followed, so that the count is an upper bound. What
 * lies before the effect, which decides about the restore point, is always followed. Null where each
 * write is followed: few of them, an export, or an incident of several statements.
 */
export async function tallyWritesAfter(
  source: LogSource,
  { window }: ResolveOptions,
  tools: ResolveTools,
  effect: Effect,
  statements: number,
): Promise<Tallied | null> {
  if (source.tallyWrites === undefined || tools.exportWrite !== undefined || statements > 1) return null;
  const since = epochMicros(effect.latestAt + 1);
  if (window.until !== null && window.until <= since) return null;
  const tally = valueOf(await source.tallyWrites({ since, until: window.until }));
  if (tally === null) return null;
  return {
    afterEffect: partOf(tally),
    // transactions that are open at the effect show their end, for most of them
    followUntil: epochMicros(effect.latestAt + LEAD_MICROS),
    warning:
      `writes after the effect are counted as statements, without following their transactions: at most so many, ` +
      `with ${tally.rollbacks} ROLLBACKs among them; --export follows each`,
  };
}

function partOf({ groups }: WriteTally): Part {
  const statements = groups.reduce((sum, group) => sum + group.statements, 0);
  const first = groups.toSorted((a, b) => a.firstAt - b.firstAt)[0]?.firstAt;
  const last = groups.toSorted((a, b) => b.lastAt - a.lastAt)[0]?.lastAt;
  return {
    transactions: statements,
    statements,
    firstAt: first === undefined ? null : formatInstant(first),
    lastAt: last === undefined ? null : formatInstant(last),
    groups: groups
      .map(({ table, user, verb: kind, statements: count, firstAt, lastAt }) => ({
        table,
        user,
        kind,
        statements: count,
        firstAt: formatInstant(firstAt),
        lastAt: formatInstant(lastAt),
      }))
      .sort((a, b) => b.statements - a.statements || (a.table < b.table ? -1 : 1)),
  };
}
