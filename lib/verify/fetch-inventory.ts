import { createHash } from 'node:crypto';
import { epochMicros, type EpochMicros } from '../time';
import { numberOf, onlyRow, textOf, type Database, type Row } from './database';
import type { Column, ForeignKey, Index, Inventory, StoredObject, Table } from './inventory';

const NOT_OURS = `('mysql', 'information_schema', 'performance_schema', 'sys')`;

/**
 * Reads from information_schema what the server holds. Columns are named explicitly: MySQL 8 answers
 * in capitals whatever the statement says, MariaDB in the statement's own letters.
 */
export async function fetchInventory(database: Database): Promise<Inventory> {
  const server = onlyRow(
    await database.query(`SELECT VERSION() AS version, UNIX_TIMESTAMP(NOW(6)) AS asked`),
  );
  const askedAt = microsOf(textOf(server, 'asked'));
  return {
    version: textOf(server, 'version'),
    askedAt,
    startedAt: await fetchStart(database, askedAt),
    tables: await fetchTables(database),
    foreignKeys: await fetchForeignKeys(database),
    objects: await fetchObjects(database),
  };
}

async function fetchStart(database: Database, askedAt: EpochMicros): Promise<EpochMicros | null> {
  const [row] = await database.query(`SHOW GLOBAL STATUS LIKE 'Uptime'`);
  return row === undefined ? null : epochMicros(askedAt - numberOf(row, 'Value') * 1_000_000);
}

async function fetchTables(database: Database): Promise<Table[]> {
  const columns = groupBy(
    await database.query(`
      SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, COLUMN_NAME AS name, DATA_TYPE AS dataType,
             COLUMN_TYPE AS columnType, IS_NULLABLE AS nullable, COLUMN_DEFAULT AS defaultValue,
             LOWER(EXTRA) AS extra, COLLATION_NAME AS collation, GENERATION_EXPRESSION AS generation
      FROM information_schema.COLUMNS WHERE TABLE_SCHEMA NOT IN ${NOT_OURS}
      ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`),
  );
  const indexes = groupBy(
    await database.query(`
      SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, INDEX_NAME AS name, NON_UNIQUE AS nonUnique,
             COALESCE(COLUMN_NAME, '(expression)') AS columnName, SUB_PART AS subPart
      FROM information_schema.STATISTICS WHERE TABLE_SCHEMA NOT IN ${NOT_OURS}
      ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`),
  );
  const tables = await database.query(`
    SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, TABLE_ROWS AS estimatedRows, AUTO_INCREMENT AS autoIncrement,
           UNIX_TIMESTAMP(CREATE_TIME) AS created, UNIX_TIMESTAMP(UPDATE_TIME) AS updated,
           CREATE_OPTIONS AS options
    FROM information_schema.TABLES
    WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA NOT IN ${NOT_OURS}
    ORDER BY TABLE_SCHEMA, TABLE_NAME`);
  return tables.map((row) => ({
    schema: textOf(row, 's'),
    name: textOf(row, 't'),
    estimatedRows: Number(row['estimatedRows'] ?? 0),
    autoIncrement: row['autoIncrement'] ?? null,
    createdAt: momentOf(row['created']),
    updatedAt: momentOf(row['updated']),
    partitioned: (row['options'] ?? '').includes('partitioned'),
    columns: (columns.get(tableKey(row)) ?? []).map(toColumn),
    indexes: toIndexes(indexes.get(tableKey(row)) ?? []),
  }));
}

function toColumn(row: Row): Column {
  const extra = textOf(row, 'extra');
  const parts = [
    textOf(row, 'columnType'),
    textOf(row, 'nullable') === 'YES' ? 'null' : 'not null',
    row['defaultValue'] === null ? '' : `default ${row['defaultValue']}`,
    extra,
    row['collation'] ?? '',
    row['generation'] ?? '',
  ];
  return {
    name: textOf(row, 'name'),
    dataType: textOf(row, 'dataType').toLowerCase(),
    definition: parts.filter((part) => part !== '').join(' '),
    default: row['defaultValue'] ?? null,
    extra,
    generated: (row['generation'] ?? '') !== '',
  };
}

