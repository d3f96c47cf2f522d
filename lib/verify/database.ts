/** One row as the server sends it in text: null for NULL, no number rounded, no time shifted. */
export type Row = Readonly<Record<string, string | null>>;

/** A value for a `?` in a statement. */
export type SqlValue = string | number | bigint | Buffer;

export type Side = 'restored' | 'source';

/** What a check may do with a database: read. */
export interface Database {
  readonly side: Side;
  /** @throws QueryError where the server refuses or gives up the statement; other errors mean that the connection is gone */
  query(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
}

/** The server's "no" to one statement. Carries its code alone: a server's message may quote data. */
export class QueryError extends Error {
  constructor(
    readonly side: Side,
    /** Such as `ER_TABLEACCESS_DENIED_ERROR`. */
    readonly code: string,
  ) {
    super(`the ${side} database answered ${code}`);
    this.name = 'QueryError';
  }
}

/** The text in a column that cannot be NULL. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (value === undefined || value === null) throw new Error(`expected a value in column '${column}'`);
  return value;
}

export function numberOf(row: Row, column: string): number {
  return Number(textOf(row, column));
}

/** The only row of an aggregate. */
export function onlyRow(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new Error(`expected one row, got ${rows.length}`);
  return row;
}

/** Quotes an identifier of MySQL or MariaDB. */
export function quoted(...names: readonly string[]): string {
  return names.map((name) => `\`${name.replaceAll('`', '``')}\``).join('.');
}

/** How many rows a table has, or those that a condition holds for. */
export async function countRows(
  database: Database,
  table: { readonly schema: string; readonly name: string },
  where?: string,
  values: readonly SqlValue[] = [],
): Promise<number> {
  const condition = where === undefined ? '' : ` WHERE ${where}`;
  const sql = `SELECT COUNT(*) AS n FROM ${quoted(table.schema, table.name)}${condition}`;
  return numberOf(onlyRow(await database.query(sql, values)), 'n');
}
