import { textOf, type KeyColumn, type Row, type SqlDialect } from './database';
import { primaryKeyOf, type Table } from './inventory';

/** The columns of the primary key, if each is of a kind whose values survive the way to here and back. */
export function walkableKey(table: Table, dialect: SqlDialect): readonly KeyColumn[] | undefined {
  const names = primaryKeyOf(table);
  const walkable = names.flatMap((name) => {
    const column = table.columns.find((each) => each.name === name);
    return (column === undefined ? undefined : dialect.keyColumn(column)) ?? [];
  });
  return names.length > 0 && walkable.length === names.length ? walkable : undefined;
}

/** Selects the key as `k0`, `k1` and so on. */
export function selectKey(key: readonly KeyColumn[]): string {
  return key.map(({ select }, i) => `${select} AS k${i}`).join(', ');
}

/** Of a row that was selected so. */
export function keyTexts(key: readonly KeyColumn[], row: Row): string[] {
  return key.map((_, i) => textOf(row, `k${i}`));
}

/** What to order by: with the table, since a bare name would be taken for one that a SELECT gives, such as `hash`. */
export function orderByKey({ quoted }: SqlDialect, table: Table, key: readonly KeyColumn[]): string {
  return key.map(({ name }) => quoted(table.schema, table.name, name)).join(', ');
}
