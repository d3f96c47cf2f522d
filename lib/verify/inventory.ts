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
  readonly primary: boolean;
  /** Everything else that makes the index what it is, in the server's words; empty where there is nothing. */
  readonly details: string;
}

/** A column that the server fills with the next number. */
export interface Numbering {
  readonly column: string;
  readonly next: string;
}

export interface Table {
  readonly schema: string;
  readonly name: string;
  /** Approximate, as the engine keeps it. */
  readonly estimatedRows: number;
  readonly numbering: readonly Numbering[];
  /** When the table was made or last rebuilt, to the second. */
  readonly createdAt: EpochMicros | null;
  /** When a transaction last changed it, to the second; null where the server does not know, as after its own restart. */
  readonly updatedAt: EpochMicros | null;
  readonly partitioned: boolean;
  /** The table that it is a partition of, as `schema.table`, which shows its rows as well. */
  readonly partitionOf: string | null;
  /** What the table is beside its columns and indexes, in the server's words, such as `InnoDB utf8mb4_bin`. */
  readonly details: string;
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
}

/** A sequence by which no column alone is numbered: only the source can tell whether it is where it was. */
export interface Sequence {
  readonly schema: string;
  readonly name: string;
  readonly next: string;
}

export interface ForeignKey {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly parentSchema: string;
  readonly parentTable: string;
  readonly parentColumns: readonly string[];
  /** Everything else, in the server's words, such as `ON DELETE CASCADE`. */
  readonly details: string;
}

/** Whatever else a database holds: only whether it is there and the same matters. */
export interface StoredObject {
  readonly kind:
    | 'database'
    | 'schema'
    | 'view'
    | 'procedure'
    | 'function'
    | 'trigger'
    | 'event'
    | 'materialized view'
    | 'foreign table'
    | 'sequence'
    | 'type'
    | 'extension'
    | 'constraint'
    | 'policy';
  /** Null for what is of no schema. */
  readonly schema: string | null;
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
  readonly sequences: readonly Sequence[];
  readonly objects: readonly StoredObject[];
  /** Whether the server knows when each row was committed that it holds (PostgreSQL's track_commit_timestamp). */
  readonly commitTimes: boolean;
  /** What the server has and this session cannot see, in words. */
  readonly notSeen: readonly string[];
}

/** `database.table`, as the incident and the artefacts name it. */
export function fullName({
  schema,
  name,
}: {
  readonly schema: string | null;
  readonly name: string;
}): string {
  return schema === null ? name : `${schema}.${name}`;
}

/** Finds a table by `database.table`; upper and lower case count only where two tables differ in nothing else. */
export function findTable(inventory: Inventory, name: string): Table | undefined {
  return (
    inventory.tables.find((table) => fullName(table) === name) ??
    inventory.tables.find((table) => fullName(table).toLowerCase() === name.toLowerCase())
  );
}

export function primaryKeyOf(table: Table): readonly string[] {
  return table.indexes.find((index) => index.primary)?.columns ?? [];
}
