import { aggregates } from './aggregates';
import type { Command, Expression, Item, Name } from './ast';
import { functions } from './functions';
import { senseless, unexpectedSymbol, type Span } from './malformed';
import { systemFields } from './row';

/**
 * Refuses what reads well and AWS refuses all the same, as seen in its answers:
 * - a name that a query has made or shown once is not made again, not even by `fields` naming it;
 * - after `stats` there is nothing but what it made;
 * - after `dedup` only `limit` may follow (user guide).
 */
export function checkQuery(commands: readonly Command[], query: string): void {
  const scope = new Scope();
  let deduplicated = false;
  for (const command of commands) {
    if (deduplicated && command.kind !== 'limit') {
      const symbol = /^\w+/.exec(query.slice(command.span.start))?.[0] ?? '';
      throw unexpectedSymbol(query, symbol, command.span, ': only limit may follow dedup');
    }
    deduplicated ||= command.kind === 'dedup';
    checkCommand(command, scope);
  }
}

function checkCommand(command: Command, scope: Scope): void {
  switch (command.kind) {
    case 'fields':
      for (const item of command.items) checkScalar(item.expression, scope);
      for (const item of command.items) scope.show(item);
      return;
    case 'display':
      for (const item of command.items) checkScalar(item.expression, scope);
      for (const item of command.items) if (item.aliased) scope.make(item);
      return;
    case 'filter':
      checkScalar(command.condition, scope);
      return;
    case 'parse':
      checkScalar(command.source, scope);
      for (const name of command.names) scope.make(name);
      return;
    case 'sort':
      for (const { field } of command.keys) checkScalar(field, scope);
      return;
    case 'limit':
      return;
    case 'dedup':
      for (const field of command.fields) checkScalar(field, scope);
      return;
    case 'stats':
      for (const item of command.by) checkScalar(item.expression, scope);
      for (const item of command.items) checkAggregate(item, scope);
      for (const item of [...command.by, ...command.items]) if (item.aliased) scope.make(item);
      scope.close([...command.by, ...command.items]);
      return;
  }
}

/** What names mean at one point of the query. */
class Scope {
  /** Made by `as` or `parse`. */
  private readonly made = new Set<string>();
  /** Those, those named by `fields`, and those of the event itself. */
  private readonly taken = new Set<string>(systemFields);
  /** All that there is, after `stats`. */
  private left: ReadonlySet<string> | undefined;

  get afterStats(): boolean {
    return this.left !== undefined;
  }

  make({ name, span }: Name): void {
    if (this.taken.has(name)) throw alreadyDefined(name, span);
    this.made.add(name);
    this.taken.add(name);
    this.left = this.left && new Set([...this.left, name]);
  }

  show(item: Item): void {
    if (item.expression.kind !== 'field' || item.aliased) {
      this.make(item);
      return;
    }
    if (this.made.has(item.name)) throw alreadyDefined(item.name, item.span);
    this.taken.add(item.name);
  }

  use(name: string, span: Span): void {
    if (this.left !== undefined && !this.left.has(name)) {
      throw senseless(`Unknown symbols found in or after stats: ${name}`, span);
    }
  }

  close(columns: readonly Name[]): void {
    this.left = new Set(columns.map(({ name }) => name));
    this.made.clear();
    this.taken.clear();
    for (const name of this.left) this.taken.add(name);
  }
}

function alreadyDefined(name: string, span: Span): Error {
  return senseless(`Ephemeral field is already defined: ${name}`, span);
}

/** An expression outside `stats`, or within what it aggregates. */
function checkScalar(expression: Expression, scope: Scope): void {
  if (expression.kind === 'field') scope.use(expression.name, expression.span);
  if (expression.kind === 'call' && isAggregate(expression.name)) {
    throw senseless(
      `${expression.name} stands only in stats, and not within another such function`,
      expression.span,
    );
  }
  for (const part of partsOf(expression)) checkScalar(part, scope);
}

function checkAggregate({ expression, span }: Item, scope: Scope): void {
  if (countAggregates(expression, scope) === 0)
    throw senseless('stats needs a function such as count(*)', span);
}

function countAggregates(expression: Expression, scope: Scope): number {
  if (expression.kind === 'field') {
    throw senseless(`${expression.name} stands outside of a function such as max()`, expression.span);
  }
  if (expression.kind === 'call' && isAggregate(expression.name)) {
    checkAggregateCall(expression.name, expression.args, expression.span, scope);
    return 1;
  }
  return partsOf(expression).reduce((count, part) => count + countAggregates(part, scope), 0);
}

function checkAggregateCall(name: string, args: readonly Expression[], span: Span, scope: Scope): void {
  const [value, ...options] = args;
  if (value !== undefined) checkScalar(value, scope);
  for (const option of options) {
    if (option.kind !== 'literal' || typeof option.value !== 'number') {
      throw senseless(`the second argument of ${name} has to be a number`, option.span);
    }
  }
  if (scope.afterStats && (name === 'earliest' || name === 'latest')) {
    throw senseless(`Unknown symbols found in or after stats: @timestamp`, span);
  }
}

function isAggregate(name: string): boolean {
  return name in aggregates && !(name in functions);
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'period':
    case 'star':
    case 'field':
      return [];
    case 'call':
      return expression.args;
    case 'arithmetic':
    case 'compare':
    case 'logical':
      return [expression.left, expression.right];
    case 'negate':
    case 'not':
    case 'like':
    case 'in':
      return [expression.operand];
  }
}
