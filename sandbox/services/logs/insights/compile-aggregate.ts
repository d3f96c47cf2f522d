import { aggregates, type Accumulator } from './aggregates';
import type { Expression } from './ast';
import { compileExpression, type Evaluate, type QueryContext } from './compile-expression';
import { Row } from './row';
import { toNumber, type Value } from './values';

/** One column of `stats` over one group of events. */
export interface GroupColumn {
  add(row: Row): void;
  result(): Value;
}

/**
 * Turns an expression over aggregates, such as `sum(a) / count(*)`, into what starts a group's
 * column: the aggregates take in every row, the rest is computed once, at the end.
 */
export function compileAggregate(expression: Expression, context: QueryContext): () => GroupColumn {
  const parts: { readonly start: () => Accumulator; readonly value: Evaluate; readonly figure: string }[] =
    [];
  const outer = compileExpression(expression, {
    ...context,
    aggregate: ({ name, args }) => {
      const spec = aggregates[name];
      if (spec === undefined) return undefined;
      const [first, ...options] = args;
      const value: Evaluate = first === undefined ? () => 1 : compileExpression(first, context);
      const numbers = options.map((option) => (option.kind === 'literal' ? Number(option.value) : NaN));
      const figure = `aggregate ${parts.length}`;
      parts.push({ start: () => spec.start(numbers), value, figure });
      return (row) => row.get(figure);
    },
  });
  return () => {
    const columns = parts.map(({ start, ...part }) => ({ ...part, accumulator: start() }));
    return {
      add: (row) => {
        const at = toNumber(row.get('@timestamp')) ?? 0;
        for (const { value, accumulator } of columns) accumulator.add(value(row), at);
      },
      result: () => {
        const figures = new Row();
        for (const { figure, accumulator } of columns) figures.set(figure, accumulator.result());
        return outer(figures);
      },
    };
  };
}
