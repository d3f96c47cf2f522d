import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { isAuditRecord } from './audit-lines';
import { BINLOG_START, readGroups, type BinlogFile, type CommitGroup } from './binlog-groups';

/** Names of a cluster's logs, in one folder. */
export const BINLOG_NAME = 'binlog';
export const AUDIT_FILE = 'server_audit.log';

export function binlogFileName(file: number): string {
  return `${BINLOG_NAME}.${String(file).padStart(6, '0')}`;
}

/** Follows a cluster's binary log from file to file as the server writes it. */
export class BinlogTail {
  private file = 1;
  private progress = BINLOG_START;
  private descriptor: number | undefined;

  constructor(private readonly directory: string) {}

  /** 0 before the server has run for the first time. */
  get currentFile(): number {
    return this.descriptor === undefined ? this.file - 1 : this.file;
  }

  /** The groups that were completed since the last call. */
  read(): { file: number; group: CommitGroup }[] {
    const found: { file: number; group: CommitGroup }[] = [];
    for (;;) {
      // looked up before reading: what a file holds once there is a next one is all that it will ever hold
      const isLast = !existsSync(path.join(this.directory, binlogFileName(this.file + 1)));
      for (const group of this.readCurrent()) found.push({ file: this.file, group });
      if (isLast) return found;
      this.close();
      this.file += 1;
      this.progress = BINLOG_START;
    }
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private readCurrent(): CommitGroup[] {
    this.descriptor ??= openIfThere(path.join(this.directory, binlogFileName(this.file)));
    if (this.descriptor === undefined) return [];
    const { groups, progress } = readGroups(openBinlog(this.descriptor), this.progress);
    this.progress = progress;
    return groups;
  }
}

/** Follows the audit plugin's file, also when the plugin renames it and begins a new one. */
export class AuditTail {
  private descriptor: number | undefined;
  private position = 0;
  private rest = Buffer.alloc(0);

  constructor(private readonly file: string) {}

  /** The whole records that were written since the last call. */
  read(): string[] {
    const lines = this.readCurrent();
    if (this.descriptor === undefined || !this.wasRenamed(this.descriptor)) return lines;
    // what was written between that reading and the renaming
    lines.push(...this.readCurrent());
    this.close();
    this.position = 0;
    return [...lines, ...this.readCurrent()];
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private readCurrent(): string[] {
    this.descriptor ??= openIfThere(this.file);
    if (this.descriptor === undefined) return [];
    const { size } = fstatSync(this.descriptor);
    if (size <= this.position) return [];
    const text = Buffer.concat([
      this.rest,
      readExactly(this.descriptor, this.position, size - this.position),
    ]);
    this.position = size;
    // by bytes, not characters: a statement's text may be cut within a character, or be in another character set
    const end = text.lastIndexOf(0x0a) + 1;
    this.rest = text.subarray(end);
    return joinRecords(text.toString('utf8', 0, end).split('\n').slice(0, -1));
  }

  private wasRenamed(descriptor: number): boolean {
    const current = statSync(this.file, { throwIfNoEntry: false });
    return current !== undefined && current.ino !== fstatSync(descriptor).ino;
  }
}

/** The plugin escapes line breaks in statements, but not in the names of tables. */
function joinRecords(lines: readonly string[]): string[] {
  const records: string[] = [];
  for (const line of lines) {
    const previous = records.at(-1);
    if (previous === undefined || isAuditRecord(line)) records.push(line);
    else records[records.length - 1] = `${previous} ${line}`;
  }
  return records;
}

function openIfThere(file: string): number | undefined {
  return existsSync(file) ? openSync(file, 'r') : undefined;
}

function openBinlog(descriptor: number): BinlogFile {
  return {
    size: fstatSync(descriptor).size,
    read: (position, length) => readExactly(descriptor, position, length),
  };
}

function readExactly(descriptor: number, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(descriptor, buffer, filled, length - filled, position + filled);
    if (count === 0) throw new Error(`the log ended ${length - filled} bytes early`);
    filled += count;
  }
  return buffer;
}
