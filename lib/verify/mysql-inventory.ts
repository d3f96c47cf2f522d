import { createHash } from 'node:crypto';
import { epochMicros, type EpochMicros } from '../time';
import { groupByTable, microsOf, momentOf, tableKey } from './catalogue-rows';
import { numberOf, onlyRow, textOf, type Database, type Row } from './database';
import {
  fullName,
  type Column,
  type ForeignKey,
  type Index,
  type Inventory,
  type Numbering,
  type StoredObject,
  type Table,
} from './inventory';

const NOT_OURS = `('mysql', 'information_schema', 'performance_schema', 'sys')`;

/**
 * Reads from information_schema what the server holds. Columns are named explicitly: MySQL 8 answers
 * in capitals whatever the statement says, MariaDB in the statement's own letters.
 */
export async function fetchMysqlInventory(database: Database): Promise<Inventory> {
  const server = onlyRow(
    await database.query(`SELECT VERSION() AS version, UNIX_TIMESTAMP(NOW(6)) AS asked`),
  );
  const askedAt = microsOf(textOf(server, 'asked'));
  const version = textOf(server, 'version');
  const objects = [
    ...(await fetchDatabases(database)),
    ...(await fetchConstraints(database)),
    ...(await fetchObjects(database)),
  ];
  const unread = objects.filter(({ digest }) => digest === null).map((one) => `${one.kind} ${fullName(one)}`);
  const lacking = await fetchLackingRights(database, version);
  return {
    version,
    askedAt,
    startedAt: await fetchStart(database, askedAt),
    tables: await fetchTables(database),
    foreignKeys: await fetchForeignKeys(database),
    sequences: [],
    objects,
    commitTimes: false,
    notSeen: [
      ...(lacking.length === 0
        ? []
        : [
            `databases, tables, routines, triggers and events that this user has no rights to: it is granted no ${lacking.join(', ')} on *.*`,
          ]),
      ...(unread.length === 0
        ? []
        : [`whether these are the same, whose text this user may not read: ${unread.join(', ')}`]),
    ],
  };
}

/** A server does not tell of what its user has no rights to. MySQL shows routines to whoever may SELECT, MariaDB to whoever may EXECUTE. */
async function fetchLackingRights(database: Database, version: string): Promise<string[]> {
  const rows = await database.query('SHOW GRANTS');
  const everywhere = rows
    .flatMap((row) => Object.values(row))
    .flatMap((line) => /^GRANT (.*?) ON [*][.][*] TO /.exec(line ?? '')?.[1]?.split(', ') ?? []);
  if (everywhere.includes('ALL PRIVILEGES')) return [];
  return [
    'SELECT',
    'SHOW VIEW',
    'TRIGGER',
    'EVENT',
    ...(version.includes('MariaDB') ? ['EXECUTE'] : []),
  ].filter((right) => !everywhere.includes(right));
}

async function fetchStart(database: Database, askedAt: EpochMicros): Promise<EpochMicros | null> {
  const [row] = await database.query(`SHOW GLOBAL STATUS LIKE 'Uptime'`);
  return row === undefined ? null : epochMicros(askedAt - numberOf(row, 'Value') * 1_000_000);
}

async function fetchTables(database: Database): Promise<Table[]> {
  const columns = groupByTable(
    await database.query(`
      SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, COLUMN_NAME AS name, DATA_TYPE AS dataType,
             COLUMN_TYPE AS columnType, IS_NULLABLE AS nullable, COLUMN_DEFAULT AS defaultValue,
             LOWER(EXTRA) AS extra, COLLATION_NAME AS collation, GENERATION_EXPRESSION AS generation
      FROM information_schema.COLUMNS WHERE TABLE_SCHEMA NOT IN ${NOT_OURS}
      ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`),
  );
  const indexes = groupByTable(
    // MySQL and MariaDB each have columns that the other lacks
    await database.query(`
      SELECT STATISTICS.*, TABLE_SCHEMA AS s, TABLE_NAME AS t, INDEX_NAME AS name, NON_UNIQUE AS nonUnique,
             COLUMN_NAME AS columnName, SUB_PART AS subPart, INDEX_TYPE AS indexType, COLLATION AS direction
      FROM information_schema.STATISTICS WHERE TABLE_SCHEMA NOT IN ${NOT_OURS}
      ORDER BY TABLE_SCHEMA, TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`),
  );
  const tables = await database.query(`
    SELECT TABLE_SCHEMA AS s, TABLE_NAME AS t, TABLE_ROWS AS estimatedRows, AUTO_INCREMENT AS autoIncrement,
           UNIX_TIMESTAMP(CREATE_TIME) AS created, UNIX_TIMESTAMP(UPDATE_TIME) AS updated,
           CREATE_OPTIONS AS options, CONCAT_WS(' ', ENGINE, TABLE_COLLATION) AS details
    FROM information_schema.TABLES
    WHERE TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA NOT IN ${NOT_OURS}
    ORDER BY TABLE_SCHEMA, TABLE_NAME`);
  return tables.map((row) => ({
    schema: textOf(row, 's'),
    name: textOf(row, 't'),
    estimatedRows: Number(row['estimatedRows'] ?? 0),
    numbering: numberingOf(row['autoIncrement'] ?? null, columns.get(tableKey(row)) ?? []),
    createdAt: momentOf(row['created']),
    updatedAt: momentOf(row['updated']),
    partitioned: (row['options'] ?? '').includes('partitioned'),
    partitionOf: null,
    details: textOf(row, 'details'),
    columns: (columns.get(tableKey(row)) ?? []).map(toColumn),
    indexes: toIndexes(indexes.get(tableKey(row)) ?? []),
  }));
}

