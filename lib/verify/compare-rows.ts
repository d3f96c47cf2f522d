import { quoted, textOf, type Database, type Row, type SqlValue } from './database';
import { primaryKeyOf, type Column, type Table } from './inventory';

/** How the rows of one table differ, by primary key. Counts only: no value leaves the servers but keys, for as long as they are compared. */
export interface ComparedRows {
  /** Rows of the restored side that were looked at. */
  readonly looked: number;
  readonly different: number;
  readonly onlyRestored: number;
  readonly onlySource: number;
  /** Of the different ones, those that the source's `unchanged` condition holds for. */
  readonly differentUnchanged: number;
  /** Of those on the source alone, those that the source's `old` condition holds for. */
  readonly onlySourceOld: number;
}

export interface CompareOptions {
  readonly columns: readonly Column[];
  /** Rows of the restored side to look at, in the order of the primary key; all where undefined. */
  readonly limit?: number;
  /** SQL conditions on a row of the source: that it was there before the restore point, and that it has not changed since. */
  readonly old?: SqlCondition;
  readonly unchanged?: SqlCondition;
  readonly onProgress?: (rows: number) => void;
}

export interface SqlCondition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export const NEVER: SqlCondition = { sql: 'FALSE', values: [] };
const CHUNK = 2000;

/**
 * Walks the primary key in ranges that the restored side sets, and reads the same range on the
 * source. Undefined where the table has no primary key that can be walked on both sides.
 */
export async function compareRows(
  restored: Database,
  source: Database,
  table: Table,
  options: CompareOptions,
): Promise<ComparedRows | undefined> {
  const key = keyColumns(table);
  if (key === undefined) return undefined;
  const counts = {
    looked: 0,
    different: 0,
    onlyRestored: 0,
    onlySource: 0,
    differentUnchanged: 0,
    onlySourceOld: 0,
  };
  let after: Row | undefined;
  for (;;) {
    const wanted = Math.min(CHUNK, (options.limit ?? Infinity) - counts.looked);
    if (wanted <= 0) return counts;
    const here = await restored.query(...selectRange(table, key, options.columns, { after, limit: wanted }));
    const last = here.length < wanted ? undefined : here.at(-1);
    const there = await readSource(source, table, key, options, { after, upTo: last });
    compareRange(here, there, key, counts);
    options.onProgress?.(counts.looked);
    if (last === undefined) return counts;
    after = last;
  }
}

/** The range on the source may hold any number of rows that were inserted since: it is read in pieces as well. */
async function readSource(
  source: Database,
  table: Table,
  key: readonly Column[],
  { columns, old = NEVER, unchanged = NEVER }: CompareOptions,
  range: { readonly after: Row | undefined; readonly upTo: Row | undefined },
): Promise<Row[]> {
  const rows: Row[] = [];
  let after = range.after;
  for (;;) {
    const piece = await source.query(
      ...selectRange(table, key, columns, { ...range, after, limit: CHUNK, old, unchanged }),
    );
    rows.push(...piece);
    if (piece.length < CHUNK) return rows;
    after = piece.at(-1);
  }
}

function compareRange(
  here: readonly Row[],
  there: readonly Row[],
  key: readonly Column[],
  counts: { -readonly [K in keyof ComparedRows]: number },
): void {
  const keyOf = (row: Row): string => JSON.stringify(key.map((_, i) => row[`k${i}`]));
  const rest = new Map(there.map((row) => [keyOf(row), row]));
  for (const row of here) {
    const other = rest.get(keyOf(row));
    counts.looked += 1;
    if (other === undefined) counts.onlyRestored += 1;
    else {
      rest.delete(keyOf(row));
      if (other['hash'] !== row['hash']) {
        counts.different += 1;
        if (other['unchanged'] === '1') counts.differentUnchanged += 1;
      }
    }
  }
  for (const row of rest.values()) {
    counts.onlySource += 1;
    if (row['old'] === '1') counts.onlySourceOld += 1;
  }
}

