import type { RestorePlan } from '../../lib/artefacts/restore-plan';
import { output } from '../../lib/cli';
import { restoredNow } from '../../lib/cutover/clusters-now';
import { patientRds } from '../../lib/cutover/patient-rds';
import { describeSwapStep, stepsToTake, type SwapBody } from '../../lib/cutover/plan-swap';
import { RdsNames } from '../../lib/cutover/rds-names';
import { turned } from '../../lib/cutover/run-swap';
import { readSwap } from '../../lib/cutover/swap-journal';
import { adoptRestored, recordAdopted } from '../swap/adopt-restored';
import { carryOutSwap } from '../swap/carry-out';
import { forgetRestored } from '../swap/forget-state';
import type { UndoStep } from './undo-step';

const STEP_TIMEOUT_MS = 30 * 60_000;

/** Gives every cluster and instance its name from before the swap; undefined where none was begun, or it is taken back. */
export function swapBackStep(drill: string, plan: RestorePlan): UndoStep | undefined {
  const swap = readSwap(drill);
  if (swap === undefined || (swap.direction === 'back' && swap.adoptedAt !== null)) return undefined;
  const { schemaVersion: _, ...standing } = swap;
  const back: SwapBody = swap.direction === 'back' ? standing : turned(swap, 'back');
  return {
    text: ['Take the names back:', ...stepsToTake(back).map((step) => `  ${describeSwapStep(step)}`)].join(
      '\n',
    ),
    execute: async () => {
      // a swap that stopped on its way has left nothing in the state
      const begun = swap.direction === 'forward' ? swap.endedAt === null : swap.startedAt !== null;
      if (!begun) await forgetRestored(drill, back);
      await carryOutSwap(back, STEP_TIMEOUT_MS);
      const left = restoredNow(plan, swap, await new RdsNames(patientRds(swap.region)).fetch());
      if (left.some((cluster) => cluster !== undefined)) return adoptRestored(drill);
      output.say('the restored cluster is gone: Terraform has nothing to take in');
      recordAdopted(drill);
    },
  };
}
