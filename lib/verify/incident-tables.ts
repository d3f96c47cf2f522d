import type { Incident } from '../artefacts';

/** The tables that the incident's statement changed, as `database.table`. */
export function incidentTables({ statement: { tables, database } }: Pick<Incident, 'statement'>): string[] {
  return tables.map((table) => (table.includes('.') ? table : `${database}.${table}`));
}
