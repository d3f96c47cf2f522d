import type { SqlFlavour } from './sql-tokens';
import { analyseSql, type StatementFacts } from './statements';

/** Heads of the plain statements that most of any log consists of. */
const HEAD =
  /^\s*(?:insert\s+(?:ignore\s+)?into\s+|replace\s+into\s+|update\s+|delete\s+from\s+)[\w.`]+(?=\s+(?:values|set|where)\b|\s*\()|^\s*(?:begin|commit|rollback)\s*;?\s*$/i;
/** Other statements are kept whole where they are short: pools and drivers repeat the same ones. */
const LONGEST_WHOLE = 200;
const MOST_HEADS = 10_000;

/**
 * `analyseSql` for counting millions of statements: what begins alike writes to the same table in the
 * same way, so that only the head of a plain statement is analysed, once. Says nothing reliable of
 * `kind` and `unfinished`.
 */
export function analyseQuickly(flavour: SqlFlavour): (sql: string) => readonly StatementFacts[] {
  const known = new Map<string, readonly StatementFacts[]>();
  return (sql) => {
    // a source may have cut the statement to its head already
    const before = known.get(sql);
    if (before !== undefined) return before;
    const head = HEAD.exec(sql)?.[0] ?? (sql.length <= LONGEST_WHOLE ? sql : undefined);
    const several = sql.indexOf(';');
    if (head === undefined || (several !== -1 && /\S/.test(sql.slice(several + 1))))
      return analyseSql(sql, flavour);
    let facts = known.get(head);
    if (facts === undefined) {
      facts = analyseSql(head, flavour);
      if (known.size < MOST_HEADS) known.set(head, facts);
    }
    return facts;
  };
}