function numberingOf(next: string | null, columns: readonly Row[]): Numbering[] {
  const column = columns.find((row) => textOf(row, 'extra').includes('auto_increment'));
  return next === null || column === undefined ? [] : [{ column: textOf(column, 'name'), next }];
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
  const byName = new Map<string, Index & { columns: string[]; details: string }>();
  for (const row of rows) {
    const name = textOf(row, 'name');
    const index = byName.get(name) ?? {
      name,
      unique: textOf(row, 'nonUnique') === '0',
      columns: [],
      primary: name === 'PRIMARY',
      details: [
        textOf(row, 'indexType'),
        ...(row['IS_VISIBLE'] === 'NO' || row['IGNORED'] === 'YES' ? ['not used'] : []),
      ].join(' '),
    };
    const part = row['subPart'] === null ? '' : `(${row['subPart']})`;
    const column = row['columnName'] ?? `(${row['EXPRESSION'] ?? 'expression'})`;
    index.columns.push(`${column}${part}`);
    if (row['direction'] === 'D') index.details += ` ${column} DESC`;
    byName.set(name, index);
  }
  return [...byName.values()];
}

async function fetchForeignKeys(database: Database): Promise<ForeignKey[]> {
  const rules = await fetchRules(database);
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
      details: rules.get(id) ?? '',
    };
    key.columns.push(textOf(row, 'columnName'));
    key.parentColumns.push(textOf(row, 'parentColumn'));
    keys.set(id, key);
  }
  return [...keys.values()];
}

/** What becomes of a row whose parent changes. */
async function fetchRules(database: Database): Promise<ReadonlyMap<string, string>> {
  const rows = await database.query(`
    SELECT CONSTRAINT_SCHEMA AS s, TABLE_NAME AS t, CONSTRAINT_NAME AS name,
           UPDATE_RULE AS onUpdate, DELETE_RULE AS onDelete
    FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA NOT IN ${NOT_OURS}`);
  return new Map(
    rows.map((row) => [
      JSON.stringify([row['s'], row['t'], row['name']]),
      `ON UPDATE ${textOf(row, 'onUpdate')} ON DELETE ${textOf(row, 'onDelete')}`,
    ]),
  );
}

/** A database has no time of its own: it counts as made with the oldest of its tables. */
async function fetchDatabases(database: Database): Promise<StoredObject[]> {
  const rows = await database.query(`
    SELECT SCHEMA_NAME AS name, DEFAULT_COLLATION_NAME AS body,
           (SELECT UNIX_TIMESTAMP(MIN(CREATE_TIME)) FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = SCHEMA_NAME AND TABLE_TYPE = 'BASE TABLE') AS changed
    FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN ${NOT_OURS}`);
  return rows.map((row) => ({
    kind: 'database',
    schema: null,
    name: textOf(row, 'name'),
    digest: digestOf(textOf(row, 'body')),
    changedAt: momentOf(row['changed']),
  }));
}

/**
 * CHECK constraints, which MySQL has since 8.0.16. Their names are unique to a database in MySQL,
 * and to a table in MariaDB, which therefore tells the table in both views.
 */
