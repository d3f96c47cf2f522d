import { createHash } from 'node:crypto';
import { groupByTable, microsOf, tableKey } from './catalogue-rows';
import { numberOf, onlyRow, textOf, type Database, type Row } from './database';
import {
  fullName,
  type Column,
  type ForeignKey,
  type Inventory,
  type Sequence,
  type StoredObject,
  type Table,
} from './inventory';

const OURS = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'`;
/** What an extension brought along is as good as the extension. */
const ofExtension = (catalogue: string, oid: string): string =>
  `EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = '${catalogue}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;
const IS_TABLE = `c.relkind IN ('r', 'p') AND ${OURS} AND NOT ${ofExtension('pg_class', 'c.oid')}`;

/** Reads from the catalogue what the session's database holds. */
export async function fetchPostgresInventory(database: Database): Promise<Inventory> {
  const server = onlyRow(
    await database.query(`
      SELECT version() AS version, extract(epoch FROM clock_timestamp()) AS asked,
            
             current_setting('track_commit_timestamp') AS "commitTimes", current_database() AS here,
             (SELECT string_agg(datname, ', ' ORDER BY datname) FROM pg_database
              WHERE NOT datistemplate AND datname NOT IN (current_database(), 'rdsadmin')) AS others,
             has_table_privilege('pg_authid', 'SELECT') AS passwords`),
  );
  const others = server['others'] ?? '';
  const sequences = await fetchSequences(database);
  const objects = await fetchObjects(database);
  const foreign = objects.filter(({ kind }) => kind === 'foreign table').map(fullName);
  return {
    version: textOf(server, 'version'),
    askedAt: microsOf(textOf(server, 'asked')),
    // it is by this that other servers' notes of writes count; PostgreSQL keeps none
    startedAt: null,
    tables: await fetchTables(database, sequences),
    foreignKeys: await fetchForeignKeys(database),
    sequences: sequences.flatMap((sequence) =>
      sequence.next === null || sequence.numbers.length > 0 ? [] : { ...sequence, next: sequence.next },
    ),
    objects,
    commitTimes: server['commitTimes'] === 'on',
    notSeen: [
      ...(others === ''
        ? []
        : [`other databases of the cluster (${others}): only '${textOf(server, 'here')}' was looked at`]),
      ...(server['passwords'] === 't' ? [] : ["users' passwords: this user may not read their hashes"]),
      ...sequences
        .filter(({ next }) => next === null)
        .map((sequence) => `where sequence ${fullName(sequence)} is: this user may not read it`),
      ...(foreign.length === 0 ? [] : [`the rows of foreign tables (${foreign.join(', ')})`]),
      "large objects, and a materialized view's rows",
    ],
  };
}

async function fetchTables(database: Database, sequences: readonly ReadSequence[]): Promise<Table[]> {
  const columns = groupByTable(
    await database.query(`
      SELECT n.nspname AS s, c.relname AS t, a.attname AS name, format_type(a.atttypid, NULL) AS "dataType",
             format_type(a.atttypid, a.atttypmod) AS "columnType", a.attnotnull AS "notNull",
             pg_get_expr(d.adbin, d.adrelid) AS "defaultValue", a.attidentity AS identity,
             a.attgenerated AS generated, l.collname AS collation
      FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
      LEFT JOIN pg_collation l ON l.oid = a.attcollation
      WHERE ${IS_TABLE} AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY n.nspname, c.relname, a.attnum`),
  );
  const indexes = groupByTable(
    await database.query(`
      SELECT n.nspname AS s, c.relname AS t, i.relname AS name, x.indisunique AS "unique", x.indisprimary AS "primary",
             pg_get_indexdef(x.indexrelid) || CASE WHEN x.indisvalid THEN '' ELSE ' (invalid)' END AS definition,
             (SELECT json_agg(COALESCE(a.attname, '(expression)') ORDER BY k.position)
              FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
              LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum AND k.attnum > 0
              WHERE k.position <= x.indnkeyatts) AS columns
      FROM pg_index x
      JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_class i ON i.oid = x.indexrelid
      WHERE ${IS_TABLE}
      ORDER BY n.nspname, c.relname, i.relname`),
  );
  const numbering = groupByTable(
    sequences.flatMap(({ next, numbers }) => (next === null ? [] : numbers.map((row) => ({ ...row, next })))),
  );
  const restamped = groupByTable(await database.query(RESTAMPING_TRIGGERS));
  const tables = await database.query(`
    SELECT n.nspname AS s, c.relname AS t, c.relkind = 'p' AS partitioned, (SELECT concat(rn.nspname, '.', rc.relname) FROM pg_class rc JOIN pg_namespace rn ON rn.oid = rc.relnamespace
            WHERE c.relispartition AND rc.oid = pg_partition_root(c.oid)) AS "partitionOf",
           concat_ws(' ', CASE c.relpersistence WHEN 'u' THEN 'unlogged' END,
                     CASE WHEN c.relrowsecurity THEN 'row security' END,
                     CASE WHEN c.relforcerowsecurity THEN 'forced' END,
                     pg_get_expr(c.relpartbound, c.oid)) AS details,
           (SELECT COALESCE(SUM(CASE WHEN l.reltuples >= 0 THEN l.reltuples ELSE pg_relation_size(l.oid) / 100 END), 0)
            FROM pg_class l WHERE CASE WHEN c.relkind = 'p'
              THEN l.oid IN (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf) ELSE l.oid = c.oid END)::bigint AS "estimatedRows"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${IS_TABLE}
    ORDER BY n.nspname, c.relname`);
  return tables.map((row) => {
    const key = tableKey(row);
    const triggers = (restamped.get(key) ?? []).map((trigger) => textOf(trigger, 'source'));
    return {
      schema: textOf(row, 's'),
      name: textOf(row, 't'),
      estimatedRows: numberOf(row, 'estimatedRows'),
      numbering: (numbering.get(key) ?? []).map((each) => ({
        column: textOf(each, 'columnName'),
        next: textOf(each, 'next'),
      })),
      // PostgreSQL keeps neither
      createdAt: null,
      updatedAt: null,
      partitioned: row['partitioned'] === 't',
      partitionOf: row['partitionOf'] ?? null,
      details: textOf(row, 'details'),
      columns: (columns.get(key) ?? []).map((column) => toColumn(column, triggers)),
      indexes: (indexes.get(key) ?? []).map((index) => ({
        name: textOf(index, 'name'),
        unique: index['unique'] === 't',
        primary: index['primary'] === 't',
        columns: JSON.parse(textOf(index, 'columns')) as string[],
        details: textOf(index, 'definition'),
      })),
    };
  });
}

interface ReadSequence extends Omit<Sequence, 'next'> {
  /** Null where this user may not read it. */
  readonly next: string | null;
  /** Columns that hold the very numbers that it gives, by serial, identity or a default of nextval. */
  readonly numbers: readonly Row[];
}

const SEQUENCES = `
  SELECT n.nspname AS s, c.relname AS name, q.seqincrement AS step,
         has_schema_privilege(n.oid, 'USAGE') AND has_sequence_privilege(c.oid, 'SELECT') AS readable
  FROM pg_sequence q JOIN pg_class c ON c.oid = q.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${OURS} AND NOT ${ofExtension('pg_class', 'c.oid')}
  ORDER BY 1, 2`;

/** Of whole numbers that go up: of a text such as 'INV-' || nextval the highest says nothing. */
const NUMBERED_COLUMNS = `
  SELECT DISTINCT n.nspname AS s, c.relname AS t, a.attname AS "columnName",
         sn.nspname AS "sequenceSchema", sc.relname AS "sequenceName"
  FROM (SELECT d.refobjid AS sequence, ad.adrelid AS relation, ad.adnum AS position
        FROM pg_depend d JOIN pg_attrdef ad ON d.classid = 'pg_attrdef'::regclass AND d.objid = ad.oid
        WHERE d.refclassid = 'pg_class'::regclass
        UNION
        SELECT d.objid, d.refobjid, d.refobjsubid FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i' AND d.refobjsubid > 0
       ) AS numbered
  JOIN pg_sequence q ON q.seqrelid = numbered.sequence AND q.seqincrement > 0
  JOIN pg_class sc ON sc.oid = q.seqrelid JOIN pg_namespace sn ON sn.oid = sc.relnamespace
  JOIN pg_class c ON c.oid = numbered.relation JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = numbered.position
  WHERE ${IS_TABLE} AND a.atttypid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
  ORDER BY 1, 2, 3`;

/** With the next number of each: the sequence itself alone knows it, also where it has given out none yet. */
async function fetchSequences(database: Database): Promise<ReadSequence[]> {
  const sequences = await database.query(SEQUENCES);
  const columns = await database.query(NUMBERED_COLUMNS);
  const { quoted } = database.dialect;
  const reads = sequences.flatMap((row, i) => {
    if (row['readable'] !== 't') return [];
    const next = `last_value + CASE WHEN is_called THEN ${textOf(row, 'step')} ELSE 0 END`;
    return `SELECT ${i} AS i, ${next} AS next FROM ${quoted(textOf(row, 's'), textOf(row, 'name'))}`;
  });
  const nexts = reads.length === 0 ? [] : await database.query(reads.join(' UNION ALL '));
  const nextOf = new Map(nexts.map((row) => [numberOf(row, 'i'), textOf(row, 'next')]));
  return sequences.map((row, i) => ({
    schema: textOf(row, 's'),
    name: textOf(row, 'name'),
    next: nextOf.get(i) ?? null,
    numbers: columns.filter(
      (column) => column['sequenceSchema'] === row['s'] && column['sequenceName'] === row['name'],
    ),
  }));
}

/** Functions that run before each UPDATE of a row. */
const RESTAMPING_TRIGGERS = `
  SELECT n.nspname AS s, c.relname AS t, p.prosrc AS source
  FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid
  JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${IS_TABLE} AND NOT g.tgisinternal AND g.tgenabled <> 'D' AND g.tgtype & 19 = 19`;

function toColumn(row: Row, triggers: readonly string[]): Column {
  const name = textOf(row, 'name');
  const generated = textOf(row, 'generated') !== '';
  const expression = row['defaultValue'] ?? null;
  const identity = { a: 'generated always as identity', d: 'generated by default as identity' };
  const parts = [
    textOf(row, 'columnType'),
    row['notNull'] === 't' ? 'not null' : 'null',
    expression === null ? '' : `${generated ? 'generated' : 'default'} ${expression}`,
    Object.entries(identity).find(([letter]) => letter === row['identity'])?.[1] ?? '',
    row['collation'] === null ? '' : `collate ${row['collation']}`,
  ];
  return {
    name,
    dataType: textOf(row, 'dataType'),
    definition: parts.filter((part) => part !== '').join(' '),
    default: generated ? null : expression,
    extra: triggers.some((source) => stampsAgain(source, name)) ? 'on update current_timestamp' : '',
    generated,
  };
}

const NOW =
  '(?:now|current_timestamp|transaction_timestamp|statement_timestamp|clock_timestamp|localtimestamp)\\b';

/** `NEW.updated_at := now()`, or with `=`. */
function stampsAgain(source: string, column: string): boolean {
  const name = column.replace(/[^\w]/g, '\\$&');
  return new RegExp(`\\bnew[.]"?${name}"?\\s*:?=\\s*${NOW}`, 'i').test(source);
}

async function fetchForeignKeys(database: Database): Promise<ForeignKey[]> {
  const names = (keys: string, relation: string): string => `
    (SELECT json_agg(a.attname ORDER BY k.position) FROM unnest(${keys}) WITH ORDINALITY AS k (attnum, position)
     JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.attnum)`;
  const rows = await database.query(`
    SELECT n.nspname AS s, c.relname AS t, o.conname AS name, ${names('o.conkey', 'o.conrelid')} AS columns,
           pn.nspname AS "parentSchema", pc.relname AS "parentTable", ${names('o.confkey', 'o.confrelid')} AS "parentColumns",
           pg_get_constraintdef(o.oid) AS definition
    FROM pg_constraint o
    JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_class pc ON pc.oid = o.confrelid JOIN pg_namespace pn ON pn.oid = pc.relnamespace
    WHERE o.contype = 'f' AND ${IS_TABLE}
    ORDER BY n.nspname, c.relname, o.conname`);
  return rows.map((row) => ({
    schema: textOf(row, 's'),
    table: textOf(row, 't'),
    name: textOf(row, 'name'),
    columns: JSON.parse(textOf(row, 'columns')) as string[],
    parentSchema: textOf(row, 'parentSchema'),
    parentTable: textOf(row, 'parentTable'),
    parentColumns: JSON.parse(textOf(row, 'parentColumns')) as string[],
    details: textOf(row, 'definition'),
  }));
}

const OBJECTS = [
  `SELECT 'schema' AS kind, NULL AS s, n.nspname AS name, '' AS body FROM pg_namespace n
   WHERE ${OURS} AND NOT ${ofExtension('pg_namespace', 'n.oid')}`,
  `SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind, n.nspname AS s, c.relname AS name,
          pg_get_viewdef(c.oid) AS body
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('v', 'm') AND ${OURS} AND NOT ${ofExtension('pg_class', 'c.oid')}`,
  `SELECT 'foreign table' AS kind, n.nspname AS s, c.relname AS name,
          concat_ws(' ', v.srvname, f.ftoptions,
                    (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attfdwoptions), ',' ORDER BY a.attnum)
                     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)) AS body
   FROM pg_foreign_table f JOIN pg_foreign_server v ON v.oid = f.ftserver
   JOIN pg_class c ON c.oid = f.ftrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE ${OURS} AND NOT ${ofExtension('pg_class', 'c.oid')}`,
  `SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind, n.nspname AS s,
          p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name,
          CASE WHEN p.prokind = 'a' THEN 'aggregate' ELSE pg_get_functiondef(p.oid) END AS body
   FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE ${OURS} AND NOT ${ofExtension('pg_proc', 'p.oid')}`,
  `SELECT 'trigger' AS kind, n.nspname AS s, c.relname || '.' || g.tgname AS name,
          concat_ws(' ', pg_get_triggerdef(g.oid), g.tgenabled) AS body
   FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE NOT g.tgisinternal AND ${OURS}`,
  `SELECT 'sequence' AS kind, q.schemaname AS s, q.sequencename AS name,
          concat_ws(' ', q.data_type, q.start_value, q.min_value, q.max_value, q.increment_by, q.cycle) AS body
   FROM pg_sequences q JOIN pg_namespace n ON n.nspname = q.schemaname WHERE ${OURS}`,
  `SELECT 'type' AS kind, n.nspname AS s, t.typname AS name,
          CASE t.typtype
            WHEN 'e' THEN (SELECT string_agg(l.enumlabel, ',' ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid)
            WHEN 'd' THEN concat_ws(' ', format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
              (SELECT string_agg(pg_get_constraintdef(o.oid), ' ' ORDER BY o.conname) FROM pg_constraint o WHERE o.contypid = t.oid))
            WHEN 'c' THEN (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ',' ORDER BY a.attnum)
              FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
            ELSE 'range' END AS body
   FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
   WHERE t.typtype IN ('e', 'd', 'c', 'r') AND COALESCE(c.relkind, 'c') = 'c' AND ${OURS} AND NOT ${ofExtension('pg_type', 't.oid')}`,
  `SELECT 'extension' AS kind, n.nspname AS s, x.extname AS name, x.extversion AS body
   FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace`,
  `SELECT 'constraint' AS kind, n.nspname AS s, c.relname || '.' || o.conname AS name, pg_get_constraintdef(o.oid) AS body
   FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE o.contype IN ('c', 'x') AND ${IS_TABLE}`,
  `SELECT 'policy' AS kind, q.schemaname AS s, q.tablename || '.' || q.policyname AS name,
          concat_ws(' ', q.permissive, q.roles, q.cmd, q.qual, q.with_check) AS body FROM pg_policies q`,
];
const KINDS: readonly StoredObject['kind'][] = [
  'schema',
  'view',
  'materialized view',
  'foreign table',
  'procedure',
  'function',
  'trigger',
  'sequence',
  'type',
  'extension',
  'constraint',
  'policy',
];

async function fetchObjects(database: Database): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  for (const sql of OBJECTS) {
    for (const row of await database.query(sql)) {
      const kind = KINDS.find((each) => each === row['kind']);
      if (kind === undefined) throw new Error(`'${String(row['kind'])}' is no kind of object`);
      objects.push({
        kind,
        schema: row['s'] ?? null,
        name: textOf(row, 'name'),
        digest: createHash('sha256')
          .update(row['body'] ?? '')
          .digest('hex'),
        changedAt: null,
      });
    }
  }
  return objects;
}
