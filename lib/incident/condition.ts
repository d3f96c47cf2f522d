import { allOf, anyOf, negated, type Truth } from './always-true';

/** The WHERE of a statement as a parser of SQL read it, down to what decides whether it holds for every row. */
export type Condition =
  | { readonly op: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly op: 'not'; readonly part: Condition }
  | {
      readonly op: 'compare';
      readonly operator: string;
      readonly left: Condition;
      readonly right: Condition;
    }
  | { readonly op: 'constant'; readonly value: number | string | boolean | null }
  | { readonly op: 'column'; readonly name: string }
  | { readonly op: 'is-not-null'; readonly part: Condition }
  | { readonly op: 'like'; readonly pattern: Condition }
  /** Anything else, and whether it names a column or reads a table. */
  | { readonly op: 'other'; readonly readsRows: boolean };

export function truthOfCondition(condition: Condition): Truth {
  switch (condition.op) {
    case 'and':
      return allOf(condition.parts.map(truthOfCondition));
    case 'or':
      return anyOf(condition.parts.map(truthOfCondition));
    case 'not':
      return negated(truthOfCondition(condition.part));
    case 'compare':
      return comparison(condition.operator, condition.left, condition.right);
    case 'constant':
      return isTruthy(condition.value) ? 'true' : 'false';
    case 'column':
      return 'some';
    case 'is-not-null':
      return condition.part.op === 'constant' ? asTruth(condition.part.value !== null) : 'perhaps';
    case 'like':
      return condition.pattern.op === 'constant' && /^%+$/.test(String(condition.pattern.value))
        ? 'perhaps'
        : 'some';
    case 'other':
      return condition.readsRows ? 'some' : 'perhaps';
  }
}

function isTruthy(value: number | string | boolean | null): boolean {
  return typeof value === 'string' ? Number.parseFloat(value) > 0 : Boolean(value);
}

function asTruth(holds: boolean): Truth {
  return holds ? 'true' : 'false';
}

const HOLDS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<=>': (order) => order === 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
  '<>': (order) => order !== 0,
};

function comparison(operator: string, left: Condition, right: Condition): Truth {
  const holds = HOLDS[operator];
  if (holds === undefined) return readsRows(left) || readsRows(right) ? 'some' : 'perhaps';
  if (left.op === 'column' && right.op === 'column' && left.name === right.name) return asTruth(holds(0));
  if (left.op === 'constant' && right.op === 'constant') {
    if (left.value === null || right.value === null) return 'false';
    if (typeof left.value === typeof right.value) {
      return asTruth(holds(left.value < right.value ? -1 : left.value > right.value ? 1 : 0));
    }
  }
  return readsRows(left) || readsRows(right) ? 'some' : 'perhaps';
}

function readsRows(condition: Condition): boolean {
  switch (condition.op) {
    case 'constant':
      return false;
    case 'other':
      return condition.readsRows;
    default:
      return true;
  }
}
