import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Block } from './block-scanner';
import type { Overlap } from './log-blocks';
import { markLengthOf } from './plain-blocks';
import { lastRecordBegin, LONGEST_RECORD, type RecordBytes } from './record-bytes';

const CHUNK_BYTES = 256 * 1024;

/**
 * Unpacks a .gz file block by block, from its begin to its end. Blocks of about so many
 * bytes are cut where a record begins, always at the same places. Memory does not depend on the file's size.
 */
export async function* packedBlocks(
  path: string,
  format: RecordBytes,
  blockBytes: number,
  overlapOf: (block: number) => Overlap | null,
): AsyncGenerator<Block, undefined> {
  let number = 0;
  const blockOf = (whole: Buffer): Block => {
    const bytes = number === 0 ? whole.subarray(markLengthOf(whole)) : whole;
    let position = 0;
    const read = (into: Buffer): number => {
      const got = bytes.copy(into, 0, position);
      position += got;
      return got;
    };
    return { ownBytes: bytes.length, isFirst: true, overlap: overlapOf(number++), read };
  };
  // one buffer for the whole log: what a block was read from is needed no more once the next one is asked for
  let kept = Buffer.alloc(blockBytes * 2 + CHUNK_BYTES);
  let length = 0;
  for await (const chunk of unpacked(path)) {
    if (length + chunk.length > kept.length) kept = Buffer.concat([kept], kept.length * 2);
    length += chunk.copy(kept, length);
    if (length < blockBytes) continue;
    const cut = lastRecordBegin(kept.subarray(0, length), format);
    // a line without an end is cut rather than filling the memory
    const own = cut ?? (length > LONGEST_RECORD ? length : 0);
    if (own > 0) yield blockOf(kept.subarray(0, own));
    kept.copyWithin(0, own, length);
    length -= own;
  }
  if (length > 0) yield blockOf(kept.subarray(0, length));
  return undefined;
}

/** The bytes of a .gz file, in chunks. */
export function unpacked(path: string): AsyncIterable<Buffer> {
  const packed = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  packed.once('error', (error) => gunzip.destroy(error));
  gunzip.once('error', (error) => {
    error.message = `${path}: ${error.message}`;
  });
  return packed.pipe(gunzip) as AsyncIterable<Buffer>;
}
