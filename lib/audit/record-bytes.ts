import type { Dialect } from '../artefacts';

/** Finds the bounds of records in raw bytes without decoding them. */
export interface RecordBytes {
  /** Whether a record begins at this index, as far as the shape of its time tells. */
  readonly begins: (bytes: Buffer, at: number) => boolean;
  /** How many bytes `begins` looks at. */
  readonly lookAhead: number;
}

const COMMA = 0x2c;
const SPACE = 0x20;
const HYPHEN = 0x2d;
const NEWLINE = 0x0a;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

export const RECORD_BYTES: Readonly<Record<Dialect, RecordBytes>> = {
  'aurora-mysql': {
    begins: (bytes, at) => bytes[at + 16] === COMMA && isDigit(bytes[at]) && isDigit(bytes[at + 15]),
    lookAhead: 17,
  },
  'server-audit': {
    begins: (bytes, at) => bytes[at + 17] === COMMA && bytes[at + 8] === SPACE && isDigit(bytes[at]),
    lookAhead: 18,
  },
  pgaudit: {
    begins: (bytes, at) => bytes[at + 4] === HYPHEN && bytes[at + 10] === SPACE && isDigit(bytes[at]),
    lookAhead: 11,
  },
};

/** Takes one record's bytes, from `start` up to `end`, without its last line break; `lines` is more than 1 where it holds line breaks. */
export type TakeBytes = (bytes: Buffer, start: number, end: number, severalLines: boolean) => void;

/**
 * Cuts chunks of a log into records. What a chunk leaves unfinished is kept for the next one, up to
 * `longest` bytes: a line that never ends is cut there rather than filling the memory.
 */
export class RecordCutter {
  /** Holds what the last chunk left, `kept` bytes, and takes the next one behind it: one buffer for the whole log. */
  private work: Buffer = Buffer.alloc(0);
  private kept = 0;

  constructor(
    private readonly format: RecordBytes,
    private readonly take: TakeBytes,
    /** False where these bytes hold nothing that is looked for: their records are then passed over. */
    private readonly mayHold: ((bytes: Buffer) => boolean) | null = null,
    private readonly longest = 8 * 1024 * 1024,
  ) {}

  push(chunk: Buffer): void {
    const length = this.kept + chunk.length;
    if (this.work.length < length) {
      const larger = Buffer.allocUnsafe(length * 2);
      this.work.copy(larger, 0, 0, this.kept);
      this.work = larger;
    }
    chunk.copy(this.work, this.kept);
    const bytes = this.work.subarray(0, length);
    const used =
      this.mayHold?.(bytes) === false ? (lastRecordBegin(bytes, this.format) ?? 0) : this.cut(bytes, false);
    this.work.copyWithin(0, used, length);
    this.kept = length - used;
    if (this.kept > this.longest) this.end();
  }

  end(): void {
    if (this.kept > 0) this.cut(this.work.subarray(0, this.kept), true);
    this.kept = 0;
  }

  /** Takes the whole records of `bytes`; gives the index of the first byte that belongs to none. */
  private cut(bytes: Buffer, isEnd: boolean): number {
    const { begins, lookAhead } = this.format;
    let start = 0;
    let severalLines = false;
    let from = 0;
    for (;;) {
      const newline = bytes.indexOf(NEWLINE, from);
      if (newline === -1 || newline + 1 + lookAhead > bytes.length) {
        if (!isEnd) return start;
        // the last lines, of which none is long enough to begin a record
        const end = bytes[bytes.length - 1] === NEWLINE ? bytes.length - 1 : bytes.length;
        if (end > start)
          this.take(bytes, start, end, severalLines || bytes.subarray(start, end).includes(NEWLINE));
        return bytes.length;
      }
      if (begins(bytes, newline + 1)) {
        if (newline > start) this.take(bytes, start, newline, severalLines);
        start = newline + 1;
        severalLines = false;
      } else severalLines = true;
      from = newline + 1;
    }
  }
}

/** Where the last record begins whose beginning these bytes show after a line break; null where they show none. */
export function lastRecordBegin(bytes: Buffer, { begins, lookAhead }: RecordBytes): number | null {
  let newline = bytes.lastIndexOf(NEWLINE, bytes.length - 1 - lookAhead);
  while (newline > 0 && !begins(bytes, newline + 1)) newline = bytes.lastIndexOf(NEWLINE, newline - 1);
  return newline > 0 ? newline + 1 : null;
}
