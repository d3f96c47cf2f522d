import type { Column, Index, Inventory, Table } from '../../../lib/verify/inventory';
import { epochMicros } from '../../../lib/time';

/** Parts of inventories for tests. */
export function column(name: string, dataType = 'int', rest: Partial<Column> = {}): Column {
  return { name, dataType, definition: dataType, default: null, extra: '', generated: false, ...rest };
}

export function stamped(name: string, dataType = 'timestamp', rest: Partial<Column> = {}): Column {
  return column(name, dataType, { default: 'CURRENT_TIMESTAMP(6)', extra: 'default_generated', ...rest });
}

export function index(name: string, columns: readonly string[], rest: Partial<Index> = {}): Index {
  return { name, columns, unique: false, primary: false, details: '', ...rest };
}

export function table(name: string, columns: readonly Column[], rest: Partial<Table> = {}): Table {
  return {
    schema: 'shop',
    name,
    estimatedRows: 10,
    numbering: [],
    createdAt: null,
    updatedAt: null,
    partitioned: false,
    partitionOf: null,
    details: '',
    columns,
    indexes: [index('PRIMARY', ['id'], { unique: true, primary: true })],
    ...rest,
  };
}

export function inventory(tables: readonly Table[], rest: Partial<Inventory> = {}): Inventory {
  return {
    version: '8.0.39',
    askedAt: epochMicros(Date.parse('2026-01-02T05:00:00Z') * 1000),
    startedAt: null,
    tables,
    foreignKeys: [],
    sequences: [],
    objects: [],
    commitTimes: false,
    notSeen: [],
    ...rest,
  };
}
