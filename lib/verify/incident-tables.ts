import type { Incident } from '../artefacts/incident';
import type { SqlDialect } from './database';
import { fullName, type Inventory } from './inventory';

/** The tables that the incident's statement changed, as `database.table`. */
export function incidentTables({ statement: { tables, database } }: Pick<Incident, 'statement'>): string[] {
  return tables.map((table) => (table.includes('.') ? table : `${database}.${table}`));
}

/**
 * Whether the incident hit the table. With PostgreSQL its tables are named as the inventory names them
 * (`namedAsInventory`), and "Accounts" is another table than accounts. A MySQL server may keep names
 * in lower case whatever the statement says (lower_case_table_names, 1 and 2): there capitals do not
 * count, and two tables that differ in nothing else are both taken for hit.
 */
export function isIncidentTable(
  incident: Pick<Incident, 'statement'> | undefined,
  name: string,
  dialect: SqlDialect['name'],
): boolean {
  if (incident === undefined) return false;
  const kept = (each: string): string => (dialect === 'mysql' ? each.toLowerCase() : each);
  const dropped = droppedDatabase(incident);
  if (dropped !== undefined) return name.toLowerCase().startsWith(`${dropped.toLowerCase()}.`);
  return incidentTables(incident).some((table) => kept(table) === kept(name));
}

/** The database that the incident dropped as a whole. */
export function droppedDatabase({ statement }: Pick<Incident, 'statement'>): string | undefined {
  const isDrop = statement.kind === 'drop' && /^\s*drop\s+(database|schema)\b/i.test(statement.sql);
  return isDrop ? statement.tables[0]?.split('.').at(-1) : undefined;
}

/**
 * The incident with its tables named as the inventory names them. A log of PostgreSQL has neither
 * the schema of a table that was named without one nor the search path: the record's database
 * stands in for it. Looks in `public` first, as the default search path does, then anywhere.
 */
export function namedAsInventory(
  incident: Incident,
  inventory: Inventory,
  dialect: SqlDialect['name'],
): Incident {
  if (dialect === 'mysql') return incident;
  const { statement, lostWrites } = incident;
  const rename = (name: string): string => schemaName(name, statement.database, inventory);
  const renamed = <P extends Incident['lostWrites']['beforeEffect']>(part: P): P => ({
    ...part,
    groups: part.groups.map((group) => ({ ...group, table: rename(group.table) })),
  });
  return {
    ...incident,
    statement: isDropDatabase(incident)
      ? // the session is in the dropped database: every table in it is what it hit
        { ...statement, sql: '', tables: inventory.tables.map(fullName) }
      : {
          ...statement,
          tables: droppedDatabase(incident) === undefined ? statement.tables.map(rename) : statement.tables,
        },
    lostWrites: {
      ...lostWrites,
      beforeEffect: renamed(lostWrites.beforeEffect),
      afterEffect: renamed(lostWrites.afterEffect),
    },
  };
}

/** The database of a PostgreSQL cluster that holds what the incident hit. */
export function incidentDatabase(incident: Pick<Incident, 'statement'>): string {
  const dropped = isDropDatabase(incident) ? droppedDatabase(incident) : undefined;
  return dropped ?? incident.statement.database;
}

function isDropDatabase({ statement }: Pick<Incident, 'statement'>): boolean {
  return statement.kind === 'drop' && /^\s*drop\s+database\b/i.test(statement.sql);
}

/** `trading.accounts`, `accounts` or `trading.public.accounts` → `public.accounts`; a schema of its own is kept, and capitals where a table has them. */
function schemaName(name: string, database: string, { tables, objects }: Inventory): string {
  const known = [...tables, ...objects].map(fullName);
  const written = name.split('.').slice(-2).join('.');
  if (known.includes(written)) return written;
  const parts = name.toLowerCase().split('.');
  const [last = '', schema] = parts.reverse();
  const exact = schema === undefined ? undefined : `${schema}.${last}`;
  if (exact !== undefined && (parts.length > 2 || schema !== database.toLowerCase() || known.includes(exact)))
    return exact;
  const ending = (end: string): string | undefined => {
    const found = known.filter((each) => each.endsWith(`.${end}`));
    return found.find((each) => each.startsWith('public.')) ?? found[0];
  };
  const anyCase = known.find((each) => each.toLowerCase().endsWith(`.${last}`));
  return ending(name.split('.').at(-1) ?? '') ?? ending(last) ?? anyCase ?? `public.${last}`;
}
