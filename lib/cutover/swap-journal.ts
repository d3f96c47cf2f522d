import { readEvenIfStale } from '../artefact-files';
import type { Swap } from '../artefacts/swap';
import { valueOf } from '../errors';

/** The journal of the swap that was begun, however it ended; undefined where none was. */
export function readSwap(drill: string): Swap | undefined {
  const swap = readEvenIfStale(drill, 'swap');
  if (!swap.ok && swap.refusal.reason === 'missing-artefact') return undefined;
  return valueOf(swap).value;
}
