interface Timed {
  readonly event: string;
  readonly object: string;
}

/**
 * Puts PostgreSQL's records of one connection and one time in order, where they came in any: statements
 * by their numbers, as they are given, and each failure behind the statement whose text it holds. A
 * failure of none of them may have come before a COMMIT of the same time or after it: it is given
 * without its text behind the COMMIT, which leaves open what became of that.
 */
export function inStatementOrder<R extends Timed>(tick: readonly R[]): R[] {
  const failures = tick.filter(({ event }) => event === 'error');
  if (failures.length === 0) return [...tick];
  const errors = failures.filter(({ object }) => object === '');
  const behind = new Map<R, R[]>();
  const statements = tick.filter(({ event }) => event === 'statement');
  const commit = statements.findLast(({ object }) => /^\s*(?:commit|end)\b/i.test(object));
  const last: R[] = [];
  for (const failure of failures.filter(({ object }) => object !== '')) {
    const error = errors.shift();
    const pair = error === undefined ? [failure] : [error, failure];
    const own = statements.find((each) => !behind.has(each) && textOf(each) === textOf(failure));
    if (own !== undefined) behind.set(own, pair);
    else if (commit !== undefined && !behind.has(commit) && !/^\s*execute\b/i.test(failure.object)) {
      behind.set(commit, error === undefined ? [] : [error]);
    } else last.push(...pair);
  }
  return [
    ...tick
      .filter(({ event }) => event !== 'error')
      .flatMap((record) => [record, ...(behind.get(record) ?? [])]),
    ...last,
    ...errors,
  ];
}

function textOf({ object }: Timed): string {
  return object.replace(/[\s;]+$/, '');
}
