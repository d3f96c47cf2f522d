import type { Command } from './ast';
import { checkQuery } from './check-query';
import { compileCommand, type Stage } from './stages';
import type { QueryContext } from './compile-expression';
import { parseQuery } from './parse-query';
import { Row, type SourceEvent } from './row';
import { render } from './values';

/** Rows that a query gives that does not say how many. */
export const ROWS_BY_DEFAULT = 10_000;

export interface ResultField {
  readonly field: string;
  readonly value: string;
}

/** A query that can be run, over events that are given latest first. */
export interface CompiledQuery {
  /** What the commands up to the first that needs all rows make of one event; undefined if a filter drops it. */
  match(event: SourceEvent): Row | undefined;
  /** What the remaining commands make of the matching rows; yields whenever it can be left for a while. */
  finish(rows: readonly Row[]): Generator<void, readonly ResultField[][]>;
}

/** Rows between two places where `finish` can be left. */
const ROWS_AT_A_TIME = 200;

/**
 * @param limit StartQuery's own, which acts as a last command `limit`
 * @throws AwsError MalformedQueryException
 */
export function compileQuery(query: string, limit: number | undefined, context: QueryContext): CompiledQuery {
  const commands = parseQuery(query);
  checkQuery(commands, query);
  const stages = commands.map((command) => compileCommand(command, context));
  const whole = stages.findIndex(({ kind }) => kind === 'all');
  const first = stages.slice(0, whole < 0 ? stages.length : whole);
  const rest = stages.slice(first.length);
  const columns = columnsOf(commands);
  const isLimited = commands.some(({ kind }) => kind === 'limit');
  const most = limit ?? (isLimited ? Infinity : ROWS_BY_DEFAULT);

  return {
    match: (event) => {
      const row = new Row(event);
      return first.every((stage) => stage.kind === 'all' || stage.apply(row)) ? row : undefined;
    },
    finish: function* (rows) {
      // rows are matched once and finished at every look: no name is made twice, so a stage that sets it again sets the same
      for (const stage of rest) rows = yield* run(stage, rows);
      return yield* inPieces(rows.slice(0, most), (row) => renderRow(row, columns));
    },
  };
}

function* run(stage: Stage, rows: readonly Row[]): Generator<void, readonly Row[]> {
  if (stage.kind === 'all') return stage.apply(rows);
  const kept = yield* inPieces(rows, (row) => stage.apply(row));
  return rows.filter((_, index) => kept[index] === true);
}

function* inPieces<T>(rows: readonly Row[], apply: (row: Row) => T): Generator<void, T[]> {
  const results: T[] = [];
  for (const row of rows) {
    results.push(apply(row));
    if (results.length % ROWS_AT_A_TIME === 0) yield;
  }
  return results;
}

/**
 * What a result shows: the last `display` decides, or else all that `fields`, `parse` and the last
 * `stats` name; `@timestamp` and `@message` where no `fields` names any. `@ptr` goes with every event.
 */
function columnsOf(commands: readonly Command[]): string[] {
  const stats = commands.findLastIndex(({ kind }) => kind === 'stats');
  const pointer = stats < 0 ? ['@ptr'] : [];
  const shown = commands.slice(Math.max(stats, 0));
  const displayed = shown.flatMap((command) => (command.kind === 'display' ? [command.items] : [])).at(-1);
  if (displayed !== undefined) return unique([...displayed.map(({ name }) => name), ...pointer]);
  const byDefault =
    stats < 0 && !shown.some(({ kind }) => kind === 'fields') ? ['@timestamp', '@message'] : [];
  return unique([...byDefault, ...shown.flatMap(namesOf), ...pointer]);
}

function namesOf(command: Command): string[] {
  switch (command.kind) {
    case 'fields':
      return command.items.map(({ name }) => name);
    case 'parse':
      return command.names.map(({ name }) => name);
    case 'stats':
      return [...command.by, ...command.items].map(({ name }) => name);
    default:
      return [];
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** A field that the row lacks is left out. */
function renderRow(row: Row, columns: readonly string[]): ResultField[] {
  return columns.flatMap((field) => {
    const value = render(row.get(field));
    return value === undefined ? [] : [{ field, value }];
  });
}
