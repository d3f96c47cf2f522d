import type { Column, Inventory } from './inventory';

/** One row as the server sends it in text: null for NULL, no number rounded, no time shifted. */
export type Row = Readonly<Record<string, string | null>>;

/** One row without the names of its columns, of which several may be the same. */
export type Values = readonly (string | null)[];

/** A value for a `?` in a statement. */
export type SqlValue = string | number | bigint | Buffer;

export type Side = 'restored' | 'source';

export interface SqlCondition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** What the checks need to know of an engine's SQL and catalogue. */
export interface SqlDialect {
  readonly name: 'mysql' | 'postgresql';
  readonly quoted: (...names: readonly string[]) => string;
  /** Whether a column of this type holds instants, or what some clock showed; undefined for any other. */
  readonly clockKind: (dataType: string) => 'timestamp' | 'datetime' | undefined;
  /** An instant as text without its zone, which is UTC. */
  readonly wallTime: (expression: string) => string;
  /** One hash over the columns' values, in which NULL, the empty text and a neighbour's text cannot be confused. NULL where the server could not make it. */
  readonly rowHash: (columns: readonly Column[]) => string;
  /** An aggregate over rows in any order: equal for equal rows, and hardly ever otherwise. Numbers in text, which add up over parts of a table. NULL where the server could not hash one of them. */
  readonly checksum: (rowHash: string) => string;
  /** How to walk a table by its primary key. Undefined where values of this column do not survive the way to here and back. */
  readonly keyColumn: (column: Column) => KeyColumn | undefined;
  /** True for rows whose key is greater than (or up to and with) these values, in a form that an index serves. */
  readonly beyond: (key: readonly KeyColumn[], values: readonly string[], sign: '>' | '<=') => SqlCondition;
  readonly fetchInventory: (database: Database) => Promise<Inventory>;
  /** Undefined where this user may not read them. */
  readonly fetchUsers: (database: Database) => Promise<ReadonlyMap<string, DatabaseUser> | undefined>;
  readonly fetchWriterState: (database: Database) => Promise<WriterState>;
}

export interface KeyColumn {
  readonly name: string;
  /** An expression whose text `value` turns back. */
  readonly select: string;
  readonly value: (text: string) => SqlValue;
}

export interface DatabaseUser {
  /** SHA-256 of what the server keeps of it: enough to compare. Empty where it may not be read. */
  readonly password: string;
  readonly grants: readonly Grant[];
}

export interface Grant {
  /** The object that it is about, which may be on one side only; null for grants that outlive objects. */
  readonly on: string | null;
  readonly what: string;
}

export interface WriterState {
  /** The server's settings that keep it from taking writes. */
  readonly closedBy: readonly string[];
  /** Whether its stored events run. */
  readonly eventsRun: boolean;
}

/** What a check may do with a database: read. */
export interface Database {
  readonly side: Side;
  readonly dialect: SqlDialect;
  /** @throws QueryError where the server refuses or gives up the statement; other errors mean that the connection is gone */
  query(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
}

/** The server's "no" to one statement. Carries its code alone: a server's message may quote data. */
export class QueryError extends Error {
  constructor(
    readonly side: Side,
    /** Such as `ER_TABLEACCESS_DENIED_ERROR` or `insufficient_privilege`. */
    readonly code: string,
    message = `the ${side} database answered ${code}`,
  ) {
    super(message);
    this.name = 'QueryError';
  }
}

/** A hash that the server made. @throws QueryError where it could not: two of these are not the same */
export function hashOf(side: Side, row: Row, column: string): string {
  const hash = row[column] ?? null;
  if (hash === null) {
    const why = `the ${side} database could not hash a row: it is longer than its max_allowed_packet`;
    throw new QueryError(side, 'NO_HASH', why);
  }
  return hash;
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

/** How many rows a condition holds for. */
export async function countRows(
  database: Database,
  table: { readonly schema: string; readonly name: string },
  where: string,
  values: readonly SqlValue[],
): Promise<number> {
  const sql = `SELECT COUNT(*) AS n FROM ${database.dialect.quoted(table.schema, table.name)} WHERE ${where}`;
  return numberOf(onlyRow(await database.query(sql, values)), 'n');
}
