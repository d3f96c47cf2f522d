import { amount, combine, notApplicable, partOf, type Check, type Part } from '../check';
import { numberOf, onlyRow, type Database } from '../database';
import { type ForeignKey } from '../inventory';

/** Rows whose parent is missing: a restore in the middle of something, or one that left a table out. */
export const foreignKeys: Check = {
  name: 'foreign-keys',
  title: 'no row refers to one that is missing',
  run: async ({ restored, source, onProgress }) => {
    const parts: Part[] = [];
    for (const key of restored.inventory.foreignKeys) {
      const name = `${key.schema}.${key.table}.${key.name}`;
      onProgress(`looking for orphans by ${name}`);
      parts.push(
        await partOf(name, async () => {
          const orphans = await countOrphans(restored.database, key);
          const onSource =
            orphans === 0 || !source?.inventory.foreignKeys.some((other) => isSame(other, key))
              ? undefined
              : await countOrphans(source.database, key);
          return judgeOrphans(orphans, onSource);
        }),
      );
    }
    return parts.length > 0 ? combine(parts) : notApplicable('no table has a foreign key');
  },
};

function isSame(a: ForeignKey, b: ForeignKey): boolean {
  return a.schema === b.schema && a.table === b.table && a.name === b.name;
}

async function countOrphans(database: Database, key: ForeignKey): Promise<number> {
  const { quoted } = database.dialect;
  const join = key.columns
    .map((column, i) => `p.${quoted(key.parentColumns[i] ?? '')} = c.${quoted(column)}`)
    .join(' AND ');
  const isSet = key.columns.map((column) => `c.${quoted(column)} IS NOT NULL`).join(' AND ');
  const sql = `
    SELECT COUNT(*) AS n FROM ${quoted(key.schema, key.table)} c
    WHERE ${isSet} AND NOT EXISTS (SELECT 1 FROM ${quoted(key.parentSchema, key.parentTable)} p WHERE ${join})`;
  return numberOf(onlyRow(await database.query(sql)), 'n');
}

/** A database may have orphans for years: made while its checks were off. */
export function judgeOrphans(restored: number, source: number | undefined): Part {
  if (restored === 0) return { verdict: 'pass', evidence: 'no orphans', plain: true };
  const here = `${amount(restored, 'row')} without parent`;
  if (source === undefined) return { verdict: 'fail', evidence: here };
  return source >= restored
    ? { verdict: 'pass', evidence: `${here}, but ${source} on the source too` }
    : { verdict: 'fail', evidence: `${here}, ${source} on the source` };
}
