import { addUp } from '../add-up';
import {
  amount,
  combine,
  notApplicable,
  partOf,
  thousands,
  type Check,
  type CheckContext,
  type Part,
  type Subject,
} from '../check';
import { clockExpression } from '../commit-clocks';
import { compareRows, NEVER, type ComparedRows } from '../compare-rows';
import type { SqlCondition, SqlDialect } from '../database';
import { findTable, fullName, type Table } from '../inventory';
import { settledBefore } from '../settled';
import { wallTimeOf } from '../wall-time';
import { writesSince, type WritesSince } from '../writes-since';

/**
 * Compares rows by their primary key and a hash of their values. A table without writes since the
 * restore point must be the same; in any other the clocks tell which rows of the source are older
 * than the restore point, and those must be there.
 */
export const rowContents: Check = {
  name: 'row-contents',
  title: 'rows that were not written since the restore point are the same as on the source',
  run: async (context) => {
    const { restored, source } = context;
    if (source === undefined) return notApplicable('needs the source');
    const parts: Part[] = [];
    for (const table of source.inventory.tables) {
      const here = findTable(restored.inventory, fullName(table));
      if (here !== undefined) {
        parts.push(await partOf(fullName(table), () => checkTable(context, source, here, table)));
      }
    }
    return parts.length > 0 ? combine(parts) : notApplicable('the source has no tables');
  },
};

async function checkTable(context: CheckContext, source: Subject, here: Table, there: Table): Promise<Part> {
  const { restored, settings, onProgress } = context;
  const writes = writesSince(there, context);
  const columns = here.columns.filter(
    (column) => !column.generated && there.columns.some((other) => other.name === column.name),
  );
  const small = Math.max(here.estimatedRows, there.estimatedRows) <= settings.compareRows;
  const compared = small
    ? await compareRows(restored.database, source.database, here, {
        columns,
        old: stampedBefore(context, source.database.dialect, there, ['insert', 'update']),
        unchanged: stampedBefore(context, source.database.dialect, there, ['update']),
        onProgress: (rows) => {
          onProgress(`comparing ${fullName(there)}: ${amount(rows, 'row')}`);
        },
      })
    : undefined;
  if (compared !== undefined) return judgeRows(compared, writes);
  if (writes.kind !== 'unwritten') {
    const why = small
      ? 'it has no primary key'
      : `it has about ${amount(there.estimatedRows, 'row')} (--compare-rows)`;
    return { verdict: 'not-applicable', evidence: `not compared row by row: ${why}` };
  }
  /** Of all rows, whatever their order. */
  const checksum = async ({ database }: Subject, table: Table): Promise<string> => {
    const { rowHash, checksum: sum } = database.dialect;
    const addition = { select: sum(rowHash(columns)), doing: `adding up ${fullName(table)}` };
    return (await addUp(database, table, addition, context)).join(' ');
  };
  const sums = [await checksum(restored, here), await checksum(source, there)];
  return sums[0] === sums[1]
    ? { verdict: 'pass', evidence: 'the same checksum on both sides' }
    : { verdict: 'fail', evidence: `another checksum than on the source, although it was ${writes.because}` };
}

/** A condition that is true for rows of the source that one of the table's clocks shows to be older than the restore point. */
function stampedBefore(
  context: CheckContext,
  dialect: SqlDialect,
  table: Table,
  stampedBy: readonly ('insert' | 'update')[],
): SqlCondition {
  const clocks = context.clocks.clocks.filter(
    (clock) =>
      fullName(clock.table) === fullName(table) &&
      stampedBy.includes(clock.stampedBy) &&
      (clock.kind === 'commit' || table.columns.some(({ name }) => name === clock.column)),
  );
  if (clocks.length === 0) return NEVER;
  return {
    sql: clocks.map((clock) => `${clockExpression(clock, dialect)} < ?`).join(' OR '),
    values: clocks.map((clock) => wallTimeOf(settledBefore(context), clock.offsetMinutes)),
  };
}

export function judgeRows(compared: ComparedRows, { kind, because }: WritesSince): Part {
  const { looked, different, onlyRestored, onlySource, differentUnchanged, onlySourceOld } = compared;
  const rows = amount(looked, 'row');
  if (different + onlyRestored + onlySource === 0)
    return { verdict: 'pass', evidence: `${rows}, all the same`, plain: true };
  const found = [
    ...(different > 0 ? [`${thousands(different)} differ`] : []),
    ...(onlyRestored > 0 ? [`${thousands(onlyRestored)} are not on the source`] : []),
    ...(onlySource > 0 ? [`${thousands(onlySource)} are on the source alone`] : []),
  ].join(', ');
  const all = `${rows} restored: ${found}`;
  if (kind === 'expected') return { verdict: 'pass', evidence: `${all}: ${because}` };
  if (kind === 'unwritten') return { verdict: 'fail', evidence: `${all}, although the table was ${because}` };
  if (onlySourceOld > 0) {
    return {
      verdict: 'fail',
      evidence: `${all}: ${amount(onlySourceOld, 'row')} of the source from before the restore point ${onlySourceOld === 1 ? 'is' : 'are'} missing`,
    };
  }
  if (differentUnchanged > 0) {
    return {
      verdict: 'fail',
      evidence: `${all}: ${amount(differentUnchanged, 'row')} that the source has not changed since the restore point ${differentUnchanged === 1 ? 'differs' : 'differ'}`,
    };
  }
  return { verdict: 'pass', evidence: `${all}: ${because}` };
}
