import { setImmediate } from 'node:timers/promises';

/** For how long work may keep the server from answering others. */
const SLICE_MS = 15;

/** Runs work to its end, leaving it at its `yield`s to let the server answer others. */
export async function inSlices<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const until = performance.now() + SLICE_MS;
    do {
      const { done, value } = work.next();
      if (done === true) return value;
    } while (performance.now() < until);
    await setImmediate();
  }
}
