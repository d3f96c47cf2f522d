import { combine, notApplicable, partOf, type Check, type Part } from '../check';
import { onlyRow } from '../database';
import { findTable, fullName } from '../inventory';

/** The next number of each column that the server numbers, by AUTO_INCREMENT or a sequence: too low, and the first INSERT fails on a duplicate key. */
export const autoIncrement: Check = {
  name: 'auto-increment',
  title: 'numbering goes on after the highest number restored',
  run: async ({ restored, source, onProgress }) => {
    const parts: Part[] = [];
    const { quoted } = restored.database.dialect;
    for (const table of restored.inventory.tables) {
      const onSource = source === undefined ? undefined : findTable(source.inventory, fullName(table));
      for (const { column, next } of table.numbering) {
        const name = table.numbering.length === 1 ? fullName(table) : `${fullName(table)}.${column}`;
        onProgress(`reading the highest number of ${name}`);
        parts.push(
          await partOf(name, async () => {
            const sql = `SELECT COALESCE(MAX(${quoted(column)}), 0) AS highest FROM ${quoted(table.schema, table.name)}`;
            const highest = onlyRow(await restored.database.query(sql))['highest'] ?? '0';
            const there = onSource?.numbering.find((other) => other.column === column);
            return judgeNumbering(BigInt(next), BigInt(highest), there?.next ?? null);
          }),
        );
      }
    }
    for (const sequence of restored.inventory.sequences) {
      const name = fullName(sequence);
      const there = source?.inventory.sequences.find((other) => fullName(other) === name);
      const { verdict, evidence } = judgeSequence(sequence.next, there?.next ?? null);
      parts.push({ verdict, evidence: `sequence ${name}: ${evidence}`, plain: verdict === 'pass' });
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

/** No column holds its numbers alone, so that none says which are taken. */
export function judgeSequence(next: string, onSource: string | null): Part {
  const here = `goes on at ${next}`;
  if (onSource === next) return { verdict: 'pass', evidence: `${here}, as on the source` };
  const there = onSource === null ? '' : `, on the source at ${onSource}`;
  return { verdict: 'not-applicable', evidence: `${here}${there}: no column tells which numbers are taken` };
}
