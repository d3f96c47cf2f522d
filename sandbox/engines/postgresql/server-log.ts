import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import type { AuditLine } from '../database-cluster';

const POLL_MS = 25;
/** A record begins with the prefix's time; the lines of a message or statement that go on begin with a tab. */
const BEGINS = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC:/;

/**
 * Splits what a server writes into records. The server writes each at once, but a reader may see
 * the beginning of a long one: so the last of what was read counts as whole only when nothing
 * followed until the next reading.
 */
export class LogRecords {
  private rest = Buffer.alloc(0);
  private last: AuditLine | undefined;

  /** The records that are whole now that `bytes` were read at `readAt`, in microseconds. */
  add(bytes: Buffer, readAt: number): AuditLine[] {
    if (bytes.length === 0) return this.flush();
    const all = Buffer.concat([this.rest, bytes]);
    const end = all.lastIndexOf(0x0a) + 1;
    this.rest = all.subarray(end);
    const whole: AuditLine[] = [];
    for (const text of all.toString('utf8', 0, end).split('\n').slice(0, -1)) {
      if (BEGINS.test(text)) {
        if (this.last !== undefined) whole.push(this.last);
        this.last = { writtenAt: readAt, text };
      } else if (this.last !== undefined) {
        this.last = { ...this.last, text: `${this.last.text}\n${text}` };
      } // else words of the program itself before its log begins
    }
    return whole;
  }

  private flush(): AuditLine[] {
    if (this.last === undefined || this.rest.length > 0) return [];
    const { last } = this;
    this.last = undefined;
    return [last];
  }
}

/** Follows a server's log from now on, and calls back with each record within two readings. */
export class ServerLog {
  private readonly records = new LogRecords();
  private readonly timer: NodeJS.Timeout;
  private descriptor: number | undefined;
  private position = 0;

  constructor(
    private readonly file: string,
    private readonly onRecord: (record: AuditLine) => void,
  ) {
    this.timer = setInterval(() => {
      this.read();
    }, POLL_MS);
    this.timer.unref();
  }

  /** Reads all that is written by now, which must be whole: the server has ended. */
  drain(): void {
    this.read();
    this.read();
  }

  close(): void {
    clearInterval(this.timer);
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private read(): void {
    if (this.descriptor === undefined) {
      if (!existsSync(this.file)) return;
      this.descriptor = openSync(this.file, 'r');
    }
    const bytes = Buffer.allocUnsafe(fstatSync(this.descriptor).size - this.position);
    const count = bytes.length === 0 ? 0 : readSync(this.descriptor, bytes, 0, bytes.length, this.position);
    this.position += count;
    for (const record of this.records.add(bytes.subarray(0, count), Date.now() * 1000)) this.onRecord(record);
  }
}
