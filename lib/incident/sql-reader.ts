import type { StatementKind } from '../artefacts/incident';
import { truthOfCondition, type Condition } from './condition';

/** What a real parser of SQL says about a statement. */
export interface Reading {
  readonly kind: StatementKind;
  readonly writes: boolean;
  /** Whether its WHERE may hold for every row, or its text is only put together as it runs. */
  readonly unclear: boolean;
  /** Tables that it changes, `schema.table` where it says so. */
  readonly tables: readonly string[];
}

/** Reads one statement; null where the parser does not know it. */
export type SqlReader = (sql: string) => Reading | null;

export const HARMLESS: Reading = { kind: 'other', writes: false, unclear: false, tables: [] };

/** A DELETE or UPDATE by what its WHERE says; `where` is null where it has none. */
export function readingOf(
  kind: 'delete-without-where' | 'update-without-where',
  where: Condition | null,
  tables: readonly string[],
): Reading {
  const truth = where === null ? 'true' : truthOfCondition(where);
  const hitsAll = truth === 'true' || truth === 'perhaps';
  return { kind: hitsAll ? kind : 'other', writes: true, unclear: truth === 'perhaps', tables };
}

/** Of several statements within one the most dangerous, with the tables of all that are as dangerous. */
export function worstOf(readings: readonly Reading[]): Reading {
  const most = Math.max(0, ...readings.map(dangerOf));
  const worst = readings.filter((reading) => dangerOf(reading) === most);
  const [first] = worst;
  return first === undefined
    ? HARMLESS
    : { ...first, tables: [...new Set(worst.flatMap(({ tables }) => tables))] };
}

export function dangerOf({ kind, unclear, writes }: Pick<Reading, 'kind' | 'unclear' | 'writes'>): number {
  if (kind === 'other') return writes ? 1 : 0;
  return unclear ? 2 : 3;
}