interface Range {
  readonly after?: Row | undefined;
  readonly upTo?: Row | undefined;
  readonly limit: number;
  readonly old?: SqlCondition;
  readonly unchanged?: SqlCondition;
}

function selectRange(
  table: Table,
  key: readonly Column[],
  columns: readonly Column[],
  { after, upTo, limit, old = NEVER, unchanged = NEVER }: Range,
): [sql: string, values: SqlValue[]] {
  const bounds = [
    ...(after === undefined ? [] : [beyond(key, after, '>')]),
    ...(upTo === undefined ? [] : [beyond(key, upTo, '<=')]),
  ];
  const where = bounds.length === 0 ? '' : `WHERE ${bounds.map(({ sql }) => `(${sql})`).join(' AND ')}`;
  const sql = `
    SELECT ${key.map((column, i) => `${keySelect(column)} AS k${i}`).join(', ')},
           ${rowHash(columns)} AS hash,
           COALESCE((${old.sql}), FALSE) AS old, COALESCE((${unchanged.sql}), FALSE) AS unchanged
    FROM ${quoted(table.schema, table.name)} ${where}
    ORDER BY ${key.map((column) => quoted(column.name)).join(', ')} LIMIT ${limit}`;
  return [sql, [...old.values, ...unchanged.values, ...bounds.flatMap(({ values }) => values)]];
}

/** `a > 1 OR (a = 1 AND b > 2)`: MySQL walks an index by this form, and not by `(a, b) > (1, 2)`. */
function beyond(key: readonly Column[], row: Row, sign: '>' | '<='): SqlCondition {
  const strict = sign === '>' ? '>' : '<';
  const values: SqlValue[] = [];
  const alternatives = key.map((column, i) => {
    const equal = key.slice(0, i).map((each, j) => {
      values.push(keyValue(each, textOf(row, `k${j}`)));
      return `${quoted(each.name)} = ?`;
    });
    values.push(keyValue(column, textOf(row, `k${i}`)));
    return [...equal, `${quoted(column.name)} ${i === key.length - 1 ? sign : strict} ?`].join(' AND ');
  });
  return { sql: alternatives.map((each) => `(${each})`).join(' OR '), values };
}

const WHOLE_NUMBERS = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'year'];
const TEXTS = ['char', 'varchar', 'date', 'datetime', 'timestamp', 'time'];
const BYTES = ['binary', 'varbinary'];
const OPAQUE = /blob$|^(bit|binary|varbinary|geometry|point|linestring|polygon|multi.*|geom.*)$/;

/** The columns of the primary key, if each is of a kind whose values survive the way to here and back. */
function keyColumns(table: Table): readonly Column[] | undefined {
  const names = primaryKeyOf(table);
  const columns = names.map((name) => table.columns.find((column) => column.name === name));
  const walkable = columns.filter(
    (column): column is Column =>
      column !== undefined && [...WHOLE_NUMBERS, ...TEXTS, ...BYTES].includes(column.dataType),
  );
  return names.length > 0 && walkable.length === names.length ? walkable : undefined;
}

function keySelect(column: Column): string {
  return BYTES.includes(column.dataType) ? `HEX(${quoted(column.name)})` : quoted(column.name);
}

/** A number as a number: MySQL compares a BIGINT with a text as doubles, which are equal too early. */
function keyValue(column: Column, text: string): SqlValue {
  if (WHOLE_NUMBERS.includes(column.dataType)) return BigInt(text);
  return BYTES.includes(column.dataType) ? Buffer.from(text, 'hex') : text;
}

/** One hash over the columns' values, in which NULL, the empty text and a neighbour's text cannot be confused. */
export function rowHash(columns: readonly Column[]): string {
  if (columns.length === 0) return `''`;
  const values = columns.map(({ name, dataType }) => {
    const value = OPAQUE.test(dataType) ? quoted(name) : `CAST(${quoted(name)} AS CHAR)`;
    return `COALESCE(HEX(${value}), '-')`;
  });
  return `MD5(CONCAT_WS(',', ${values.join(', ')}))`;
}
