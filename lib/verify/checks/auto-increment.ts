import { combine, notApplicable, partOf, type Check, type Part } from '../check';
import { onlyRow, quoted } from '../database';
import { findTable, fullName } from '../inventory';

/** The next number of each AUTO_INCREMENT column: too low, and the first INSERT fails on a duplicate key. */
export const autoIncrement: Check = {
  name: 'auto-increment',
  title: 'numbering goes on after the highest number restored',
  run: async ({ restored, source, onProgress }) => {
    const parts: Part[] = [];
    for (const table of restored.inventory.tables) {
      const column = table.columns.find(({ extra }) => extra.includes('auto_increment'));
      const next = table.autoIncrement;
      if (column === undefined || next === null) continue;
      const onSource = source === undefined ? undefined : findTable(source.inventory, fullName(table));
      onProgress(`reading the highest number of ${fullName(table)}`);
      parts.push(
        await partOf(fullName(table), async () => {
          const sql = `SELECT COALESCE(MAX(${quoted(column.name)}), 0) AS highest FROM ${quoted(table.schema, table.name)}`;
          const highest = onlyRow(await restored.database.query(sql))['highest'] ?? '0';
          return judgeNumbering(BigInt(next), BigInt(highest), onSource?.autoIncrement ?? null);
        }),
      );
    }
    return parts.length > 0 ? combine(parts) : notApplicable('no table numbers its rows');
  },
};

export function judgeNumbering(next: bigint, highest: bigint, nextOnSource: string | null): Part {
  if (next <= highest) {
    return { verdict: 'fail', evidence: `the next number is ${next}, but ${highest} is taken` };
  }
  const again = nextOnSource === null ? 0n : BigInt(nextOnSource) - next;
  if (again <= 0n) return { verdict: 'pass', evidence: `goes on at ${next}`, plain: true };
  return {
    verdict: 'pass',
    evidence: `goes on at ${next}; the source is at ${nextOnSource ?? ''}, so up to ${again} numbers that it gave out since will be given again`,
  };
}
