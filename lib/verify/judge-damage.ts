import type { StatementKind } from '../artefacts/incident';
import { unreachable } from '../errors';
import { amount, type Part } from './check';
import type { ComparedRows } from './compare-rows';

/** What is left of one table that the incident hit. */
export interface Damage {
  /** Rows; null where the table does not exist. */
  readonly restored: number | null;
  readonly source:
    | 'not asked'
    | 'no such table'
    | {
        readonly rows: number;
        /** Columns of the restored side that the source does not have any more. */
        readonly columnsGone: number;
        /** The first rows by primary key on both sides; undefined where there is no such key. */
        readonly compared: ComparedRows | undefined;
      };
}

export function judgeDamage(kind: StatementKind, { restored, source }: Damage): Part {
  if (restored === null) return { verdict: 'fail', evidence: 'does not exist on the restored side' };
  const here = `${amount(restored, 'row')} restored`;
  if (kind === 'drop' && source === 'no such table') {
    return { verdict: 'pass', evidence: `${here}, no such table on the source any more` };
  }
  const emptied = kind === 'delete-without-where' || kind === 'truncate';
  if (restored === 0 && emptied) {
    return { verdict: 'fail', evidence: 'empty on the restored side: the damage is included' };
  }
  if (source === 'no such table')
    return { verdict: 'pass', evidence: `${here}, no such table on the source` };
  if (source === 'not asked') {
    return emptied || kind === 'drop'
      ? { verdict: 'pass', evidence: `${here}; the source was not asked what it lost` }
      : {
          verdict: 'not-applicable',
          evidence: `${here}; only beside the source would it show what the statement changed`,
        };
  }
  const both = `${here}, ${amount(source.rows, 'row')} on the source`;
  switch (kind) {
    case 'drop':
      return source.columnsGone > 0
        ? { verdict: 'pass', evidence: `${both}, which has ${amount(source.columnsGone, 'column')} fewer` }
        : judgeRemoval(both, restored - source.rows, source.compared);
    case 'delete-without-where':
    case 'truncate':
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
