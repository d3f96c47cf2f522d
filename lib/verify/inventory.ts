import type { EpochMicros } from '../time';

export interface Column {
  readonly name: string;
  /** Such as `bigint` or `timestamp`. */
  readonly dataType: string;
  /** Everything that makes the column what it is, such as `bigint(20) unsigned not null auto_increment`. */
  readonly definition: string;
  /** In the server's words; null where there is none. */
  readonly default: string | null;
  /** In lower case, such as `auto_increment` or `on update current_timestamp(6)`. */
  readonly extra: string;
  readonly generated: boolean;
}

export interface Index {
  readonly name: string;
  readonly unique: boolean;
  readonly columns: readonly string[];
}

export interface Table {
  readonly schema: string;
  readonly name: string;
  /** Approximate, as the engine keeps it. */
  readonly estimatedRows: number;
  readonly autoIncrement: string | null;
  /** When the table was made or last rebuilt, to the second. */
  readonly createdAt: EpochMicros | null;
  /** When a transaction last changed it, to the second; null where the server does not know, as after its own restart. */
  readonly updatedAt: EpochMicros | null;
  readonly partitioned: boolean;
  readonly columns: readonly Column[];
  /** The primary key has the name `PRIMARY`. */
  readonly indexes: readonly Index[];
}

export interface ForeignKey {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly parentSchema: string;
  readonly parentTable: string;
  readonly parentColumns: readonly string[];
}

/** A view, routine, trigger or event: only whether it is there and the same matters. */
export interface StoredObject {
  readonly kind: 'view' | 'procedure' | 'function' | 'trigger' | 'event';
  readonly schema: string;
  readonly name: string;
  /** SHA-256 of its text; null where this user may not read it. */
  readonly digest: string | null;
  readonly changedAt: EpochMicros | null;
}

/** What a database server holds, without its own schemas. */
export interface Inventory {
  readonly version: string;
  /** The server's clock when it was asked. */
  readonly askedAt: EpochMicros;
  readonly startedAt: EpochMicros | null;
  readonly tables: readonly Table[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly objects: readonly StoredObject[];
}

/** `database.table`, as the incident and the artefacts name it. */
export function fullName(table: { readonly schema: string; readonly name: string }): string {
  return `${table.schema}.${table.name}`;
}

/** Finds a table by `database.table`; upper and lower case count only where two tables differ in nothing else. */
export function findTable(inventory: Inventory, name: string): Table | undefined {
  return (
    inventory.tables.find((table) => fullName(table) === name) ??
    inventory.tables.find((table) => fullName(table).toLowerCase() === name.toLowerCase())
  );
}

export function primaryKeyOf(table: Table): readonly string[] {
  return table.indexes.find((index) => index.name === 'PRIMARY')?.columns ?? [];
}
