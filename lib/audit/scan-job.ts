import type { Dialect } from '../artefacts/incident';
import type { ScannedBlock } from './block-scanner';
import type { Selection } from './log-source';
import type { PlainBlock } from './plain-blocks';

export interface WorkerSettings {
  readonly dialect: Dialect;
  readonly serverTimezone: string;
}

/** Blocks that the main thread and its workers share out among each other. */
export interface Job {
  readonly selection: Selection;
  readonly blocks: readonly PlainBlock[];
  /** The number of the next block that nobody has claimed; how many blocks the main thread is through with. */
  readonly shared: Int32Array;
}

export interface JobResult {
  readonly number: number;
  readonly scanned: ScannedBlock;
}

/** What a worker says when it has begun. */
export const READY = 'ready';
export type Ready = typeof READY;

const CLAIMED = 0;
const DONE = 1;
/** So many blocks may wait to be handed on: they are what a scan keeps in memory. */
const AHEAD = 3;

export function newShared(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

/** The number of a block that is now the caller's. */
export function claim(shared: Int32Array): number {
  return Atomics.add(shared, CLAIMED, 1);
}

/** Says how many blocks have been handed on. */
export function noteDone(shared: Int32Array, done: number): void {
  Atomics.store(shared, DONE, done);
  Atomics.notify(shared, DONE);
}

/** Blocks the thread until this block is not too far ahead of those that have been handed on. */
export function waitForRoom(shared: Int32Array, number: number): void {
  for (;;) {
    const done = Atomics.load(shared, DONE);
    if (number - done < AHEAD) return;
    Atomics.wait(shared, DONE, done);
  }
}
