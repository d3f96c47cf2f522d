import type { Command, Item } from './ast';
import { compileAggregate } from './compile-aggregate';
import { compileExpression, type QueryContext } from './compile-expression';
import { Row } from './row';
import { compareSortKeys, isTrue, render, sortKey, toText } from './values';

/** What one command does: to each row by itself, or to all of them at once. */
export type Stage =
  | { readonly kind: 'each'; readonly apply: (row: Row) => boolean }
  | { readonly kind: 'all'; readonly apply: (rows: readonly Row[]) => readonly Row[] };

/** A stage of kind `each` changes its row and tells whether it stays. */
export function compileCommand(command: Command, context: QueryContext): Stage {
  switch (command.kind) {
    case 'fields':
    case 'display':
      return computing(command.items, context);
    case 'filter': {
      const condition = compileExpression(command.condition, context);
      return { kind: 'each', apply: (row) => isTrue(condition(row)) };
    }
    case 'parse':
      return parsing(command, context);
    case 'sort':
      return sorting(command.keys);
    case 'limit':
      return { kind: 'all', apply: (rows) => rows.slice(0, command.count) };
    case 'dedup':
      return deduplicating(command.fields);
    case 'stats':
      return grouping(command.items, command.by, context);
  }
}

/** Every item sees the row as it was before the command. */
function computing(items: readonly Item[], context: QueryContext): Stage {
  const made = items
    .filter(({ expression, aliased }) => aliased || expression.kind !== 'field')
    .map(({ name, expression }) => ({ name, evaluate: compileExpression(expression, context) }));
  return {
    kind: 'each',
    apply: (row) => {
      const values = made.map(({ name, evaluate }) => ({ name, value: evaluate(row) }));
      for (const { name, value } of values) row.set(name, value);
      return true;
    },
  };
}

function parsing({ source, capture }: Command & { kind: 'parse' }, context: QueryContext): Stage {
  const evaluate = compileExpression(source, context);
  return {
    kind: 'each',
    apply: (row) => {
      for (const [name, text] of capture(toText(evaluate(row)) ?? '') ?? []) row.set(name, text);
      return true;
    },
  };
}

function sorting(keys: (Command & { kind: 'sort' })['keys']): Stage {
  return {
    kind: 'all',
    apply: (rows) =>
      rows
        .map((row) => ({ row, values: keys.map(({ field }) => sortKey(row.get(field.name))) }))
        .sort((a, b) => {
          for (const [i, { descending }] of keys.entries()) {
            const [x, y] = [a.values[i], b.values[i]];
            const order = x && y ? compareSortKeys(x, y) : 0;
            if (order !== 0) return descending ? -order : order;
          }
          return 0;
        })
        .map(({ row }) => row),
  };
}

/** A row that lacks one of the fields is no duplicate of any (user guide). */
function deduplicating(fields: (Command & { kind: 'dedup' })['fields']): Stage {
  return {
    kind: 'all',
    apply: (rows) => {
      const seen = new Set<string>();
      return rows.filter((row) => {
        const values = fields.map(({ name }) => toText(row.get(name)));
        if (values.includes(undefined)) return true;
        const key = JSON.stringify(values);
        return !seen.has(key) && seen.add(key);
      });
    },
  };
}

/** One row for each combination of the `by` values, in the order in which they are first met; none for no events. */
function grouping(items: readonly Item[], by: readonly Item[], context: QueryContext): Stage {
  const keys = by.map(({ name, expression }) => ({ name, evaluate: compileExpression(expression, context) }));
  const columns = items.map(({ name, expression }) => ({
    name,
    start: compileAggregate(expression, context),
  }));
  return {
    kind: 'all',
    apply: (rows) => {
      const groups = new Map<string, ReturnType<typeof startGroup>>();
      for (const row of rows) {
        const values = keys.map(({ name, evaluate }) => ({ name, value: evaluate(row) }));
        const key = JSON.stringify(values.map(({ value }) => render(value) ?? null));
        let group = groups.get(key);
        if (group === undefined) groups.set(key, (group = startGroup(values)));
        for (const { column } of group.columns) column.add(row);
      }
      return [...groups.values()].map(endGroup);
    },
  };

  function startGroup(values: readonly { name: string; value: ReturnType<Row['get']> }[]): {
    readonly row: Row;
    readonly columns: readonly { name: string; column: ReturnType<ReturnType<typeof compileAggregate>> }[];
  } {
    const row = new Row();
    for (const { name, value } of values) row.set(name, value);
    return { row, columns: columns.map(({ name, start }) => ({ name, column: start() })) };
  }

  function endGroup({ row, columns: ended }: ReturnType<typeof startGroup>): Row {
    for (const { name, column } of ended) row.set(name, column.result());
    return row;
  }
}
