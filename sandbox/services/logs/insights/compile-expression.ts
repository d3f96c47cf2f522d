import type { ArithmeticOperator, Call, CompareOperator, Expression } from './ast';
import { functions } from './functions';
import type { Row } from './row';
import { compare, equal, finite, isTrue, toNumber, toText, type Value } from './values';

export type Evaluate = (row: Row) => Value;

/** What a query knows beside its events. */
export interface QueryContext {
  /** What `now()` gives, in milliseconds since the epoch. */
  readonly startedAtMs: number;
  /** Within `stats`: where the figure of an aggregating call is found. */
  readonly aggregate?: (call: Call) => Evaluate | undefined;
}

/** Turns an expression into a function of a row. */
export function compileExpression(expression: Expression, context: QueryContext): Evaluate {
  const compile = (part: Expression): Evaluate => compileExpression(part, context);
  switch (expression.kind) {
    case 'literal':
      return () => expression.value;
    case 'period':
      return () => expression.ms;
    case 'star':
      return () => 1;
    case 'field':
      return (row) => row.get(expression.name);
    case 'call':
      return context.aggregate?.(expression) ?? compileCall(expression, context);
    case 'negate': {
      const operand = compile(expression.operand);
      return (row) => calculate('-', 0, operand(row));
    }
    case 'arithmetic': {
      const [left, right] = [compile(expression.left), compile(expression.right)];
      return (row) => calculate(expression.operator, left(row), right(row));
    }
    case 'compare': {
      const [left, right] = [compile(expression.left), compile(expression.right)];
      return (row) => holds(expression.operator, left(row), right(row));
    }
    case 'logical': {
      const [left, right] = [compile(expression.left), compile(expression.right)];
      return expression.operator === 'and'
        ? (row) => isTrue(left(row)) && isTrue(right(row))
        : (row) => isTrue(left(row)) || isTrue(right(row));
    }
    case 'not': {
      const operand = compile(expression.operand);
      return (row) => !isTrue(operand(row));
    }
    case 'like': {
      const operand = compile(expression.operand);
      return (row) => {
        const text = toText(operand(row));
        return text !== undefined && expression.matches(text);
      };
    }
    case 'in': {
      const operand = compile(expression.operand);
      return (row) => {
        const value = operand(row);
        return expression.values.some((each) => equal(value, each));
      };
    }
  }
}

function compileCall({ name, args: parts }: Call, context: QueryContext): Evaluate {
  if (name === 'now') return () => Math.floor(context.startedAtMs / 1000);
  const spec = functions[name];
  const args = parts.map((part) => compileExpression(part, context));
  if (spec === undefined) throw new Error(`the parser let an unknown function through: ${name}`);
  return (row) => spec.apply(args.map((arg) => arg(row)));
}

function holds(operator: CompareOperator, a: Value, b: Value): boolean {
  if (operator === '=') return equal(a, b);
  if (operator === '!=') return !equal(a, b);
  const order = compare(a, b);
  if (order === undefined) return false;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

const calculations: Readonly<Record<ArithmeticOperator, (x: number, y: number) => number>> = {
  '+': (x, y) => x + y,
  '-': (x, y) => x - y,
  '*': (x, y) => x * y,
  '/': (x, y) => x / y,
  '%': (x, y) => x % y,
  '^': (x, y) => x ** y,
};

function calculate(operator: ArithmeticOperator, a: Value, b: Value): Value {
  const [x, y] = [toNumber(a), toNumber(b)];
  return x === undefined || y === undefined ? undefined : finite(calculations[operator](x, y));
}
