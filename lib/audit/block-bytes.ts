import type { LineIndex } from './line-index';

const NEWLINE = 0x0a;

/** The bytes of a block that have been read so far, from `lines.begin` on. */
export class BlockBytes {
  /** Behind the last one. */
  filled: number;
  /** Whether the log ends there. */
  isEnd = false;
  /** Whether the last line break is none of the log's. */
  private isTerminated = false;

  constructor(
    private readonly lines: LineIndex,
    private readonly read: (into: Buffer) => number,
  ) {
    this.filled = lines.begin;
  }

  /** Reads up to so many bytes more. */
  fill(length: number): void {
    const { lines, filled } = this;
    lines.reserve(filled + length - lines.begin);
    const got = this.read(lines.bytes.subarray(filled, filled + length));
    this.filled += got;
    if (got > 0) return;
    this.isEnd = true;
    if (filled === lines.begin || lines.bytes[filled - 1] === NEWLINE) return;
    // what ends without a line break ends like everything else
    lines.bytes[this.filled++] = NEWLINE;
    this.isTerminated = true;
  }

  /** Behind the last one of the log's own. */
  get end(): number {
    return this.filled - (this.isTerminated ? 1 : 0);
  }

  /** Whether so many bytes of the log are there from `at` on. */
  holds(at: number, length: number): boolean {
    return at + length <= this.end;
  }

  /** Forgets the bytes before `at`; gives how far the others have moved. */
  dropBefore(at: number): number {
    const { lines } = this;
    lines.bytes.copyWithin(lines.begin, at, this.filled);
    this.filled -= at - lines.begin;
    return at - lines.begin;
  }
}
