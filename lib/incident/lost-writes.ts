import type { Incident } from '../artefacts';
import type { AuditRecord } from '../audit/audit-record';
import { formatInstant, type EpochMicros } from '../time';
import { endOf, type Effect } from './effect';
import type { Fate, Write } from './transactions';

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

interface Tally {
  transactions: number;
  statements: number;
  firstAt: EpochMicros | null;
  lastAt: EpochMicros | null;
  readonly groups: Map<string, GroupTally>;
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
  ) {}

  /** Takes the writes of one transaction; says which of them are lost. */
  take(writes: readonly Write[], fate: Fate): readonly Write[] {
    if (fate.kind !== 'committed' && fate.kind !== 'not-logged') return [];
    const lost = writes.filter(
      ({ record, facts }) => facts.writes && this.isLost(commitRecord(record, fate)),
    );
    const others = lost.filter(({ record }) => !this.isDamage(record));
    const [first] = others;
    if (first === undefined) return [];
    const committedAt = commitRecord(first.record, fate).executedAt;
    const tally = committedAt <= this.effect.latestAt ? this.before : this.after;
    tally.transactions++;
    for (const write of others) count(tally, write, committedAt);
    return others;
  }

  result(): LostWrites {
    return { beforeEffect: partOf(this.before), afterEffect: partOf(this.after) };
  }

  private isLost(commit: AuditRecord): boolean {
    return endOf(commit) > this.restoreTo;
  }
}

function commitRecord(record: AuditRecord, fate: Fate): AuditRecord {
  return fate.kind === 'committed' ? fate.at : record;
}

function emptyTally(): Tally {
  return { transactions: 0, statements: 0, firstAt: null, lastAt: null, groups: new Map() };
}

function count(tally: Tally, { record, facts }: Write, at: EpochMicros): void {
  tally.statements++;
  tally.firstAt = tally.firstAt === null || at < tally.firstAt ? at : tally.firstAt;
  tally.lastAt = tally.lastAt === null || at > tally.lastAt ? at : tally.lastAt;
  for (const table of facts.tables.length === 0 ? UNKNOWN : facts.tables) {
    const name = qualified(table, record.database);
    const key = `${facts.verb} ${record.user} ${name}`;
    const known = tally.groups.get(key);
    if (known === undefined) {
      const group = { table: name, user: record.user, kind: facts.verb, statements: 1 };
      tally.groups.set(key, { ...group, firstAt: at, lastAt: at });
    } else {
      known.statements++;
      if (at < known.firstAt) known.firstAt = at;
      if (at > known.lastAt) known.lastAt = at;
    }
  }
}

const UNKNOWN = ['?'];

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