function toIndexes(rows: readonly Row[]): Index[] {
  const byName = new Map<string, { name: string; unique: boolean; columns: string[] }>();
  for (const row of rows) {
    const name = textOf(row, 'name');
    const index = byName.get(name) ?? { name, unique: textOf(row, 'nonUnique') === '0', columns: [] };
    const part = row['subPart'] === null ? '' : `(${row['subPart']})`;
    index.columns.push(`${textOf(row, 'columnName')}${part}`);
    byName.set(name, index);
  }
  return [...byName.values()];
}

async function fetchForeignKeys(database: Database): Promise<ForeignKey[]> {
  const rows = await database.query(`
    SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, CONSTRAINT_NAME AS name, COLUMN_NAME AS columnName,
           REFERENCED_TABLE_SCHEMA AS parentSchema, REFERENCED_TABLE_NAME AS parentTable,
           REFERENCED_COLUMN_NAME AS parentColumn
    FROM information_schema.KEY_COLUMN_USAGE
    WHERE REFERENCED_TABLE_NAME IS NOT NULL AND TABLE_SCHEMA NOT IN ${NOT_OURS}
    ORDER BY TABLE_SCHEMA, TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION`);
  const keys = new Map<string, ForeignKey & { columns: string[]; parentColumns: string[] }>();
  for (const row of rows) {
    const id = JSON.stringify([row['s'], row['t'], row['name']]);
    const key = keys.get(id) ?? {
      schema: textOf(row, 's'),
      table: textOf(row, 't'),
      name: textOf(row, 'name'),
      columns: [],
      parentSchema: textOf(row, 'parentSchema'),
      parentTable: textOf(row, 'parentTable'),
      parentColumns: [],
    };
    key.columns.push(textOf(row, 'columnName'));
    key.parentColumns.push(textOf(row, 'parentColumn'));
    keys.set(id, key);
  }
  return [...keys.values()];
}

/** One statement each: the names of their columns have collations that a UNION cannot join. */
const OBJECTS = [
  `SELECT 'view' AS kind, TABLE_SCHEMA AS s, TABLE_NAME AS name, VIEW_DEFINITION AS body, NULL AS changed
   FROM information_schema.VIEWS WHERE TABLE_SCHEMA NOT IN ${NOT_OURS}`,
  `SELECT LOWER(ROUTINE_TYPE) AS kind, ROUTINE_SCHEMA AS s, ROUTINE_NAME AS name, ROUTINE_DEFINITION AS body,
          UNIX_TIMESTAMP(LAST_ALTERED) AS changed
   FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA NOT IN ${NOT_OURS}`,
  `SELECT 'trigger' AS kind, TRIGGER_SCHEMA AS s, TRIGGER_NAME AS name,
          CONCAT_WS(' ', ACTION_TIMING, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_STATEMENT) AS body,
          UNIX_TIMESTAMP(CREATED) AS changed
   FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA NOT IN ${NOT_OURS}`,
  `SELECT 'event' AS kind, EVENT_SCHEMA AS s, EVENT_NAME AS name, EVENT_DEFINITION AS body,
          UNIX_TIMESTAMP(LAST_ALTERED) AS changed
   FROM information_schema.EVENTS WHERE EVENT_SCHEMA NOT IN ${NOT_OURS}`,
];
const KINDS: readonly StoredObject['kind'][] = ['view', 'procedure', 'function', 'trigger', 'event'];

async function fetchObjects(database: Database): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  for (const sql of OBJECTS) {
    for (const row of await database.query(sql)) {
      const kind = KINDS.find((each) => each === row['kind']);
      if (kind === undefined) continue; // MariaDB's packages
      const body = row['body'] ?? '';
      objects.push({
        kind,
        schema: textOf(row, 's'),
        name: textOf(row, 'name'),
        digest: body === '' ? null : createHash('sha256').update(body).digest('hex'),
        changedAt: momentOf(row['changed']),
      });
    }
  }
  return objects;
}

function groupBy(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(tableKey(row));
    if (group === undefined) groups.set(tableKey(row), [row]);
    else group.push(row);
  }
  return groups;
}

function tableKey(row: Row): string {
  return JSON.stringify([row['s'], row['t']]);
}

/** UNIX_TIMESTAMP as text, whole or with up to six decimals. */
function microsOf(seconds: string): EpochMicros {
  const [whole = '0', fraction = ''] = seconds.split('.');
  return epochMicros(Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6)));
}

function momentOf(seconds: string | null | undefined): EpochMicros | null {
  return seconds === null || seconds === undefined ? null : microsOf(seconds);
}
