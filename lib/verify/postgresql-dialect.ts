import type { KeyColumn, SqlCondition, SqlDialect } from './database';
import type { Column } from './inventory';
import { fetchPostgresInventory } from './postgresql-inventory';
import { fetchPostgresUsers, fetchPostgresWriterState } from './postgresql-server';

/** PostgreSQL 12 and later, in a session in UTC with ISO dates. */
export const postgresDialect: SqlDialect = {
  name: 'postgresql',
  quoted,
  clockKind,
  // in UTC the cast only takes the offset away
  wallTime: (expression) => `(${expression})::timestamp::text`,
  rowHash,
  checksum,
  // every type's text can be read back, and a parameter gets its column's type
  keyColumn: ({ name }) => ({ name, select: `${quoted(name)}::text`, value: (text) => text }),
  beyond,
  fetchInventory: fetchPostgresInventory,
  fetchUsers: fetchPostgresUsers,
  fetchWriterState: fetchPostgresWriterState,
};

function quoted(...names: readonly string[]): string {
  return names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.');
}

function clockKind(dataType: string): 'timestamp' | 'datetime' | undefined {
  if (dataType === 'timestamp with time zone') return 'timestamp';
  return dataType === 'timestamp without time zone' ? 'datetime' : undefined;
}

/** PostgreSQL compares rows as a whole, and walks an index by it. */
function beyond(key: readonly KeyColumn[], texts: readonly string[], sign: '>' | '<='): SqlCondition {
  const names = key.map(({ name }) => quoted(name)).join(', ');
  return {
    sql: `(${names}) ${sign} (${key.map(() => '?').join(', ')})`,
    values: key.map(({ value }, i) => value(texts[i] ?? '')),
  };
}

/** The text of a row quotes what needs it, and has nothing at all for NULL. */
function rowHash(columns: readonly Column[]): string {
  if (columns.length === 0) return `''`;
  return `md5(ROW(${columns.map(({ name }) => quoted(name)).join(', ')})::text)`;
}

function checksum(hash: string): string {
  // 15 digits to a sum: they fit a bigint, and sums of these are numeric
  const part = (from: number): string =>
    `COALESCE(SUM(('x' || substr(${hash}, ${from}, 15))::bit(60)::bigint), 0)`;
  return `concat_ws(' ', COUNT(*), ${part(1)}, ${part(16)})`;
}
