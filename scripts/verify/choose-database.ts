import type { Incident } from '../../lib/artefacts/incident';
import type { PlannedCluster } from '../../lib/artefacts/restore-plan';
import { RefusalError } from '../../lib/errors';
import { textOf } from '../../lib/verify/database';
import { incidentDatabase } from '../../lib/verify/incident-tables';
import type { OpenDatabase } from '../../lib/verify/server';

/**
 * Which database of a cluster to look at: the one that the person named, that the incident hit, or
 * the only one there is. Undefined with MySQL, whose sessions see them all.
 * @param open opens a session on a database of the restored cluster
 * @throws RefusalError where there are several
 */
export async function chooseDatabase(
  { source, restored }: PlannedCluster,
  incident: Incident | undefined,
  named: string | undefined,
  open: (database: string) => Promise<OpenDatabase>,
): Promise<string | undefined> {
  if (source.engine !== 'aurora-postgresql') return undefined;
  if (named !== undefined) return named;
  if (incident !== undefined) return incidentDatabase(incident);
  const [first = 'postgres', ...more] = await listDatabases(await open('postgres'));
  if (more.length === 0) return first;
  throw new RefusalError({
    reason: 'several-databases',
    message: `DB cluster '${restored.clusterIdentifier}' has several databases: ${[first, ...more].join(', ')}`,
    hint: "name the application's by --database",
  });
}

/** The databases of a PostgreSQL cluster that are a person's, asked in a session that is closed then. */
export async function listDatabases(database: OpenDatabase): Promise<string[]> {
  try {
    const rows = await database.query(`
      SELECT datname AS name FROM pg_database
      WHERE NOT datistemplate AND datname NOT IN ('postgres', 'rdsadmin') ORDER BY datname`);
    return rows.map((row) => textOf(row, 'name'));
  } finally {
    await database.close();
  }
}
