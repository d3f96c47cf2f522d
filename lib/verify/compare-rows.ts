import {
  hashOf,
  type Database,
  type KeyColumn,
  type Row,
  type SqlCondition,
  type SqlValue,
} from './database';
import type { Column, Table } from './inventory';
import { keyTexts, orderByKey, selectKey, walkableKey } from './walk-key';

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
  const key = walkableKey(table, restored.dialect);
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
    const here = await restored.query(
      ...selectRange(restored, table, key, options.columns, { after, limit: wanted }),
    );
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
  key: readonly KeyColumn[],
  { columns, old = NEVER, unchanged = NEVER }: CompareOptions,
  range: { readonly after: Row | undefined; readonly upTo: Row | undefined },
): Promise<Row[]> {
  const rows: Row[] = [];
  let after = range.after;
  for (;;) {
    const piece = await source.query(
      ...selectRange(source, table, key, columns, { ...range, after, limit: CHUNK, old, unchanged }),
    );
    rows.push(...piece);
    if (piece.length < CHUNK) return rows;
    after = piece.at(-1);
  }
}

function compareRange(
  here: readonly Row[],
  there: readonly Row[],
  key: readonly KeyColumn[],
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
      if (hashOf('restored', row, 'hash') !== hashOf('source', other, 'hash')) {
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
  { dialect }: Database,
  table: Table,
  key: readonly KeyColumn[],
  columns: readonly Column[],
  { after, upTo, limit, old = NEVER, unchanged = NEVER }: Range,
): [sql: string, values: SqlValue[]] {
  const bounds = [
    ...(after === undefined ? [] : [dialect.beyond(key, keyTexts(key, after), '>')]),
    ...(upTo === undefined ? [] : [dialect.beyond(key, keyTexts(key, upTo), '<=')]),
  ];
  const where = bounds.length === 0 ? '' : `WHERE ${bounds.map(({ sql }) => `(${sql})`).join(' AND ')}`;
  const sql = `
    SELECT ${selectKey(key)},
           ${dialect.rowHash(columns)} AS hash,
           CASE WHEN ${old.sql} THEN 1 ELSE 0 END AS old,
           CASE WHEN ${unchanged.sql} THEN 1 ELSE 0 END AS unchanged
    FROM ${dialect.quoted(table.schema, table.name)} ${where}
    ORDER BY ${orderByKey(dialect, table, key)} LIMIT ${limit}`;
  return [sql, [...old.values, ...unchanged.values, ...bounds.flatMap(({ values }) => values)]];
}
