import { compareRecords, type AuditRecord } from '../audit/audit-record';

/** How many records are held at the most: what lies further out of order is late. */
const CAPACITY = 20_000;
/** Between two looks at what can go on. */
const BATCH = 512;

/**
 * Hands records on in the order in which they happened while holding only some of them: those that
 * an older one may still follow, where the disorder is known, or as many as it has room for. Drops
 * what a log agent delivered twice.
 */
export class OrderBuffer {
  /** Records that came after a later one had gone on. */
  late = 0;
  private held: AuditRecord[] = [];
  private last: AuditRecord | null = null;
  private newest = 0;
  private lookAt: number;

  constructor(
    private readonly next: (record: AuditRecord) => void,
    /** How much older than one before it a record is at the most, in microseconds; null where that is not known. */
    private readonly disorderMicros: number | null,
    private readonly capacity = CAPACITY,
  ) {
    this.lookAt = Math.min(BATCH, capacity);
  }

  take(record: AuditRecord): void {
    this.held.push(record);
    if (record.executedAt > this.newest) this.newest = record.executedAt;
    if (this.held.length < this.lookAt) return;
    this.held.sort(compareRecords);
    const { disorderMicros, newest, capacity } = this;
    const safe =
      disorderMicros === null ? 0 : this.held.findIndex((each) => each.executedAt >= newest - disorderMicros);
    const isFull = this.held.length - safe >= capacity;
    this.release(isFull ? capacity / 2 : safe);
    this.lookAt = disorderMicros === null ? capacity : Math.min(this.held.length + BATCH, capacity);
  }

  end(): void {
    this.held.sort(compareRecords);
    this.release(this.held.length);
  }

  private release(count: number): void {
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
