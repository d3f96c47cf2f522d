import type { KeyColumn, SqlCondition, SqlDialect, SqlValue } from './database';
import type { Column } from './inventory';
import { fetchMysqlInventory } from './mysql-inventory';
import { fetchMysqlUsers, fetchMysqlWriterState } from './mysql-server';

/** MySQL and MariaDB. */
export const mysqlDialect: SqlDialect = {
  name: 'mysql',
  quoted,
  clockKind: (dataType) => (dataType === 'timestamp' || dataType === 'datetime' ? dataType : undefined),
  wallTime: (expression) => expression,
  rowHash,
  checksum,
  keyColumn,
  beyond,
  fetchInventory: fetchMysqlInventory,
  fetchUsers: fetchMysqlUsers,
  fetchWriterState: fetchMysqlWriterState,
};

function quoted(...names: readonly string[]): string {
  return names.map((name) => `\`${name.replaceAll('`', '``')}\``).join('.');
}

const WHOLE_NUMBERS = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'year'];
const TEXTS = ['char', 'varchar', 'date', 'datetime', 'timestamp', 'time'];
const BYTES = ['binary', 'varbinary'];
const OPAQUE = /blob$|^(bit|binary|varbinary|geometry|point|linestring|polygon|multi.*|geom.*)$/;

function keyColumn({ name, dataType }: Column): KeyColumn | undefined {
  const select = quoted(name);
  // a number as a number: MySQL compares a BIGINT with a text as doubles, which are equal too early
  if (WHOLE_NUMBERS.includes(dataType)) return { name, select, value: (text) => BigInt(text) };
  if (TEXTS.includes(dataType)) return { name, select, value: (text) => text };
  if (!BYTES.includes(dataType)) return undefined;
  return { name, select: `HEX(${select})`, value: (text) => Buffer.from(text, 'hex') };
}

/** `a > 1 OR (a = 1 AND b > 2)`: MySQL walks an index by this form, and not by `(a, b) > (1, 2)`. */
function beyond(key: readonly KeyColumn[], texts: readonly string[], sign: '>' | '<='): SqlCondition {
  const strict = sign === '>' ? '>' : '<';
  const values: SqlValue[] = [];
  const add = (index: number): void => {
    values.push(key[index]?.value(texts[index] ?? '') ?? '');
  };
  const alternatives = key.map((column, i) => {
    const equal = key.slice(0, i).map((each, j) => {
      add(j);
      return `${quoted(each.name)} = ?`;
    });
    add(i);
    return [...equal, `${quoted(column.name)} ${i === key.length - 1 ? sign : strict} ?`].join(' AND ');
  });
  return { sql: alternatives.map((each) => `(${each})`).join(' OR '), values };
}

/**
 * Each value is hashed by itself: in capitals of HEX a long one would be longer than
 * max_allowed_packet, and what is too long becomes NULL with no more than a warning. NULL that was
 * not NULL in the row makes the hash NULL, which nothing takes for equal.
 */
function rowHash(columns: readonly Column[]): string {
  if (columns.length === 0) return `''`;
  const values = columns.map(
    (column) => `CASE WHEN ${quoted(column.name)} IS NULL THEN '-' ELSE MD5(${textOrBytes(column)}) END`,
  );
  return `MD5(CONCAT(${values.join(', ')}))`;
}

function textOrBytes({ name, dataType }: Column): string {
  if (OPAQUE.test(dataType)) return quoted(name);
  // a FLOAT's text has six digits, and its value more; CAST AS DOUBLE is younger than MySQL 5.7
  return `CAST(${quoted(name)}${dataType === 'float' ? ' + 0e0' : ''} AS CHAR)`;
}

function checksum(hash: string): string {
  const part = (from: number): string =>
    `COALESCE(SUM(CAST(CONV(SUBSTRING(${hash}, ${from}, 16), 16, 10) AS UNSIGNED)), 0)`;
  const sum = `CONCAT_WS(' ', COUNT(*), ${part(1)}, ${part(17)})`;
  // sums leave NULL out
  return `CASE WHEN COUNT(*) = COUNT(${hash}) THEN ${sum} END`;
}
