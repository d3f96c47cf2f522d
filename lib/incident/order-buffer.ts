import { compareRecords, orderOf, type AuditRecord } from '../audit/audit-record';

/** How many records are held at the most: what lies further out of order is late. */
const CAPACITY = 100_000;

/**
 * Hands records on in the order in which they happened while holding only some of them: those that
 * an older one may still follow, as far as the source says, or as many as it has room for. Drops what
 * a log agent delivered twice.
 */
export class OrderBuffer {
  /** Records that came after a later one had gone on. */
  late = 0;
  private held: AuditRecord[] = [];
  private isOrdered = true;
  private newest: AuditRecord | null = null;
  private last: AuditRecord | null = null;

  constructor(
    private readonly next: (record: AuditRecord) => void,
    private readonly capacity = CAPACITY,
  ) {}

  take(record: AuditRecord): void {
    if (this.newest !== null && compareRecords(this.newest, record) > 0) this.isOrdered = false;
    else this.newest = record;
    this.held.push(record);
    if (this.held.length < this.capacity) return;
    this.order();
    this.release(Math.ceil(this.capacity / 2));
  }

  /** Hands on what happened before this time: nothing before it is still to come. */
  settled(before: number): void {
    this.order();
    const { held } = this;
    // most often everything but the last few is settled
    let count = held.length;
    while (count > 0 && (held[count - 1]?.executedAt ?? 0) >= before) count--;
    this.release(count);
  }

  end(): void {
    this.order();
    this.release(this.held.length);
  }

  private order(): void {
    if (!this.isOrdered) this.held.sort(orderOf(this.held));
    this.isOrdered = true;
    this.newest = this.held.at(-1) ?? null;
  }

  private release(count: number): void {
    if (count === 0) return;
    const released = this.held;
    this.held = released.slice(count);
    released.length = count;
    for (const record of released) {
      if (this.last !== null && isSame(this.last, record)) continue;
      if (this.last !== null && record.executedAt < this.last.executedAt) this.late++;
      this.last = record;
      this.next(record);
    }
  }
}

function isSame(a: AuditRecord, b: AuditRecord): boolean {
  return (
    a.executedAt === b.executedAt &&
    a.queryId !== null &&
    a.queryId === b.queryId &&
    a.connectionId === b.connectionId &&
    a.serverHost === b.serverHost &&
    a.event === b.event &&
    a.object === b.object
  );
}
