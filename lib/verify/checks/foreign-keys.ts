import { addUp } from '../add-up';
import {
  amount,
  combine,
  notApplicable,
  partOf,
  type Check,
  type CheckContext,
  type Part,
  type Subject,
} from '../check';
import { findTable, fullName, type ForeignKey } from '../inventory';

/** Rows whose parent is missing: a restore in the middle of something, or one that left a table out. */
export const foreignKeys: Check = {
  name: 'foreign-keys',
  title: 'no row refers to one that is missing',
  run: async (context) => {
    const { restored, source } = context;
    const parts: Part[] = [];
    for (const key of restored.inventory.foreignKeys) {
      const name = `${key.schema}.${key.table}.${key.name}`;
      parts.push(
        await partOf(name, async () => {
          const orphans = await countOrphans(restored, key, context);
          const onSource =
            orphans === 0 || !source?.inventory.foreignKeys.some((other) => isSame(other, key))
              ? undefined
              : await countOrphans(source, key, context);
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

async function countOrphans(
  { database, inventory }: Subject,
  key: ForeignKey,
  context: CheckContext,
): Promise<number> {
  const name = fullName({ schema: key.schema, name: key.table });
  const table = findTable(inventory, name);
  if (table === undefined) throw new Error(`the inventory has a foreign key of '${name}' and no such table`);
  const { quoted } = database.dialect;
  const join = key.columns
    .map((column, i) => `p.${quoted(key.parentColumns[i] ?? '')} = c.${quoted(column)}`)
    .join(' AND ');
  const isSet = key.columns.map((column) => `c.${quoted(column)} IS NOT NULL`).join(' AND ');
  const where = `${isSet} AND NOT EXISTS (SELECT 1 FROM ${quoted(key.parentSchema, key.parentTable)} p WHERE ${join})`;
  const doing = `looking for orphans by ${name}.${key.name}`;
  const [count] = await addUp(database, table, { select: 'COUNT(*)', where, doing }, context);
  return Number(count);
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
