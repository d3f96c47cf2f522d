import type { StatementKind } from '../../artefacts';
import { unreachable } from '../../errors';
import { amount, combine, notApplicable, partOf, type Check, type CheckContext, type Part } from '../check';
import { compareRows, type ComparedRows } from '../compare-rows';
import { countRows } from '../database';
import { incidentTables } from '../incident-tables';
import { findTable, type Table } from '../inventory';

/** Turns the incident's own statement into a question: are the rows that it hit there again? */
export const damageAbsent: Check = {
  name: 'damage-absent',
  title: 'the rows that the incident hit are back',
  run: async (context) => {
    const { kind, tables } = context.incident.statement;
    if (tables.length === 0) {
      return notApplicable('the incident names no table: its statement does not show what it changed');
    }
    const parts: Part[] = [];
    for (const table of incidentTables(context.incident)) {
      parts.push(await partOf(table, async () => judge(kind, await measure(context, table))));
    }
    return combine(parts);
  },
};

/** Row counts of one table, and what its first rows look like on the source. */
export interface Damage {
  /** Null where the table does not exist. */
  readonly restored: number | null;
  readonly source:
    'not asked' | { readonly rows: number | null; readonly compared: ComparedRows | undefined };
}

const ROWS_TO_COMPARE = 1000;

async function measure({ restored, source, incident }: CheckContext, name: string): Promise<Damage> {
  const table = findTable(restored.inventory, name);
  const onSource = source === undefined ? undefined : findTable(source.inventory, name);
  return {
    restored: table === undefined ? null : await countRows(restored.database, table),
    source:
      source === undefined
        ? 'not asked'
        : {
            rows: onSource === undefined ? null : await countRows(source.database, onSource),
            compared:
              table === undefined || onSource === undefined
                ? undefined
                : await compareRows(restored.database, source.database, table, {
                    columns: incident.statement.kind === 'update-without-where' ? changeable(table) : [],
                    limit: ROWS_TO_COMPARE,
                  }),
          },
  };
}

function changeable(table: Table): Table['columns'] {
  return table.columns.filter((column) => !column.generated);
}

export function judge(kind: StatementKind, { restored, source }: Damage): Part {
  if (restored === null) return { verdict: 'fail', evidence: 'does not exist on the restored side' };
  const here = `${amount(restored, 'row')} restored`;
  if (kind === 'drop' && restored === 0)
    return { verdict: 'pass', evidence: 'the table is back, without rows' };
  if (restored === 0) {
    return { verdict: 'fail', evidence: 'empty on the restored side: the damage is included' };
  }
  if (source === 'not asked') return judgeAlone(kind, here);
  if (source.rows === null)
    return { verdict: 'pass', evidence: `${here}, no such table on the source any more` };
  const both = `${here}, ${amount(source.rows, 'row')} on the source`;
  switch (kind) {
    case 'delete-without-where':
    case 'truncate':
    case 'drop':
      return judgeRemoval(both, restored - source.rows, source.compared);
    case 'update-without-where':
      return judgeUpdate(both, source.compared);
    case 'other':
      return restored > source.rows
        ? { verdict: 'pass', evidence: both }
        : {
            verdict: 'not-applicable',
            evidence: `${both}: which of them the statement hit, its text does not tell`,
          };
    default:
      return unreachable(kind);
  }
}

function judgeAlone(kind: StatementKind, here: string): Part {
  return kind === 'update-without-where' || kind === 'other'
    ? {
        verdict: 'not-applicable',
        evidence: `${here}; only beside the source would it show what the statement changed`,
      }
    : { verdict: 'pass', evidence: `${here}; the source was not asked what it lost` };
}

/** Keys are unique, so more rows than the source has are rows that it lost. Otherwise the oldest keys tell. */
function judgeRemoval(both: string, more: number, compared: ComparedRows | undefined): Part {
  if (more > 0) return { verdict: 'pass', evidence: both };
  if (compared === undefined) {
    return {
      verdict: 'not-applicable',
      evidence: `${both}: without a primary key its rows cannot be told apart`,
    };
  }
  const { looked, onlyRestored } = compared;
  return onlyRestored > 0
    ? {
        verdict: 'pass',
        evidence: `${both}; the source lacks ${onlyRestored} of the first ${looked} restored`,
      }
    : {
        verdict: 'fail',
        evidence: `${both}, which has each of the first ${looked} restored: nothing is back that it lost`,
      };
}

/** The statement hit every row, so most rows differ. A few that do may have been written since. */
function judgeUpdate(both: string, compared: ComparedRows | undefined): Part {
  const common = compared === undefined ? 0 : compared.looked - compared.onlyRestored;
  if (compared === undefined || common === 0) {
    return {
      verdict: 'not-applicable',
      evidence: `${both}: no row is found on both sides by its primary key`,
    };
  }
  const found = `${both}; of ${amount(common, 'row')} on both sides ${compared.different} differ`;
  if (compared.different === 0) return { verdict: 'fail', evidence: `${found}: the damage is included` };
  return compared.different * 2 >= common
    ? { verdict: 'pass', evidence: found }
    : { verdict: 'not-applicable', evidence: `${found}: so few may be later writes alone` };
}
