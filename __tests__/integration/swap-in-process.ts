import type { RDSClient } from '@aws-sdk/client-rds';
import type { Swap } from '../../lib/artefacts/swap';
import type { SwapBody } from '../../lib/cutover/plan-swap';
import { RdsNames } from '../../lib/cutover/rds-names';
import { runSwap } from '../../lib/cutover/run-swap';
import { valueOf } from '../../lib/errors';
import { microsFromMillis } from '../../lib/time';

class Killed extends Error {}

/**
 * Takes the steps of a swap by the code that `npm run swap` runs, without a process.
 * `onPoint` is told after each write of the journal and after each rename that RDS has begun.
 */
export async function takeSwapSteps(
  rds: RDSClient,
  swap: Omit<Swap, 'schemaVersion'>,
  keep: (body: SwapBody) => void,
  onPoint: (point: string) => void = () => undefined,
): Promise<SwapBody> {
  const names = new RdsNames(rds);
  return valueOf(
    await runSwap(swap, {
      names: {
        fetch: () => names.fetch(),
        rename: async (step) => {
          const begun = await names.rename(step);
          onPoint(`renaming ${step.from}`);
          return begun;
        },
      },
      keep: (body) => {
        keep(body);
        const taken = body.steps.filter(({ endedAt }) => endedAt !== null).length;
        onPoint(`${taken} taken${body.endedAt === null ? '' : ', over'}`);
      },
      now: () => microsFromMillis(Date.now()),
      pauseMs: 50,
      timeoutMs: 60_000,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    }),
  );
}

/** Kills a swap once at each point that it comes to, and has it go on; answers with those points. */
export async function killAtEveryPoint(
  rds: RDSClient,
  read: () => Omit<Swap, 'schemaVersion'>,
  keep: (body: SwapBody) => void,
): Promise<string[]> {
  const points = new Set<string>();
  for (;;) {
    try {
      await takeSwapSteps(rds, read(), keep, (point) => {
        if (points.has(point)) return;
        points.add(point);
        throw new Killed(point);
      });
      return [...points];
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
}
