import { countAll } from '../add-up';
import { amount, combine, notApplicable, partOf, type Check, type Part } from '../check';
import { findTable, fullName } from '../inventory';
import { writesSince, type WritesSince } from '../writes-since';

/** Counts every table on both sides. A table that nobody wrote to since the restore point must have the same number. */
export const rowCounts: Check = {
  name: 'row-counts',
  title: 'every table has as many rows as the source, or its difference is explained',
  run: async (context) => {
    const { restored, source } = context;
    if (source === undefined) return notApplicable('needs the source');
    const parts: Part[] = [];
    for (const table of source.inventory.tables) {
      const here = findTable(restored.inventory, fullName(table));
      if (here === undefined) continue; // schema-objects says so
      parts.push(
        await partOf(fullName(table), async () =>
          judgeCounts(
            await countAll(restored.database, here, context),
            await countAll(source.database, table, context),
            writesSince(table, context),
          ),
        ),
      );
    }
    return parts.length > 0 ? combine(parts) : notApplicable('the source has no tables');
  },
};

export function judgeCounts(restored: number, source: number, { kind, because }: WritesSince): Part {
  const both = `${amount(restored, 'row')} restored, ${amount(source, 'row')} on the source`;
  if (restored === source) {
    return { verdict: 'pass', evidence: `${amount(restored, 'row')} on both sides`, plain: true };
  }
  if (kind === 'unwritten') return { verdict: 'fail', evidence: `${both}, although it was ${because}` };
  if (restored === 0 && kind !== 'incident' && kind !== 'expected') {
    return {
      verdict: 'fail',
      evidence: `${both}: empty; if it was so at the restore point, say --expect-different`,
    };
  }
  return { verdict: 'pass', evidence: `${both}: ${because}` };
}