async function fetchConstraints(database: Database): Promise<StoredObject[]> {
  const known = await database.query(
    `SELECT 1 AS known FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = 'information_schema' AND TABLE_NAME = 'CHECK_CONSTRAINTS'`,
  );
  if (known.length === 0) return [];
  const rows = await database.query(`
    SELECT c.*, c.CONSTRAINT_SCHEMA AS s, c.CONSTRAINT_NAME AS name, c.CHECK_CLAUSE AS body, t.TABLE_NAME AS t
    FROM information_schema.CHECK_CONSTRAINTS c
    JOIN information_schema.TABLE_CONSTRAINTS t
      ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME AND t.CONSTRAINT_TYPE = 'CHECK'
    WHERE c.CONSTRAINT_SCHEMA NOT IN ${NOT_OURS}`);
  return rows
    .filter((row) => row['TABLE_NAME'] === undefined || row['TABLE_NAME'] === row['t'])
    .map((row) => ({
      kind: 'constraint',
      schema: textOf(row, 's'),
      name: `${textOf(row, 't')}.${textOf(row, 'name')}`,
      digest: digestOf(textOf(row, 'body')),
      changedAt: null,
    }));
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** One statement each: the names of their columns have collations that a UNION cannot join. */
const OBJECTS = [
  `SELECT 'view' AS kind, TABLE_SCHEMA AS s, TABLE_NAME AS name, VIEW_DEFINITION AS body, NULL AS changed,
          CONCAT_WS(' ', DEFINER, SECURITY_TYPE, CHECK_OPTION) AS more
   FROM information_schema.VIEWS WHERE TABLE_SCHEMA NOT IN ${NOT_OURS}`,
  `SELECT LOWER(ROUTINE_TYPE) AS kind, ROUTINE_SCHEMA AS s, ROUTINE_NAME AS name, ROUTINE_DEFINITION AS body,
          UNIX_TIMESTAMP(LAST_ALTERED) AS changed,
          CONCAT_WS(' ', DEFINER, SECURITY_TYPE, SQL_MODE, DTD_IDENTIFIER) AS more
   FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA NOT IN ${NOT_OURS}`,
  `SELECT 'trigger' AS kind, TRIGGER_SCHEMA AS s, TRIGGER_NAME AS name,
          CONCAT_WS(' ', ACTION_TIMING, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, ACTION_STATEMENT) AS body,
          UNIX_TIMESTAMP(CREATED) AS changed, CONCAT_WS(' ', DEFINER, SQL_MODE, ACTION_ORDER) AS more
   FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA NOT IN ${NOT_OURS}`,
  `SELECT 'event' AS kind, EVENT_SCHEMA AS s, EVENT_NAME AS name, EVENT_DEFINITION AS body,
          UNIX_TIMESTAMP(LAST_ALTERED) AS changed,
          CONCAT_WS(' ', DEFINER, SQL_MODE, INTERVAL_VALUE, INTERVAL_FIELD,
                    CASE EVENT_TYPE WHEN 'RECURRING' THEN STATUS END) AS more
   FROM information_schema.EVENTS WHERE EVENT_SCHEMA NOT IN ${NOT_OURS}`,
];
const KINDS: readonly StoredObject['kind'][] = ['view', 'procedure', 'function', 'trigger', 'event'];

async function fetchObjects(database: Database): Promise<StoredObject[]> {
  const parameters = await fetchParameters(database);
  const objects: StoredObject[] = [];
  for (const sql of OBJECTS) {
    for (const row of await database.query(sql)) {
      const kind = KINDS.find((each) => each === row['kind']);
      if (kind === undefined) continue; // MariaDB's packages
      const body = row['body'] ?? '';
      const of = parameters.get(JSON.stringify([kind, row['s'], row['name']])) ?? [];
      objects.push({
        kind,
        schema: textOf(row, 's'),
        name: textOf(row, 'name'),
        digest: body === '' ? null : digestOf([row['more'] ?? '', ...of, body].join('\n')),
        changedAt: momentOf(row['changed']),
      });
    }
  }
  return objects;
}

/** Of each routine, in their order: its body does not tell them. */
async function fetchParameters(database: Database): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await database.query(`
    SELECT LOWER(ROUTINE_TYPE) AS kind, SPECIFIC_SCHEMA AS s, SPECIFIC_NAME AS name,
           CONCAT_WS(' ', PARAMETER_MODE, PARAMETER_NAME, DTD_IDENTIFIER) AS parameter
    FROM information_schema.PARAMETERS WHERE SPECIFIC_SCHEMA NOT IN ${NOT_OURS}
    ORDER BY SPECIFIC_SCHEMA, SPECIFIC_NAME, ORDINAL_POSITION`);
  const found = new Map<string, string[]>();
  for (const row of rows) {
    const id = JSON.stringify([row['kind'], row['s'], row['name']]);
    found.set(id, [...(found.get(id) ?? []), textOf(row, 'parameter')]);
  }
  return found;
}
