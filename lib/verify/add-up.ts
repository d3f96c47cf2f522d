import { thousands, type CheckContext, type CheckSettings } from './check';
import { hashOf, onlyRow, type Database, type KeyColumn, type SqlCondition } from './database';
import type { Table } from './inventory';
import { keyTexts, orderByKey, selectKey, walkableKey } from './walk-key';

export interface AddUpContext extends Pick<CheckContext, 'onProgress'> {
  readonly settings: Pick<CheckSettings, 'chunkRows'>;
}

export interface Addition {
  /** An aggregate over rows of the table, which is called `c`: whole numbers in text, a space between them. */
  readonly select: string;
  readonly where?: string;
  /** What to say meanwhile, such as `counting trading.orders`. */
  readonly doing: string;
}

/**
 * Adds up numbers over all rows of a table. A table that is estimated at more than `chunkRows` is
 * taken in ranges of its primary key of so many rows, so that no statement runs for long; where it
 * has no key that can be walked, in one. Each statement sees what is committed when it begins.
 */
export async function addUp(
  database: Database,
  table: Table,
  { select, where, doing }: Addition,
  { settings: { chunkRows }, onProgress }: AddUpContext,
): Promise<bigint[]> {
  const { dialect, side } = database;
  const named = side === 'source' ? `${doing} on the source` : doing;
  onProgress(named);
  const key = table.estimatedRows > chunkRows ? walkableKey(table, dialect) : undefined;
  let total: bigint[] = [];
  let after: string[] | undefined;
  for (let done = chunkRows; ; done += chunkRows) {
    const last = key === undefined ? undefined : await findLast(database, table, key, after, chunkRows);
    const range = key === undefined ? [] : rangeOf(database, key, after, last);
    const conditions = [...(where === undefined ? [] : [where]), ...range.map(({ sql }) => sql)];
    const sql = `SELECT ${select} AS total FROM ${dialect.quoted(table.schema, table.name)} c ${whereAll(conditions)}`;
    const row = onlyRow(
      await database.query(
        sql,
        range.flatMap(({ values }) => values),
      ),
    );
    const numbers = hashOf(side, row, 'total').split(' ').map(BigInt);
    total = numbers.map((number, i) => number + (total[i] ?? 0n));
    if (last === undefined) return total;
    after = last;
    onProgress(
      `${named}: ${thousands(done)} of about ${thousands(Math.max(done, table.estimatedRows))} rows`,
    );
  }
}

/** How many rows a table has. */
export async function countAll(database: Database, table: Table, context: AddUpContext): Promise<number> {
  const doing = `counting ${table.schema}.${table.name}`;
  const [count] = await addUp(database, table, { select: 'COUNT(*)', doing }, context);
  return Number(count);
}

/** The key of the last row of the next range; undefined where fewer rows are left than fill one. */
async function findLast(
  database: Database,
  table: Table,
  key: readonly KeyColumn[],
  after: readonly string[] | undefined,
  rows: number,
): Promise<string[] | undefined> {
  const { dialect } = database;
  const range = rangeOf(database, key, after, undefined);
  const sql = `
    SELECT ${selectKey(key)} FROM ${dialect.quoted(table.schema, table.name)}
    ${whereAll(range.map((each) => each.sql))}
    ORDER BY ${orderByKey(dialect, table, key)} LIMIT 1 OFFSET ${rows - 1}`;
  const [row] = await database.query(
    sql,
    range.flatMap(({ values }) => values),
  );
  return row === undefined ? undefined : keyTexts(key, row);
}

function rangeOf(
  { dialect }: Database,
  key: readonly KeyColumn[],
  after: readonly string[] | undefined,
  last: readonly string[] | undefined,
): SqlCondition[] {
  return [
    ...(after === undefined ? [] : [dialect.beyond(key, after, '>')]),
    ...(last === undefined ? [] : [dialect.beyond(key, last, '<=')]),
  ];
}

function whereAll(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.map((sql) => `(${sql})`).join(' AND ')}`;
}
