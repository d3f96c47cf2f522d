import { closeSync, openSync, readSync } from 'node:fs';
import type { Block } from './block-scanner';
import type { Overlap } from './log-blocks';

/** What some programs of Windows write before a text in UTF-8. */
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** How many bytes at the begin of a log are none of it. */
export function markLengthOf(begin: Buffer): number {
  return begin.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
}

/** Where one block of a plain file lies. */
export interface PlainBlock {
  readonly path: string;
  readonly start: number;
  readonly ownBytes: number;
  readonly overlap: Overlap | null;
}

/** The blocks of a file of so many bytes. */
export function plainBlocks(path: string, size: number, blockBytes: number): PlainBlock[] {
  return Array.from({ length: Math.ceil(size / blockBytes) }, (_, i) => ({
    path,
    start: i * blockBytes,
    ownBytes: Math.min(blockBytes, size - i * blockBytes),
    overlap: null,
  }));
}

/** Reads blocks of files; keeps the file of the last one open. */
export class PlainReader {
  private path: string | null = null;
  private file = -1;

  open({ path, start, ownBytes, overlap }: PlainBlock): Block {
    if (path !== this.path) {
      this.close();
      this.file = openSync(path, 'r');
      this.path = path;
    }
    const isFirst = start === 0;
    const mark = isFirst ? this.markLength() : 0;
    let position = isFirst ? mark : start - 1;
    const read = (into: Buffer): number => {
      const got = readSync(this.file, into, 0, into.length, position);
      position += got;
      return got;
    };
    return { ownBytes: ownBytes - mark, isFirst, overlap, read };
  }

  private markLength(): number {
    const begin = Buffer.alloc(BYTE_ORDER_MARK.length);
    readSync(this.file, begin, 0, begin.length, 0);
    return markLengthOf(begin);
  }

  close(): void {
    if (this.path !== null) closeSync(this.file);
    this.path = null;
  }
}
