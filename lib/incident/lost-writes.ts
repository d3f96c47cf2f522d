import type { Incident } from '../artefacts/incident';
import type { AuditRecord } from '../audit/audit-record';
import { formatInstant, type EpochMicros } from '../time';
import { endOf, type Effect } from './effect';
import type { Fate, Write } from './fate';
import type { SqlFlavour } from './sql-tokens';
import type { StatementFacts } from './statements';

export type LostWrites = Incident['lostWrites'];
type Part = LostWrites['beforeEffect'];

interface GroupTally {
  readonly table: string;
  readonly user: string;
  readonly kind: string;
  statements: number;
  firstAt: EpochMicros;
  lastAt: EpochMicros;
}

interface Recent {
  readonly user: string;
  readonly database: string;
  readonly groups: readonly GroupTally[];
}

interface Tally {
  transactions: number;
  statements: number;
  firstAt: EpochMicros | null;
  lastAt: EpochMicros | null;
  readonly groups: Map<string, GroupTally>;
  /** By the facts of a write, which many of them share: the groups that it last counted for. */
  readonly recent: WeakMap<Write['facts'], Recent>;
}

/** Counts the committed writes of others that a restore to `restoreTo` gives up. */
export class LostWritesCounter {
  private readonly before = emptyTally();
  private readonly after = emptyTally();

  constructor(
    private readonly restoreTo: EpochMicros,
    private readonly effect: Effect,
    /** Tells the incident's own statements. */
    private readonly isDamage: (record: AuditRecord) => boolean,
    private readonly flavour: SqlFlavour,
  ) {}

  /** Takes the writes of one transaction; says which of them are lost. */
  take(writes: readonly Write[], fate: Fate): readonly Write[] {
    if (fate.kind !== 'committed' && fate.kind !== 'not-logged') return [];
    // most are one write, or all lost: nothing is allocated for these
    let count = 0;
    for (const write of writes) if (this.isLostOfOthers(write, fate)) count++;
    if (count === 0) return [];
    const others =
      count === writes.length ? writes : writes.filter((write) => this.isLostOfOthers(write, fate));
    const [first] = others;
    if (first === undefined) return [];
    const committedAt = commitRecord(first.record, fate).executedAt;
    const tally = committedAt <= this.effect.latestAt ? this.before : this.after;
    tally.transactions++;
    for (const write of others) add(tally, write, committedAt, this.flavour);
    return others;
  }

  result(): LostWrites {
    return { beforeEffect: partOf(this.before), afterEffect: partOf(this.after) };
  }

  private isLostOfOthers({ record, facts }: Write, fate: Fate): boolean {
    return facts.writes && endOf(commitRecord(record, fate)) > this.restoreTo && !this.isDamage(record);
  }
}

function commitRecord(record: AuditRecord, fate: Fate): AuditRecord {
  return fate.kind === 'committed' ? fate.at : record;
}

function emptyTally(): Tally {
  return {
    transactions: 0,
    statements: 0,
    firstAt: null,
    lastAt: null,
    groups: new Map(),
    recent: new WeakMap(),
  };
}

function add(tally: Tally, { record, facts }: Write, at: EpochMicros, flavour: SqlFlavour): void {
  tally.statements++;
  tally.firstAt = tally.firstAt === null || at < tally.firstAt ? at : tally.firstAt;
  tally.lastAt = tally.lastAt === null || at > tally.lastAt ? at : tally.lastAt;
  for (const group of groupsOf(tally, record, facts, at, flavour)) {
    group.statements++;
    if (at < group.firstAt) group.firstAt = at;
    if (at > group.lastAt) group.lastAt = at;
  }
}

/** The groups that a write counts for: found once for all that share their facts, user and database, as most do. */
function groupsOf(
  tally: Tally,
  { user, database }: AuditRecord,
  facts: Write['facts'],
  at: EpochMicros,
  flavour: SqlFlavour,
): readonly GroupTally[] {
  const recent = tally.recent.get(facts);
  if (recent?.user === user && recent.database === database) return recent.groups;
  const tables = facts.tables.length === 0 ? UNKNOWN : facts.tables;
  const groups = tablesOf({ ...facts, tables }, database, flavour).map((table) => {
    const key = `${facts.verb} ${user} ${table}`;
    const known = tally.groups.get(key);
    if (known !== undefined) return known;
    const group = { table, user, kind: facts.verb, statements: 0, firstAt: at, lastAt: at };
    tally.groups.set(key, group);
    return group;
  });
  tally.recent.set(facts, { user, database, groups });
  return groups;
}

const UNKNOWN = ['?'];

/** Names of what a statement changes; of a MySQL database that is dropped, its own. */
export function tablesOf(
  { tables, dropsDatabase }: Pick<StatementFacts, 'tables' | 'dropsDatabase'>,
  database: string,
  flavour: SqlFlavour,
): readonly string[] {
  return dropsDatabase && flavour === 'mysql' ? tables : tables.map((table) => qualified(table, database));
}

/** `database.table` where the database is known. */
export function qualified(table: string, database: string): string {
  return table.includes('.') || database === '' ? table : `${database}.${table}`;
}

function partOf({ transactions, statements, firstAt, lastAt, groups }: Tally): Part {
  return {
    transactions,
    statements,
    firstAt: firstAt === null ? null : formatInstant(firstAt),
    lastAt: lastAt === null ? null : formatInstant(lastAt),
    groups: [...groups.values()]
      .map((each) => ({
        ...each,
        firstAt: formatInstant(each.firstAt),
        lastAt: formatInstant(each.lastAt),
      }))
      .sort((a, b) => b.statements - a.statements || (a.table < b.table ? -1 : 1)),
  };
}
