import type { Incident } from '../artefacts';

/** The tables that the incident's statement changed, as `database.table`. */
export function incidentTables({ statement: { tables, database } }: Pick<Incident, 'statement'>): string[] {
  return tables.map((table) => (table.includes('.') ? table : `${database}.${table}`));
}

/** Whether the incident hit the table; a server may keep names in lower case whatever the statement says. */
export function isIncidentTable(incident: Pick<Incident, 'statement'>, name: string): boolean {
  const dropped = droppedDatabase(incident);
  if (dropped !== undefined) return name.toLowerCase().startsWith(`${dropped.toLowerCase()}.`);
  return incidentTables(incident).some((table) => table.toLowerCase() === name.toLowerCase());
}

/** The database that the incident dropped as a whole. */
export function droppedDatabase({ statement }: Pick<Incident, 'statement'>): string | undefined {
  const isDrop = statement.kind === 'drop' && /^\s*drop\s+(database|schema)\b/i.test(statement.sql);
  return isDrop ? statement.tables[0]?.split('.').at(-1) : undefined;
}
