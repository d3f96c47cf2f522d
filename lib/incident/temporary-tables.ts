import { connectionKey, type AuditRecord } from '../audit/audit-record';
import { qualified } from './lost-writes';
import type { SqlFlavour } from './sql-tokens';
import type { StatementFacts } from './statements';

/**
 * The temporary tables of each connection, as its own records show them: what they lose, no one
 * else ever saw. Takes records in order; once one may have gone, its name may mean a table that
 * stays, and counts as such.
 */
export class TemporaryTables {
  private readonly sessions = new Map<string, Set<string>>();
  /** Sessions whose begin is logged, as that of another one with the same id would be. */
  private readonly begun = new Set<string>();
  /** Sessions in which a table that stays may come before a temporary one of its name. */
  private readonly hiding = new Set<string>();

  constructor(private readonly flavour: SqlFlavour) {}

  /** Whether all that a statement, not yet taken, destroys is temporary. */
  hold(record: AuditRecord, { tables, understood, dropsDatabase }: StatementFacts): boolean {
    const names = this.sessions.get(sessionKey(record));
    if (names === undefined || !understood || dropsDatabase || !DESTROYS.test(record.object)) return false;
    return tables.length > 0 && tables.every((table) => names.has(this.nameOf(table, record)));
  }

  take(record: AuditRecord, statements: readonly StatementFacts[]): void {
    if (record.event === 'table') return;
    const key = sessionKey(record);
    const { object } = record;
    if (record.event !== 'statement' || MAY_END[this.flavour].test(object)) this.sessions.delete(key);
    if (record.event === 'connect') this.begun.add(key);
    if (HIDES.test(object)) this.hiding.add(key);
    const [facts] = statements;
    if (statements.length !== 1 || facts === undefined || !creates(record) || this.hiding.has(key)) return;
    if (!this.begun.has(key) && !HAS_PORT.test(record.host)) return;
    const names = this.sessions.get(key) ?? new Set();
    for (const table of facts.tables) if (this.isPlain(table)) names.add(this.nameOf(table, record));
    this.sessions.set(key, names);
  }

  /** PostgreSQL folds names that are not quoted, which those of small letters alone do not show. */
  private isPlain(table: string): boolean {
    return this.flavour === 'mysql' || table === table.toLowerCase();
  }

  private nameOf(table: string, { database }: AuditRecord): string {
    return this.flavour === 'mysql' ? qualified(table, database) : table.replace(/^pg_temp[.]/, '');
  }
}

const DESTROYS = /^\s*(?:delete|update|truncate|drop)\b/i;
const CREATES = /^\s*create\s+(?:(?:global|local)\s+)?temp(?:orary)?\s+table\b/i;
/** In PostgreSQL a rollback takes it with it. */
const MAY_END: Readonly<Record<SqlFlavour, RegExp>> = {
  mysql: /\b(?:drop|rename|call|execute)\b/i,
  postgresql: /\b(?:drop|rename|discard|rollback|abort)\b|^\s*(?:do|call)\b/i,
};
const HIDES = /\bsearch_path\b[^]*\bpg_temp\b/i;

/** As `10.0.0.5(55090)` has it, which tells one session from another where the log shows no begin. */
const HAS_PORT = /[(]\d+[)]$/;

function sessionKey(record: AuditRecord): string {
  return JSON.stringify([connectionKey(record), record.user, record.host]);
}

/** PostgreSQL's ON COMMIT DROP ends with its transaction. */
function creates({ object, errorCode }: AuditRecord): boolean {
  return (errorCode ?? 0) === 0 && CREATES.test(object) && !/\bon\s+commit\s+drop\b/i.test(object);
}
