import type { Incident } from '../../artefacts/incident';
import { countAll } from '../add-up';
import { amount, combine, notApplicable, partOf, type Check, type CheckContext, type Part } from '../check';
import { compareRows } from '../compare-rows';
import type { SqlDialect } from '../database';
import { droppedDatabase, incidentTables } from '../incident-tables';
import { findTable, fullName, type Inventory, type StoredObject, type Table } from '../inventory';
import { judgeDamage, type Damage } from '../judge-damage';

/** Turns the incident's own statement into a question: is what it hit there again? */
export const damageAbsent: Check = {
  name: 'damage-absent',
  title: 'what the incident hit is back',
  run: async (context) => {
    const { incident, restored, source, onProgress } = context;
    if (incident === undefined) return notApplicable('the incident hit another cluster');
    const database = droppedDatabase(incident);
    if (database !== undefined) {
      return combine([judgeDatabase(database, restored.inventory, source?.inventory)]);
    }
    const parts: Part[] = [];
    for (const name of incidentTables(incident)) {
      onProgress(`looking for the damage in ${name}`);
      const view = findView(restored.inventory, name, restored.database.dialect.name);
      parts.push(
        view === undefined
          ? await partOf(name, async () =>
              judgeDamage(incident.statement.kind, await measure(context, incident, name)),
            )
          : { verdict: 'pass', evidence: `view ${name} is there` },
      );
    }
    return parts.length > 0
      ? combine(parts)
      : notApplicable('the incident names no table: its statement does not show what it changed');
  },
};

function judgeDatabase(name: string, restored: Inventory, source: Inventory | undefined): Part {
  const tablesOf = ({ tables }: Inventory): number =>
    tables.filter(({ schema }) => schema.toLowerCase() === name.toLowerCase()).length;
  const there = source === undefined ? '' : `, ${amount(tablesOf(source), 'table')} on the source`;
  const evidence = `database ${name}: ${amount(tablesOf(restored), 'table')} restored${there}`;
  return { verdict: tablesOf(restored) > 0 ? 'pass' : 'fail', evidence };
}

/** The view that the incident hit; with PostgreSQL one whose name differs in capitals is another one. */
export function findView(
  { objects }: Pick<Inventory, 'objects'>,
  name: string,
  dialect: SqlDialect['name'],
): StoredObject | undefined {
  const kept = (each: string): string => (dialect === 'mysql' ? each.toLowerCase() : each);
  return objects.find(
    (object) => ['view', 'materialized view'].includes(object.kind) && kept(fullName(object)) === kept(name),
  );
}

const ROWS_TO_COMPARE = 1000;

async function measure(context: CheckContext, incident: Incident, name: string): Promise<Damage> {
  const { restored, source } = context;
  const here = findTable(restored.inventory, name);
  const rows = here === undefined ? null : await countAll(restored.database, here, context);
  if (source === undefined) return { restored: rows, source: 'not asked' };
  const there = findTable(source.inventory, name);
  if (there === undefined) return { restored: rows, source: 'no such table' };
  const isThere = (column: Table['columns'][number]): boolean =>
    there.columns.some((other) => other.name === column.name);
  return {
    restored: rows,
    source: {
      rows: await countAll(source.database, there, context),
      columnsGone: here?.columns.filter((column) => !isThere(column)).length ?? 0,
      compared:
        here === undefined
          ? undefined
          : await compareRows(restored.database, source.database, here, {
              columns:
                incident.statement.kind === 'update-without-where'
                  ? here.columns.filter((column) => !column.generated && isThere(column))
                  : [],
              limit: ROWS_TO_COMPARE,
            }),
    },
  };
}
