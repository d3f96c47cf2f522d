import { compareRecords, type AuditRecord } from '../audit/audit-record';

/** Records of several files and streams lie so far out of order at the most, in number of records. */
const CAPACITY = 20_000;

/**
 * Hands records on in the order in which they happened while holding only some of them: half of
 * what is held goes on when it is full. Drops what a log agent delivered twice.
 */
export class OrderBuffer {
  /** Records that came after a later one had gone on. */
  late = 0;
  private held: AuditRecord[] = [];
  private last: AuditRecord | null = null;

  constructor(
    private readonly next: (record: AuditRecord) => void,
    private readonly capacity = CAPACITY,
  ) {}

  take(record: AuditRecord): void {
    this.held.push(record);
    if (this.held.length >= this.capacity) this.release(this.capacity / 2);
  }

  end(): void {
    this.release(this.held.length);
  }

  private release(count: number): void {
    this.held.sort(compareRecords);
    const released = this.held.slice(0, count);
    this.held = this.held.slice(count);
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
