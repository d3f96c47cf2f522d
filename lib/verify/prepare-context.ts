import type { CheckContext, Subject } from './check';
import {
  clockExpression,
  findCommitClocks,
  resolveClock,
  type CommitClock,
  type FoundClocks,
  type NewestStamps,
  type ReadableClock,
} from './commit-clocks';
import { onlyRow, QueryError, type Database } from './database';
import { namedAsInventory } from './incident-tables';
import { findTable, fullName, type Table } from './inventory';

export type ContextInputs = Omit<CheckContext, 'restored' | 'source' | 'clocks'> & {
  readonly restored: Database;
  readonly source: Database | undefined;
};

/** Reads what all checks share: what both sides hold, and the clocks in the data. */
export async function prepareContext(inputs: ContextInputs): Promise<CheckContext> {
  inputs.onProgress('reading the restored schema');
  const restored = await subjectOf(inputs.restored);
  inputs.onProgress("reading the source's schema");
  const source = inputs.source === undefined ? undefined : await subjectOf(inputs.source);
  const clocks = await fetchClocks({ ...inputs, restored, source });
  const incident =
    inputs.incident === undefined
      ? undefined
      : namedAsInventory(inputs.incident, restored.inventory, inputs.restored.dialect.name);
  return { ...inputs, incident, restored, source, clocks };
}

async function subjectOf(database: Database): Promise<Subject> {
  return { database, inventory: await database.dialect.fetchInventory(database) };
}

async function fetchClocks(context: Omit<CheckContext, 'clocks'>): Promise<FoundClocks> {
  const { restored, settings, onProgress } = context;
  const { commitTimes } = context.source?.inventory ?? restored.inventory;
  const found = findCommitClocks(restored.inventory, settings, restored.database.dialect, commitTimes);
  const clocks: ReadableClock[] = [];
  const unused = [...found.unused];
  for (const clock of found.clocks) {
    onProgress(`reading the newest ${clock.name}`);
    const newest = await fetchNewest(context, clock);
    if (newest === undefined) {
      unused.push(`${clock.name} could not be read within --statement-timeout`);
      continue;
    }
    const resolved = resolveClock(clock, newest, settings);
    if (resolved.ok) clocks.push(resolved.value);
    else unused.push(`${resolved.refusal.message} (${resolved.refusal.hint})`);
  }
  return { clocks, unused };
}

/** Undefined where a server refuses or gives up. */
async function fetchNewest(
  { restored, source, restoreTo }: Omit<CheckContext, 'clocks'>,
  clock: CommitClock,
): Promise<NewestStamps | undefined> {
  const newestOf = async ({ database, inventory }: Subject): Promise<string | null> => {
    const there = findTable(inventory, fullName(clock.table));
    if (there === undefined || !hasClock(there, clock)) return null;
    const { quoted, wallTime } = database.dialect;
    const newest = wallTime(`MAX(${clockExpression(clock, database.dialect)})`);
    const sql = `SELECT ${newest} AS newest FROM ${quoted(there.schema, there.name)}`;
    return onlyRow(await database.query(sql))['newest'] ?? null;
  };
  try {
    return {
      restored: await newestOf(restored),
      source: source === undefined ? null : await newestOf(source),
      restoreTo,
      now: (source ?? restored).inventory.askedAt,
    };
  } catch (error) {
    if (error instanceof QueryError) return undefined;
    throw error;
  }
}

function hasClock({ columns }: Table, { kind, column }: CommitClock): boolean {
  return kind === 'commit' || columns.some(({ name }) => name === column);
}
