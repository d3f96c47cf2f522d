import { writeArtefact } from '../../lib/artefact-files';
import { interrupted, output } from '../../lib/cli';
import type { SwapBody } from '../../lib/cutover/plan-swap';
import { patientRds } from '../../lib/cutover/patient-rds';
import { RdsNames } from '../../lib/cutover/rds-names';
import { runSwap } from '../../lib/cutover/run-swap';
import { valueOf } from '../../lib/errors';
import { microsFromMillis } from '../../lib/time';

const POLL_MS = 2000;

/** Takes the steps that are left, in the direction that the journal says, and keeps it in swap.json. */
export async function carryOutSwap(swap: SwapBody, stepTimeoutMs: number): Promise<SwapBody> {
  const task = output.task('exchanging names');
  try {
    return valueOf(
      await runSwap(swap, {
        names: new RdsNames(patientRds(swap.region)),
        keep: (body) => void writeArtefact(swap.drill, 'swap', body),
        now: () => microsFromMillis(Date.now()),
        pauseMs: POLL_MS,
        timeoutMs: stepTimeoutMs,
        signal: interrupted,
        onProgress: (text) => {
          task.update(text);
        },
      }),
    );
  } finally {
    task.stop();
  }
}
