import type { EpochMicros } from '../time';
import type { Scanned, Selection } from './log-source';

/** Connections that a block may hold are kept as bits, one for many connections each. */
export const CONNECTION_BITS = 4096;

/** What a scan learns of one block of a log, so that later scans read only the blocks that matter. */
export interface BlockFacts {
  readonly bytes: number;
  readonly records: number;
  readonly unparsed: number;
  /** Times inside its oldest and newest record; null where it holds none. */
  readonly oldestAt: EpochMicros | null;
  readonly newestAt: EpochMicros | null;
  readonly serverHosts: readonly string[];
  readonly showsTransactionControl: boolean;
  /** A bit for each `connectionNumber`, going by its last digits. */
  readonly connections: Uint32Array;
}

/** Whether a block may hold records of a selection. */
export function mayHold({ oldestAt, newestAt, connections }: BlockFacts, selection: Selection): boolean {
  const { since, until } = selection.window;
  if (oldestAt === null || newestAt === null) return false;
  if ((since !== null && newestAt < since) || (until !== null && oldestAt > until)) return false;
  if (selection.kind !== 'connections') return true;
  return selection.connections.some(({ connectionId }) => hasConnection(connections, numberOf(connectionId)));
}

/** As `connectionNumber` does of bytes. */
export function numberOf(connectionId: string): number {
  let number = 0;
  for (const byte of Buffer.from(connectionId)) number = (Math.imul(number, 10) + byte - 0x30) | 0;
  return number;
}

/** Notes a connection, by its number. */
export function noteConnection(connections: Uint32Array, number: number): void {
  const bit = number & (CONNECTION_BITS - 1);
  connections[bit >>> 5] = (connections[bit >>> 5] ?? 0) | (1 << (bit & 31));
}

function hasConnection(connections: Uint32Array, number: number): boolean {
  const bit = number & (CONNECTION_BITS - 1);
  return ((connections[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
}

/** The times at which a block's records may have their like in another block: up to the first, from the second on. */
export interface Overlap {
  readonly upTo: number;
  readonly from: number;
}

/** The overlap of each of these blocks with all the others; they come by the times of their oldest records. */
export function overlapsOf(blocks: readonly BlockFacts[]): Overlap[] {
  let newest = -Infinity;
  return blocks.map(({ newestAt }, i) => {
    const upTo = newest;
    newest = Math.max(newest, newestAt ?? newest);
    return { upTo, from: blocks[i + 1]?.oldestAt ?? Infinity };
  });
}

/** All that was seen in the blocks of a log. */
export function scannedOf(blocks: readonly BlockFacts[]): Scanned {
  const sum = (of: (block: BlockFacts) => number): number =>
    blocks.reduce((total, each) => total + of(each), 0);
  let newestAt: EpochMicros | null = null;
  for (const { newestAt: at } of blocks)
    if (at !== null && (newestAt === null || at > newestAt)) newestAt = at;
  return {
    records: sum(({ records }) => records),
    unparsed: sum(({ unparsed }) => unparsed),
    bytes: sum(({ bytes }) => bytes),
    seen: {
      newestAt,
      serverHosts: [...new Set(blocks.flatMap(({ serverHosts }) => serverHosts))].sort(),
      showsTransactionControl: blocks.some(({ showsTransactionControl }) => showsTransactionControl),
    },
  };
}
